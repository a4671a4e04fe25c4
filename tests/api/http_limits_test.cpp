/// Each limit of the HTTP port with one less than it, with as much, and with one more.
#include "api/http_world.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;
using testing::raw_connection;

class HttpLimits : public HttpServer {
protected:
  int status_of(const std::string& request) const { return status_in(exchange(request)); }

  /// Returns whether a request is answered; then the connection stays.
  static bool is_served(raw_connection& peer) {
    peer.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    return status_in(peer.receive()) == 200;
  }

  /// As many as it takes are served, one more is turned away, and there is room again when one
  /// goes.
  void expect_room_for(std::size_t most) const {
    std::vector<std::unique_ptr<raw_connection>> served;
    for (std::size_t i = 1; i <= most; ++i) {
      served.push_back(std::make_unique<raw_connection>(server->port()));
      EXPECT_TRUE(is_served(*served.back())) << i;
    }
    raw_connection one_more{server->port()};
    const std::string answer = one_more.receive_all();
    EXPECT_EQ(status_in(answer), 503);
    EXPECT_EQ(code_in(answer), "too_many_connections");
    for (const auto& each : served)
      EXPECT_TRUE(is_served(*each));
    served.pop_back();
    wait_for_room();
  }

  /// The server finds out in its own time that a connection is gone.
  void wait_for_room() const {
    for (bool is_free = false; !is_free;) {
      raw_connection next{server->port()};
      is_free = is_served(next);
    }
  }
};

/// A request whose head has so many bytes, and its line some of them.
std::string head_of(std::size_t bytes, std::size_t path) {
  std::string head = "GET /" + std::string(path, 'a') + " HTTP/1.1\r\nHost: a\r\nX: ";
  head.resize(bytes - 4, 'b');
  return head + "\r\n\r\n";
}

std::string posted(const std::string& path, const std::string& framing, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + framing +
         "\r\n\r\n" + body;
}

/// JSON of so many bytes.
std::string json_of(std::size_t bytes) {
  return "{" + std::string(bytes - 2, ' ') + "}";
}

std::string whole(const std::string& path, std::size_t bytes) {
  return posted(path, "Content-Length: " + std::to_string(bytes), json_of(bytes));
}

std::string chunked(const std::string& path, std::size_t bytes) {
  std::ostringstream body;
  body << std::hex << bytes - 10 << "\r\n"
       << json_of(bytes).substr(0, bytes - 10) << "\r\na\r\n"
       << json_of(bytes).substr(bytes - 10) << "\r\n0\r\n\r\n";
  return posted(path, "Transfer-Encoding: chunked", body.str());
}

TEST_F(HttpLimits, AHeadHas8KibWhateverIsLongInIt) {
  for (const std::size_t path : {1U, 4'000U, 8'000U}) {
    EXPECT_EQ(status_of(head_of(8'191, path)), 404) << path; // There is nothing at that path.
    EXPECT_EQ(status_of(head_of(8'192, path)), 404) << path;
    const std::string refused = exchange(head_of(8'193, path));
    EXPECT_EQ(status_in(refused), 431) << path;
    EXPECT_EQ(code_in(refused), "header_too_large") << path;
  }
}

TEST_F(HttpLimits, ABodyHas64Kib) {
  for (const auto& framed : {whole, chunked}) {
    EXPECT_EQ(status_of(framed("/v1/crash", 65'535)), 200);
    EXPECT_EQ(status_of(framed("/v1/crash", 65'536)), 200);
    const std::string refused = exchange(framed("/v1/crash", 65'537));
    EXPECT_EQ(status_in(refused), 413);
    EXPECT_EQ(code_in(refused), "body_too_large");
  }
}

TEST_F(HttpLimits, ABodyOfCapturesHas1Mib) {
  for (const auto& framed : {whole, chunked}) {
    EXPECT_EQ(status_of(framed("/v1/settlement/captures", 1'048'575)), 200);
    EXPECT_EQ(status_of(framed("/v1/settlement/captures", 1'048'576)), 200);
    EXPECT_EQ(status_of(framed("/v1/settlement/captures", 1'048'577)), 413);
  }
}

TEST_F(HttpLimits, ServesSoManyConnections) {
  start({.address = {}, .connections_max = 3});
  expect_room_for(3);
}

TEST_F(HttpLimits, ServesSoManyConnectionsOfOneAddress) {
  start({.address = {}, .connections_per_address_max = 3});
  expect_room_for(3);
}

TEST_F(HttpLimits, ThoseOfAnotherAddressAreServedWhenOneHasAllOfItsConnections) {
  start({.address = {}, .connections_per_address_max = 1});
  raw_connection only{server->port()};
  EXPECT_TRUE(is_served(only));
  raw_connection refused{server->port()};
  EXPECT_EQ(status_in(refused.receive_all()), 503);
  raw_connection other{server->port(), 2};
  EXPECT_TRUE(is_served(other));
}

TEST_F(HttpLimits, ServesSoManyStreams) {
  start({.address = {}, .streams_max = 3});
  const std::string asked =
      "GET /v1/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";
  std::vector<std::unique_ptr<raw_connection>> served;
  for (int i = 1; i <= 3; ++i) {
    served.push_back(std::make_unique<raw_connection>(server->port()));
    served.back()->send(asked);
    EXPECT_EQ(status_in(served.back()->receive()), 200) << i;
  }
  raw_connection one_more{server->port()};
  one_more.send(asked);
  EXPECT_EQ(code_in(one_more.receive()), "too_many_streams");
}

TEST_F(HttpLimits, AClientThatTakesNoAnswerIsClosed) {
  start({.address = {}, .connections_max = 1, .body_time_max = 20ms});
  raw_connection deaf{server->port()};
  std::string much;
  for (int i = 0; i < 500; ++i) // More than the buffers between the two can hold.
    much += "GET /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n";
  deaf.send(much);
  deaf.end();
  wait_for_room();
}

} // namespace
} // namespace ducat::api
