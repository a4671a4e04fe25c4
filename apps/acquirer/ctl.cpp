#include "ctl.hpp"

#include "exit_code.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <istream>
#include <ostream>

namespace ducat::acquirer {

int control(std::uint16_t port, const std::vector<std::string>& words, std::ostream& out,
            std::ostream& err) {
  using boost::asio::ip::tcp;
  tcp::iostream link{tcp::endpoint{boost::asio::ip::address_v4::loopback(), port}};
  for (const std::string& each : words)
    link << each << ' ';
  link << std::endl;
  std::string line;
  bool is_refused = false;
  while (std::getline(link, line) && !line.empty()) {
    is_refused = is_refused || line.starts_with("error: ");
    (line.starts_with("error: ") ? err : out) << line << '\n';
  }
  if (!link) {
    err << "ducat-acquirer: there is no acquirer with the control port " << port << '\n';
    return static_cast<int>(cli::exit_code::unreachable);
  }
  return static_cast<int>(is_refused ? cli::exit_code::failed : cli::exit_code::done);
}

} // namespace ducat::acquirer
