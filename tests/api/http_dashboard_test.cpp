/// The page of a node, and the stream that it follows, over HTTP.

#include "api/http_world.hpp"

#include <gtest/gtest.h>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;
using testing::raw_connection;

/// Reads what a stream says as it comes.
class dashboard_client {
public:
  explicit dashboard_client(int port) : peer_(port) {
    peer_.send("GET /v1/dashboard HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
  }

  /// Reads until `text` has come, or all has. Returns whether it has; what was before it is
  /// forgotten.
  bool reads(const std::string& text) {
    std::size_t at = read_.npos;
    while ((at = read_.find(text)) == read_.npos) {
      const std::string more = peer_.receive();
      if (more.empty())
        return false;
      read_ += more;
    }
    read_.erase(0, at + text.size());
    return true;
  }

private:
  raw_connection peer_;
  std::string read_;
};

class HttpDashboard : public HttpServer {
protected:
  /// A page of a node; what it is compressed with matters to browsers only.
  inline static const std::vector<web_file> page{
      {"/index.html", "text/html; charset=utf-8", "zipped page"},
      {"/favicon.svg", "image/svg+xml", "zipped icon"},
      {"/assets/index-1a2b.js", "text/javascript; charset=utf-8", "zipped code"},
  };

  HttpDashboard() { start({.address = {}, .page = page}); }

  httplib::Result get(const std::string& path) const {
    auto asking = client();
    asking.set_decompress(false);
    return asking.Get(path);
  }
};

TEST_F(HttpDashboard, ServesItsPageCompressedAndUnderAPolicy) {
  const auto found = get("/");
  ASSERT_EQ(status_in(found), 200);
  EXPECT_EQ(found->body, "zipped page");
  EXPECT_EQ(found->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(found->get_header_value("Content-Encoding"), "gzip");
  EXPECT_EQ(found->get_header_value("Cache-Control"), "no-cache");
  EXPECT_EQ(found->get_header_value_count("Cache-Control"), 1u);
  EXPECT_EQ(found->get_header_value("X-Content-Type-Options"), "nosniff");
  const std::string policy = found->get_header_value("Content-Security-Policy");
  for (const char* each :
       {"default-src 'self'", "style-src 'self' 'unsafe-inline'", "frame-ancestors 'none'"})
    EXPECT_NE(policy.find(each), policy.npos) << each;
}

TEST_F(HttpDashboard, LetsBrowsersKeepWhatHasANameOfItsOwn) {
  const auto code = get("/assets/index-1a2b.js");
  ASSERT_EQ(status_in(code), 200);
  EXPECT_EQ(code->get_header_value("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(code->get_header_value("Content-Type"), "text/javascript; charset=utf-8");
  const auto icon = get("/favicon.svg");
  EXPECT_EQ(icon->get_header_value("Content-Type"), "image/svg+xml");
  EXPECT_EQ(icon->get_header_value("Cache-Control"), "no-cache");
}

TEST_F(HttpDashboard, AnswersHeadWithTheLengthOfAGet) {
  const std::string answer = exchange("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_in(answer), 200);
  EXPECT_NE(answer.find("Content-Length: 11"), answer.npos) << answer;
  EXPECT_EQ(answer.substr(answer.size() - 4), "\r\n\r\n");
}

TEST_F(HttpDashboard, HasNothingButItsFiles) {
  for (const char* path : {"/assets/other.js", "/assets/..", "/assets/%2e%2e%2findex.html",
                           "/index.html", "/assets/", "/assets", "/favicon.ico"})
    EXPECT_EQ(status_in(get(path)), 404) << path;
  EXPECT_EQ(status_in(client().Post("/", "{}", "application/json")), 405);
}

TEST_F(HttpDashboard, IsNotThereIfTheProgramHasNone) {
  start({});
  for (const char* path : {"/", "/favicon.svg", "/assets/index-1a2b.js"}) {
    const auto found = client().Get(path);
    EXPECT_EQ(status_in(found), 404) << path;
    EXPECT_EQ(body_of(found)["error"]["code"], "route_unknown");
  }
}

TEST_F(HttpDashboard, IsNotOnThePortOfThoseWhoWatch) {
  start({.address = {}, .page = page, .metrics = [](time_point, const auto& done) {
           done("figures");
         }});
  EXPECT_EQ(status_in(client().Get("/")), 404);
  EXPECT_EQ(status_in(client().Get("/v1/dashboard")), 404);
}

TEST_F(HttpDashboard, TellsOfEverythingAtFirst) {
  dashboard_client client(server->port());
  EXPECT_TRUE(client.reads("Content-Type: text/event-stream"));
  EXPECT_TRUE(client.reads("retry: "));
  for (const char* topic : {"tree", "groups", "nodes", "availability", "status", "links"}) {
    dashboard_client each(server->port());
    EXPECT_TRUE(each.reads("event: " + std::string{topic} + "\ndata: {")) << topic;
  }
}

TEST_F(HttpDashboard, TellsWhatHasChanged) {
  dashboard_client all(server->port());
  EXPECT_TRUE(all.reads("event: status\ndata: "));
  EXPECT_EQ(
      status_in(client().Post("/v1/payments", key("k1"), R"({"amount":"1"})", "application/json")),
      201);
  EXPECT_TRUE(all.reads("event: status\ndata: "));
  EXPECT_TRUE(all.reads(R"("captured":"1")"));
}

TEST_F(HttpDashboard, SaysWhatCannotBeHadAndWhenItCanAgain) {
  dashboard_client client(server->port());
  EXPECT_TRUE(client.reads("event: status\n"));
  to.fail_with(make_error(v1::Error::UNAVAILABLE, "gone", "the ledger is restarting"));
  EXPECT_TRUE(client.reads("event: problems\ndata: {"));
  EXPECT_TRUE(client.reads("the ledger is restarting"));
  to.fail_with(std::nullopt);
  EXPECT_TRUE(client.reads("event: problems\ndata: {}\n"));
}

// However many tabs there are, the node is asked once.
TEST_F(HttpDashboard, AsksTheNodeOnceForAllWhoWatch) {
  start({.address = {}, .heartbeat = 20ms});
  std::vector<std::unique_ptr<dashboard_client>> all;
  for (int i = 0; i < 10; ++i)
    all.push_back(std::make_unique<dashboard_client>(server->port()));
  for (const auto& each : all)
    EXPECT_TRUE(each->reads("event: tree\n"));
  to.hold();
  for (int looks = 0; looks < 5; ++looks) // Nothing is answered: each look ends in a heartbeat.
    for (const auto& each : all)
      EXPECT_TRUE(each->reads("\n: \n\n"));
  constexpr std::size_t topics = 12;
  EXPECT_GE(to.held(), 1u);
  EXPECT_LE(to.held(), topics);
  to.release();
}

TEST_F(HttpDashboard, IsAStreamLikeOthers) {
  start({.address = {}, .streams_max = 1, .page = page});
  dashboard_client only(server->port());
  EXPECT_TRUE(only.reads("event: tree\n"));
  EXPECT_EQ(status_in(client().Get("/v1/dashboard")), 503);
  EXPECT_EQ(status_in(client().Get("/v1/events", {{"Accept", "text/event-stream"}})), 503);
}

TEST_F(HttpDashboard, EndsWhenTheServerStops) {
  start({.address = {}, .stop_grace = std::chrono::hours{1}}); // It is not killed, it ends.
  dashboard_client client(server->port());
  EXPECT_TRUE(client.reads("event: tree\n"));
  server->stop();
  EXPECT_FALSE(client.reads("never"));
}

TEST_F(HttpDashboard, AClientThatDoesNotReadIsClosed) {
  start({.address = {}, .body_time_max = 200ms, .streams_max = 1, .page = page});
  raw_connection deaf(server->port());
  deaf.send("GET /v1/dashboard HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(deaf.receive(), "");
  // The rows of the newest payments are told together.
  for (int i = 0; i < 60; ++i)
    to.happen("evt_" + std::to_string(i), std::string(200'000, 'x'));
  for (bool is_free = false; !is_free;) {
    const int status = status_in(exchange("HEAD /v1/dashboard HTTP/1.1\r\nHost: x\r\n\r\n"));
    is_free = status == 200;
  }
}

TEST_F(HttpDashboard, ShowsChildrenInPages) {
  const auto page_of = [this](const std::string& query) {
    return client().Get("/v1/dashboard/children" + query);
  };
  const auto root = page_of("?path=/payments/worker");
  EXPECT_EQ(body_of(root)["count"], 1);
  EXPECT_EQ(body_of(root)["children"][0]["path"], "/payments/worker/1");
  EXPECT_EQ(body_of(page_of("?path=/payments/worker&from=1"))["children"].size(), 0u);
  for (const char* query : {"?from=x", "?from=-1", "?from=1x", "?limit=3"})
    EXPECT_EQ(status_in(page_of(query)), 400) << query;
  to.fail_with(make_error(v1::Error::UNAVAILABLE, "gone", "the node ends"));
  EXPECT_EQ(status_in(page_of("")), 503);
}

// The crash button: a page from elsewhere, on this machine too, must not be able to press it.
TEST_F(HttpDashboard, ChangesNothingForPagesFromElsewhere) {
  const std::string own = "http://127.0.0.1:" + std::to_string(server->port());
  const auto crash = [this](const httplib::Headers& headers) {
    return client().Post("/v1/crash", headers, R"({"path":"payments/w1"})", "application/json");
  };
  EXPECT_EQ(status_in(crash({{"Origin", own}, {"Ducat-Request", "dashboard"}})), 200);
  EXPECT_EQ(status_in(crash({})), 200); // No page: curl, say.
  EXPECT_EQ(body_of(crash({{"Origin", own}}))["error"]["code"], "request_not_marked");
  for (const std::string other :
       {"http://127.0.0.1:1", "http://localhost:1", "http://127.0.0.1", "null"}) {
    const auto refused = crash({{"Origin", other}, {"Ducat-Request", "dashboard"}});
    EXPECT_EQ(status_in(refused), 403) << other;
    EXPECT_EQ(body_of(refused)["error"]["code"], "origin_not_allowed") << other;
  }
}

} // namespace
} // namespace ducat::api
