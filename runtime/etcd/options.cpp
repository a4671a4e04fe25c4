#include <ducat/etcd_options.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace ducat {

namespace {

bool is_port(const std::string& text) {
  int port = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
  return code == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65'536;
}

bool is_address(const std::string& endpoint) {
  const std::size_t colon = endpoint.rfind(':');
  in_addr parsed{};
  return colon != std::string::npos && is_port(endpoint.substr(colon + 1)) &&
         ::inet_pton(AF_INET, endpoint.substr(0, colon).c_str(), &parsed) == 1;
}

} // namespace

result<void> check(const etcd_options& options) {
  if (options.endpoints.empty())
    return fail(errc::invalid_argument, "etcd has no endpoint");
  const auto files = {&options.ca, &options.certificate, &options.key};
  const auto given = std::ranges::count_if(files, [](auto* file) { return !file->empty(); });
  if (given != 0 && given != 3)
    return fail(errc::invalid_argument, "TLS to etcd takes a CA, a certificate and a key");
  for (const std::string& each : options.endpoints) {
    if (!is_address(each))
      return fail(errc::invalid_argument, "an endpoint of etcd is ADDRESS:PORT, not " + each);
    if (given == 0 && !each.starts_with("127."))
      return fail(errc::invalid_argument,
                  "without TLS an endpoint of etcd is on the loopback, not " + each);
  }
  return {};
}

} // namespace ducat
