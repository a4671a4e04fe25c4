/// Server-sent events: what happens reaches a client that stays, and one that comes back.

#include "api/http_world.hpp"

#include <gtest/gtest.h>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;
using testing::raw_connection;

/// A client of a stream that reads bytes as they come.
class stream_client {
public:
  stream_client(int port, const std::string& target, const std::string& headers = {})
      : peer_(port) {
    peer_.send("GET " + target +
               " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: text/event-stream\r\n" +
               headers + "\r\n");
  }

  /// Reads until `text` has come; returns all that has, or what there was at the end.
  const std::string& read_until(const std::string& text) {
    while (read_.find(text) == read_.npos) {
      const std::string more = peer_.receive();
      if (more.empty())
        break;
      read_ += more;
    }
    return read_;
  }

  bool has(const std::string& text) { return read_until(text).find(text) != read_.npos; }

private:
  raw_connection peer_;
  std::string read_;
};

class HttpStream : public HttpServer {};

TEST_F(HttpStream, ShowsEventsAsTheyHappenAndNoneOfBefore) {
  to.happen("evt_1", "payment.created");
  stream_client client(server->port(), "/v1/events");
  EXPECT_TRUE(client.has("\r\n\r\n: \n\n"));
  to.happen("evt_2", "payment.captured");
  EXPECT_TRUE(client.has("id: evt_2\nevent: payment.captured\ndata: {\"id\":\"evt_2\""));
  EXPECT_EQ(client.read_until("\n\n").find("evt_1"), std::string::npos);
  EXPECT_NE(client.read_until("\n\n").find("Content-Type: text/event-stream"), std::string::npos);
}

TEST_F(HttpStream, GoesOnAfterTheLastEventThatTheClientHad) {
  for (const char* id : {"evt_1", "evt_2", "evt_3"})
    to.happen(id, "payment.created");
  stream_client client(server->port(), "/v1/events", "Last-Event-ID: evt_1\r\n");
  EXPECT_TRUE(client.has("id: evt_3"));
  EXPECT_TRUE(client.has("id: evt_2"));
  EXPECT_EQ(client.read_until("id: evt_3").find("id: evt_1"), std::string::npos);
}

TEST_F(HttpStream, ShowsManyMoreThanAPage) {
  stream_client client(server->port(), "/v1/events");
  EXPECT_TRUE(client.has(": \n\n"));
  for (int i = 1000; i < 1350; ++i)
    to.happen("evt_" + std::to_string(i), "payment.created");
  EXPECT_TRUE(client.has("id: evt_1349\n"));
  for (int i = 1000; i < 1350; ++i)
    EXPECT_TRUE(client.has("id: evt_" + std::to_string(i) + "\n"));
}

TEST_F(HttpStream, ShowsTheTimelineOfAPaymentAndItsRowsAreNumbered) {
  to.add_row("pay_1", "created");
  stream_client client(server->port(), "/v1/payments/pay_1/timeline");
  EXPECT_TRUE(client.has("id: 1\nevent: created\n"));
  to.add_row("pay_1", "authorized");
  EXPECT_TRUE(client.has("id: 2\nevent: authorized\n"));
  stream_client later(server->port(), "/v1/payments/pay_1/timeline", "Last-Event-ID: 1\r\n");
  EXPECT_TRUE(later.has("id: 2\n"));
  EXPECT_EQ(later.read_until("id: 2\n").find("id: 1\n"), std::string::npos);
}

TEST_F(HttpStream, IsRefusedLikeAnyOtherRequest) {
  EXPECT_EQ(
      status_in(client().Get("/v1/payments/none/timeline", {{"Accept", "text/event-stream"}})),
      404);
  EXPECT_EQ(status_in(client().Get("/v1/events?limit=3", {{"Accept", "text/event-stream"}})), 400);
  EXPECT_EQ(status_in(client().Get("/v1/payments/pay_1/timeline",
                                   {{"Accept", "text/event-stream"}, {"Last-Event-ID", "x"}})),
            400);
}

TEST_F(HttpStream, TellsThatItIsAliveWhenNothingHappens) {
  start({.address = {}, .heartbeat = 20ms});
  stream_client client(server->port(), "/v1/events");
  EXPECT_TRUE(client.has(": \n\n: \n\n: \n\n"));
}

TEST_F(HttpStream, TheOneTooManyIsTurnedAwayAndAPlaceIsFreeWhenAClientIsGone) {
  start({.address = {}, .streams_max = 1, .heartbeat = 20ms});
  {
    stream_client only(server->port(), "/v1/events");
    EXPECT_TRUE(only.has(": \n\n"));
    EXPECT_EQ(status_in(client().Get("/v1/events", {{"Accept", "text/event-stream"}})), 503);
  }
  for (bool is_free = false; !is_free;) { // The server finds out at the next heartbeat.
    stream_client next(server->port(), "/v1/events");
    is_free = next.has("text/event-stream");
  }
}

TEST_F(HttpStream, EndsWhenTheServerStops) {
  stream_client client(server->port(), "/v1/events");
  EXPECT_TRUE(client.has(": \n\n"));
  server->stop();
  EXPECT_FALSE(client.has("never"));
}

// A client that takes nothing costs a portion, and its connection is closed in time.
TEST_F(HttpStream, AClientThatDoesNotReadIsClosed) {
  start({.address = {}, .body_time_max = 200ms, .streams_max = 1});
  raw_connection deaf(server->port());
  deaf.send("GET /v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
  EXPECT_NE(deaf.receive(), "");
  for (int i = 0; i < 60'000; ++i)
    to.happen("evt_" + std::to_string(1'000'000 + i), std::string(200, 'x'));
  for (bool is_free = false; !is_free;) {
    stream_client next(server->port(), "/v1/events");
    is_free = next.has("text/event-stream");
  }
}

} // namespace
} // namespace ducat::api
