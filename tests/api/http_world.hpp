/// An HTTP edge over a service in memory, and a client.
#pragma once

#include "api/fake_service.hpp"
#include "api/http_server.hpp"
#include "api/raw_connection.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace ducat::api {

class HttpServer : public ::testing::Test {
protected:
  HttpServer() { start({}); }

  /// Replaces the server by one with these options, on a free port.
  void start(http_server_options options) {
    options.address = "127.0.0.1:0";
    server = http_server::start(to, std::move(options)).value();
  }

  httplib::Client client() const { return httplib::Client("127.0.0.1", server->port()); }

  /// Sends `bytes` on a connection of its own and returns all of the answer.
  std::string exchange(std::string_view bytes) const {
    testing::raw_connection peer(server->port());
    peer.send(bytes);
    peer.end();
    return peer.receive_all();
  }

  fake_service to;
  std::unique_ptr<http_server> server;
};

/// Returns the JSON in `response`; null if there was none.
inline nlohmann::json body_of(const httplib::Result& response) {
  return response ? nlohmann::json::parse(response->body, nullptr, false) : nlohmann::json{};
}

inline int status_in(const httplib::Result& response) {
  return response ? response->status : -1;
}

inline httplib::Headers key(const std::string& value) {
  return {{"Idempotency-Key", value}};
}

/// Returns the code of the error in the raw answer `answer`.
inline std::string code_in(const std::string& answer) {
  const auto body = answer.find("\r\n\r\n");
  if (body == std::string::npos)
    return "";
  const auto json = nlohmann::json::parse(answer.substr(body + 4), nullptr, false);
  return json.is_object() && json.contains("error") ? json["error"]["code"].get<std::string>() : "";
}

/// Returns the status of the first raw answer in `answers`, or 0.
inline int status_in(const std::string& answers) {
  return answers.size() > 12 && answers.compare(0, 7, "HTTP/1.") == 0 ? std::stoi(answers.substr(9))
                                                                      : 0;
}

} // namespace ducat::api
