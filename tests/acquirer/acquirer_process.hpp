/// An acquirer in a process of its own, and a client that speaks to it.
#pragma once

#include "requests.hpp"
#include "support/child_program.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ducat::acquirer::testing {

using boost::asio::ip::tcp;
using nlohmann::json;

/// A blocking client. Throws if the network fails.
class iso_client {
public:
  explicit iso_client(std::uint16_t port) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  void send(const message& request) {
    send_bytes(iso8583::encode_frame(ascii87(), request).value());
  }

  void send_bytes(const std::string& bytes) {
    boost::asio::write(socket_, boost::asio::buffer(bytes));
  }

  /// Waits for the next frame; nothing if the peer closes.
  std::optional<std::string> read_payload() {
    for (;;) {
      if (auto next = cutter_.next().value())
        return next;
      std::array<char, 4'096> bytes{};
      boost::system::error_code failure;
      const std::size_t size = socket_.read_some(boost::asio::buffer(bytes), failure);
      if (failure)
        return std::nullopt;
      cutter_.feed({bytes.data(), size});
    }
  }

  /// Waits for the next frame and decodes it. Throws if the peer closes or it is no message.
  message read() { return iso8583::decode(ascii87(), read_payload().value()).value(); }

  message ask(const message& request) {
    send(request);
    return read();
  }

private:
  boost::asio::io_context io_;
  tcp::socket socket_{io_};
  iso8583::framer cutter_{ascii87()};
};

class acquirer_process {
public:
  /// `before` stands in front of the program, such as a shell's words.
  acquirer_process(const std::filesystem::path& journal, std::vector<std::string> more = {},
                   std::vector<std::string> before = {})
      : program_{{.words = words(journal, std::move(more), std::move(before))}} {
    const std::string ready = program_.read_line().value_or("");
    const auto number_after = [&](const std::string& name) {
      const std::size_t at = ready.find(name);
      if (at == std::string::npos)
        throw std::runtime_error("the acquirer is not ready: " + ready);
      return static_cast<std::uint16_t>(std::stoi(ready.substr(at + name.size())));
    };
    port_ = number_after(" port=");
    control_port_ = number_after(" control=");
  }

  std::uint16_t port() const { return port_; }

  /// Returns the lines that `ducat-acquirer ctl` prints.
  std::vector<json> control(std::vector<std::string> command) const {
    std::vector<std::string> all{DUCAT_ACQUIRER, "ctl", "--port", std::to_string(control_port_)};
    all.insert(all.end(), command.begin(), command.end());
    const ducat::testing::child_program client{{.words = all}};
    std::vector<json> lines;
    while (const auto line = client.read_line())
      lines.push_back(json::parse(*line));
    return lines;
  }

  void arm(const std::string& fault) const { control({"fault", "add", fault}); }

  /// Returns the journal's effects as "captured 000001", in order.
  std::vector<std::string> effects() const {
    std::vector<std::string> found;
    for (const json& each : control({"journal"}))
      found.push_back(each.at("effect").get<std::string>() + " " +
                      each.at("stan").get<std::string>());
    return found;
  }

  ducat::testing::child_program& program() { return program_; }

private:
  static std::vector<std::string> words(const std::filesystem::path& journal,
                                        std::vector<std::string> more,
                                        std::vector<std::string> all) {
    for (const std::string& each :
         {std::string{DUCAT_ACQUIRER}, std::string{"--journal"}, journal.string()})
      all.push_back(each);
    const bool is_secured = std::ranges::find(more, "--certificate") != more.end();
    if (!is_secured)
      all.emplace_back("--plain");
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  ducat::testing::child_program program_;
  std::uint16_t port_ = 0;
  std::uint16_t control_port_ = 0;
};

} // namespace ducat::acquirer::testing
