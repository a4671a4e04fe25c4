/// HTTP for other machines: TLS, and whoever calls says who that is.
#include "access/role_table.hpp"
#include "api/guarded_world.hpp"
#include "api/http_route.hpp"
#include "api/http_server.hpp"
#include "api/raw_connection.hpp"
#include "api/tls_connection.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <csignal>

namespace ducat::api::test {
namespace {

using security::role;

class GuardedHttp : public ::testing::Test {
protected:
  GuardedHttp() {
    std::signal(SIGPIPE, SIG_IGN); // Of a client that is closed while it sends.
    server = http_server::start(w.to, {.address = "127.0.0.1:0", .guarded = w.guarded}).value();
  }

  /// Returns a client; with `own` files it shows a certificate.
  std::unique_ptr<httplib::SSLClient>
  client(const std::optional<security::issued_files>& own = std::nullopt) const {
    auto made = own ? std::make_unique<httplib::SSLClient>(
                          "127.0.0.1", server->port(), own->certificate.string(), own->key.string())
                    : std::make_unique<httplib::SSLClient>("127.0.0.1", server->port());
    made->set_ca_cert_path(w.ours.ca().c_str());
    made->enable_server_certificate_verification(true);
    return made;
  }

  std::unique_ptr<httplib::SSLClient> client(role who, const std::string& name) const {
    return client(w.ours.of(who, name));
  }

  std::unique_ptr<httplib::SSLClient> bearer(const std::string& token) const {
    auto made = client();
    made->set_default_headers({{"Authorization", "Bearer " + token}});
    return made;
  }

  static std::string code_in(const httplib::Result& response) {
    const auto body = nlohmann::json::parse(response ? response->body : "", nullptr, false);
    return body.is_object() && body.contains("error") ? body["error"]["code"].get<std::string>()
                                                      : "";
  }

  static int status_in(const httplib::Result& response) { return response ? response->status : -1; }

  /// Replaces the server by one that waits for bodies until the end of the test.
  void start_patient() {
    server = http_server::start(w.to, {.address = "127.0.0.1:0",
                                       .body_time_max = std::chrono::hours{1},
                                       .guarded = w.guarded})
                 .value();
  }

  /// Returns what comes when only the head of a payment is sent, with more of it, and some bytes.
  std::string answer_to_head(const std::string& more, const std::string& bytes = "",
                             const ::ducat::testing::tls_papers& shown = {}) const {
    ::ducat::testing::tls_connection peer{server->port(), shown};
    peer.send("POST /v1/payments HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + more +
              "\r\n" + bytes);
    return peer.receive_all();
  }

  guarded_world w;
  std::unique_ptr<http_server> server;
};

/// Returns the status of the first answer in `answers`; 0 if there is none.
int first_status(const std::string& answers) {
  return answers.starts_with("HTTP/1.1 ") ? std::stoi(answers.substr(9, 3)) : 0;
}

TEST_F(GuardedHttp, DoesNotWaitForTheBodyOfThoseWhomItDoesNotKnow) {
  start_patient();
  const std::string waits = "Idempotency-Key: k\r\nContent-Length: 10\r\n";
  EXPECT_EQ(first_status(answer_to_head(waits)), 401);
  EXPECT_EQ(first_status(answer_to_head(waits + "Expect: 100-continue\r\n")), 401);
  EXPECT_EQ(first_status(answer_to_head(waits + "Authorization: Bearer x.y.z\r\n")), 401);
  EXPECT_EQ(first_status(answer_to_head("Transfer-Encoding: chunked\r\n")), 401);
  EXPECT_EQ(first_status(answer_to_head(waits + "Origin: https://elsewhere.example\r\n")), 401);
}

TEST_F(GuardedHttp, DoesNotWaitForTheBodyOfThoseWhoMayNotAsk) {
  start_patient();
  const auto own = w.ours.of(role::viewer, "anna");
  EXPECT_EQ(first_status(answer_to_head("Idempotency-Key: k\r\nContent-Length: 10\r\n", "",
                                        {own.certificate, own.key})),
            403);
}

TEST_F(GuardedHttp, TellsThoseWhomItDoesNotKnowNothingAboutTheirRequest) {
  EXPECT_EQ(status_in(client()->Get("/v1/nothing")), 401);
  EXPECT_EQ(status_in(client(role::viewer, "anna")->Get("/v1/nothing")), 404);
  const httplib::Headers no_key;
  EXPECT_EQ(status_in(client()->Post("/v1/payments", no_key, "{", "application/json")), 401);
  EXPECT_EQ(
      status_in(
          client(role::merchant, "kiosk")->Post("/v1/payments", no_key, "{", "application/json")),
      400);
}

TEST_F(GuardedHttp, TakesNothingThatFollowsARefusalForARequest) {
  const std::string inner = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string answers =
      answer_to_head("Content-Length: " + std::to_string(inner.size()) + "\r\n", inner + inner);
  EXPECT_EQ(first_status(answers), 401);
  EXPECT_EQ(answers.find("HTTP/1.1", 1), answers.npos) << answers;
}

/// To close while a client is sending would reset the connection, and end it before the answer.
TEST_F(GuardedHttp, TheRefusalReachesThoseWhoGoOnSending) {
  const std::string much(8 << 20, 'x');
  EXPECT_EQ(status_in(client()->Post("/v1/payments", much, "application/json")), 401);
}

TEST_F(GuardedHttp, AConnectionOutlivesARefusalWithoutABody) {
  ::ducat::testing::tls_connection peer{server->port()};
  for (int i = 0; i < 2; ++i) {
    peer.send("GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(first_status(peer.receive()), 401) << i;
  }
}

/// To come back would cost more than the body that was refused.
TEST_F(GuardedHttp, WhoCallsTooOftenKeepsTheConnection) {
  w.guarded.keeper =
      access::gatekeeper::start({.cluster = "test", .limits = {.per_second = 1, .burst = 1}})
          .value();
  server = http_server::start(w.to, {.address = "127.0.0.1:0", .guarded = w.guarded}).value();
  const auto caller = client(role::merchant, "kiosk");
  caller->set_keep_alive(true);
  const auto call = [&] {
    return caller->Post("/v1/payments", {{"Idempotency-Key", "k"}}, "{}", "application/json");
  };
  auto refused = call();
  while (refused && refused->status != 503) // There is one more a second, on a slow machine.
    refused = call();
  ASSERT_TRUE(refused);
  EXPECT_EQ(code_in(refused), "rate_limited");
  EXPECT_NE(refused->get_header_value("Connection"), "close");
}

TEST_F(GuardedHttp, ClosesConnectionsThatDoNotGetToTls) {
  server = http_server::start(w.to, {.address = "127.0.0.1:0",
                                     .header_time_max = std::chrono::milliseconds{20},
                                     .guarded = w.guarded})
               .value();
  ::ducat::testing::raw_connection silent{server->port()};
  EXPECT_EQ(silent.receive_all(), "");
  EXPECT_FALSE(silent.has_timed_out());
}

TEST_F(GuardedHttp, ClosesOneConnectionTooMany) {
  server = http_server::start(w.to, {.address = "127.0.0.1:0",
                                     .connections_per_address_max = 1,
                                     .header_time_max = std::chrono::hours{1},
                                     .guarded = w.guarded})
               .value();
  {
    const ::ducat::testing::raw_connection only{server->port()};
    EXPECT_EQ(status_in(client(role::viewer, "anna")->Get("/v1/status")), -1);
  }
  while (status_in(client(role::viewer, "anna")->Get("/v1/status")) != 200) {
  }
}

TEST_F(GuardedHttp, TellsTheServiceWhoCalls) {
  EXPECT_EQ(status_in(client(role::viewer, "anna")->Get("/v1/status")), 200);
  EXPECT_EQ(w.to.last_caller(), (access::principal{role::viewer, "anna"}));
  EXPECT_EQ(status_in(bearer(w.token(role::admin, "root"))->Get("/v1/status")), 200);
  EXPECT_EQ(w.to.last_caller(), (access::principal{role::admin, "root"}));
}

TEST_F(GuardedHttp, AnswersNobodyWhomItDoesNotKnow) {
  const auto refused = client()->Get("/v1/status");
  EXPECT_EQ(status_in(refused), 401);
  EXPECT_EQ(code_in(refused), "unauthenticated");
  EXPECT_EQ(refused->get_header_value("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(status_in(bearer("x.y.z")->Get("/v1/status")), 401);
  EXPECT_EQ(status_in(client(w.ours.node("node2"))->Get("/v1/status")), 401);
}

TEST_F(GuardedHttp, DoesNotSpeakToCertificatesOfOthers) {
  const authority other_cluster{"other"};
  for (const auto& own : {w.theirs.of(role::admin, "root"), other_cluster.of(role::admin, "root"),
                          w.ours.of(role::admin, "late", today() - std::chrono::days{2})})
    EXPECT_EQ(status_in(client(own)->Get("/v1/status")), -1) << own.certificate;
}

TEST_F(GuardedHttp, SpeaksTls13Only) {
  auto older = client(role::viewer, "anna");
  SSL_CTX_set_max_proto_version(older->ssl_context(), TLS1_2_VERSION);
  EXPECT_EQ(status_in(older->Get("/v1/status")), -1);
  ::ducat::testing::raw_connection plain{server->port()};
  plain.send("GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(plain.receive_all().find("HTTP"), std::string::npos);
}

TEST_F(GuardedHttp, ProbesAreForEverybody) {
  EXPECT_EQ(status_in(client()->Get("/healthz")), 200);
  EXPECT_EQ(status_in(client()->Get("/readyz")), 200);
  EXPECT_EQ(status_in(client()->Get("/openapi.yaml")), 200);
}

TEST_F(GuardedHttp, ShowsMetricsToThoseWhoMayAskForFigures) {
  server =
      http_server::start(w.to, {.address = "127.0.0.1:0",
                                .guarded = w.guarded,
                                .metrics = [](time_point, const auto& done) { done("up 1\n"); }})
          .value();
  EXPECT_EQ(status_in(client()->Get("/metrics")), 401);
  EXPECT_EQ(status_in(client(role::merchant, "kiosk")->Get("/metrics")), 403);
  const auto shown = client(role::viewer, "prometheus")->Get("/metrics");
  EXPECT_EQ(status_in(shown), 200);
  EXPECT_EQ(shown->body, "up 1\n");
  EXPECT_EQ(status_in(bearer(w.token(role::viewer, "prometheus"))->Get("/metrics")), 200);
  EXPECT_EQ(status_in(client()->Get("/alive")), 200);
  EXPECT_EQ(status_in(client()->Get("/ready")), 200);
}

/// Every route with each role: it is refused by 403 where the table says so, and nowhere else.
TEST_F(GuardedHttp, RefusesByTheTableOfRoles) {
  int calls = 0;
  for (const role each : security::all_roles) {
    if (each == role::node)
      continue;
    const auto caller = client(each, std::string{to_string(each)});
    caller->set_keep_alive(true);
    caller->set_tcp_nodelay(true);
    for (std::string line : routes()) {
      const bool is_open = line == "GET /healthz" || line == "GET /readyz" ||
                           line == "GET /openapi.yaml" || line == "GET /metrics" ||
                           line.starts_with("GET /assets") || line == "GET /favicon.svg" ||
                           line == "GET /";
      if (is_open || line == "GET /v1/dashboard")
        continue;
      for (std::size_t at = line.find("{}"); at != line.npos; at = line.find("{}"))
        line.replace(at, 2, "x1");
      const std::size_t space = line.find(' ');
      const std::string method = line.substr(0, space);
      httplib::Request request;
      request.method = method;
      request.path = line.substr(space + 1);
      request.set_header("Idempotency-Key", "k");
      if (method == "POST") {
        request.body = "{}";
        request.set_header("Content-Type", "application/json");
      }
      const auto call = route({.method = method,
                               .target = request.path,
                               .content_type = method == "POST" ? "application/json" : "",
                               .idempotency_keys = {"k"},
                               .body = request.body});
      if (!call)
        continue; // It has to have a body or parameters: it is refused before.
      const std::string asked = std::visit(
          []<class Call>(const Call&) -> std::string {
            if constexpr (std::is_base_of_v<google::protobuf::Message, Call>)
              return Call::descriptor()->name();
            else
              return "TreeRequest";
          },
          *call);
      const auto response = caller->send(request);
      EXPECT_EQ(status_in(response) == 403, !access::may_ask(each, asked))
          << line << " by " << to_string(each) << ": " << status_in(response);
      ++calls;
    }
  }
  EXPECT_GT(calls, 200);
}

TEST_F(GuardedHttp, GivesStreamsToThoseWhoMayReadThem) {
  EXPECT_EQ(status_in(client(role::merchant, "kiosk")->Get("/v1/dashboard")), 403);
  EXPECT_EQ(status_in(client()->Get("/v1/events", {{"Accept", "text/event-stream"}})), 401);
  std::string begin;
  (void)client(role::merchant, "kiosk")
      ->Get("/v1/events", {{"Accept", "text/event-stream"}},
            [&](const char* data, std::size_t size) {
              begin.append(data, size);
              return false;
            });
  EXPECT_NE(begin, "");
  EXPECT_EQ(w.to.last_caller(), (access::principal{role::merchant, "kiosk"}));
}

TEST_F(GuardedHttp, TakesAPageOfItsOwnOnly) {
  const std::string own = "https://127.0.0.1:" + std::to_string(server->port());
  const auto from = [&](const std::string& origin) {
    return status_in(client(role::viewer, "anna")->Get("/v1/status", {{"Origin", origin}}));
  };
  EXPECT_EQ(from(own), 200);
  EXPECT_EQ(from("http://127.0.0.1:" + std::to_string(server->port())), 403);
  EXPECT_EQ(from("https://127.0.0.1:1"), 403);
  EXPECT_EQ(from("https://elsewhere.example"), 403);
}

/// Returns the serial number of the certificate that whoever listens there shows.
std::string serial_shown_at(int port) {
  SSL_CTX* const settings = SSL_CTX_new(TLS_client_method());
  BIO* const connection = BIO_new_ssl_connect(settings);
  BIO_set_conn_hostname(connection, ("127.0.0.1:" + std::to_string(port)).c_str());
  std::string serial;
  SSL* tls = nullptr;
  if (BIO_do_handshake(connection) == 1 && BIO_get_ssl(connection, &tls) == 1) {
    X509* const shown = SSL_get1_peer_certificate(tls);
    BIO* const text = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(text, shown);
    const char* bytes = nullptr;
    const long size = BIO_get_mem_data(text, &bytes);
    serial = security::certificate_in({bytes, static_cast<std::size_t>(size)}).value().serial;
    BIO_free(text);
    X509_free(shown);
  }
  BIO_free_all(connection);
  SSL_CTX_free(settings);
  return serial;
}

/// New files are for new connections.
TEST_F(GuardedHttp, NoticesANewCertificateOfItsOwn) {
  const auto before = security::read_certificate(w.guarded.tls.certificate).value().serial;
  (void)w.ours.node("node1");
  const auto after = security::read_certificate(w.guarded.tls.certificate).value().serial;
  ASSERT_NE(before, after);
  while (serial_shown_at(server->port()) != after) {
  }
  EXPECT_EQ(status_in(client(role::viewer, "anna")->Get("/v1/status")), 200);
}

/// Who is still valid is looked at again with the next connection.
TEST_F(GuardedHttp, EndsAConnectionThatIsTooOld) {
  const auto connection_after = [&](std::chrono::milliseconds time_max) {
    w.guarded.time_max = time_max;
    server = http_server::start(w.to, {.address = "127.0.0.1:0", .guarded = w.guarded}).value();
    const auto caller = client(role::viewer, "anna");
    caller->set_keep_alive(true);
    const auto answered = caller->Get("/v1/status");
    EXPECT_EQ(status_in(answered), 200);
    return answered ? answered->get_header_value("Connection") : "";
  };
  EXPECT_EQ(connection_after(std::chrono::milliseconds{0}), "close");
  EXPECT_NE(connection_after(std::chrono::hours{1}), "close");
}

TEST(GuardedHttpStart, NeedsItsFiles) {
  guarded_world w;
  w.guarded.tls.key = w.ours.path() / "none.key";
  const auto refused = http_server::start(w.to, {.address = "127.0.0.1:0", .guarded = w.guarded});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_argument);
}

TEST(GuardedHttpStart, IsForOtherMachinesToo) {
  guarded_world w;
  EXPECT_TRUE(http_server::start(w.to, {.address = "0.0.0.0:0", .guarded = w.guarded}));
  EXPECT_FALSE(http_server::start(w.to, {.address = "0.0.0.0:0"}));
}

} // namespace
} // namespace ducat::api::test
