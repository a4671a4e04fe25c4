#include "api/http_world.hpp"

#include <gmock/gmock.h>

#include <future>

namespace ducat::api {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {

constexpr auto json_type = "application/json";
constexpr auto payment = R"({"from":"alice","to":"shop","amount":"2500","currency":"EUR"})";
constexpr std::string_view get_health = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view get_status = "GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n";

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_F(HttpServer, CarriesAPaymentFromCreationToRefund) {
  auto http = client();
  const auto made = http.Post("/v1/payments", key("1"), payment, json_type);
  ASSERT_EQ(status_in(made), 201);
  EXPECT_EQ(body_of(made)["id"], "pay_1");
  EXPECT_EQ(body_of(made)["amount"], "2500");
  EXPECT_EQ(made->get_header_value("Ducat-Receipt"), "7/beef");
  EXPECT_FALSE(made->has_header("Idempotent-Replayed"));

  const auto captured = http.Post("/v1/payments/pay_1/capture", key("2"), "", json_type);
  EXPECT_EQ(status_in(captured), 200);
  EXPECT_EQ(body_of(captured)["state"], "CAPTURED");
  const auto refunded =
      http.Post("/v1/payments/pay_1/refunds", key("3"), R"({"amount":100})", json_type);
  EXPECT_EQ(status_in(refunded), 201);
  EXPECT_EQ(body_of(refunded)["refunds"][0]["amount"], "100");
  EXPECT_EQ(refunded->get_header_value("Ducat-Refund"), "ref_3");
  const auto voided = http.Post("/v1/payments/pay_1/void", key("4"), "", json_type);
  EXPECT_EQ(body_of(voided)["state"], "VOIDED");
  EXPECT_EQ(body_of(http.Get("/v1/payments/pay_1")), body_of(voided));
}

TEST_F(HttpServer, TellsThatAnAnswerIsARepetition) {
  auto http = client();
  http.Post("/v1/payments", key("1"), payment, json_type);
  const auto again = http.Post("/v1/payments", key("1"), payment, json_type);
  EXPECT_EQ(status_in(again), 201);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->get_header_value("Idempotent-Replayed"), "true");
  EXPECT_EQ(to.payments(), 1U);
}

TEST_F(HttpServer, ListsInPages) {
  auto http = client();
  for (const char* name : {"a", "b", "c"})
    http.Post("/v1/accounts", std::string(R"({"currency":"EUR","id":")") + name + "\"}", json_type);
  const auto first = body_of(http.Get("/v1/accounts?limit=2"));
  EXPECT_EQ(first["data"].size(), 2U);
  EXPECT_EQ(first["has_more"], true);
  const auto rest = body_of(http.Get("/v1/accounts?limit=2&starting_after=b"));
  EXPECT_EQ(rest["data"][0]["id"], "c");
  EXPECT_EQ(rest["has_more"], false);
  EXPECT_EQ(body_of(http.Get("/v1/payments")),
            nlohmann::json::parse(R"({"data":[],"has_more":false})"));
}

TEST_F(HttpServer, ServesTheNode) {
  auto http = client();
  EXPECT_EQ(body_of(http.Get("/v1/status"))["node"], "node1");
  EXPECT_EQ(body_of(http.Get("/v1/tree"))["children"][0]["path"], "/payments/worker/1");
  EXPECT_EQ(
      body_of(http.Post("/v1/crash", R"({"path":"p","fault":"throw"})", json_type))["crashed"], 1);
  EXPECT_EQ(status_in(http.Post("/v1/faults/a.b/arm", R"({"fault":"throw"})", json_type)), 200);
  EXPECT_EQ(body_of(http.Get("/v1/faults"))["points"][0]["fault"], "throw");
  EXPECT_EQ(status_in(http.Post("/v1/faults/a.b/disarm", "", json_type)), 200);
  EXPECT_EQ(body_of(http.Get("/v1/faults"))["points"][0]["fault"], "");
}

TEST_F(HttpServer, ServesItsDescriptionAsYaml) {
  const auto answer = client().Get("/openapi.yaml");
  EXPECT_EQ(status_in(answer), 200);
  EXPECT_EQ(answer->get_header_value("Content-Type"), "application/yaml");
  EXPECT_THAT(answer->body, HasSubstr("openapi: 3.1.0"));
}

TEST_F(HttpServer, IsAliveAlsoWhenItIsNotReady) {
  auto http = client();
  EXPECT_EQ(status_in(http.Get("/readyz")), 200);
  to.ready = false;
  EXPECT_EQ(status_in(http.Get("/readyz")), 503);
  EXPECT_EQ(status_in(http.Get("/healthz")), 200);
}

TEST_F(HttpServer, PassesOnTheErrorsOfTheService) {
  to.fail_with(
      make_error(v1::Error::IDEMPOTENCY, "idempotency_key_reused", "no", "idempotency_key"));
  const auto refused = client().Post("/v1/payments", key("1"), payment, json_type);
  EXPECT_EQ(status_in(refused), 422);
  EXPECT_EQ(body_of(refused)["error"]["type"], "idempotency");
  EXPECT_EQ(body_of(refused)["error"]["param"], "idempotency_key");
  EXPECT_EQ(body_of(refused)["error"]["retry"], "never");
}

TEST_F(HttpServer, AnswersHeadWithTheLengthButNoBody) {
  const auto answer = exchange("HEAD /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"
                               "HEAD /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(count(answer, "HTTP/1.1 "), 2U);
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 404"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 15\r\n"));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("{")));
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
  std::string requests;
  for (int round = 0; round < 50; ++round) {
    requests += get_status;
    requests += "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  const auto answers = exchange(requests);
  EXPECT_EQ(count(answers, "HTTP/1.1 200"), 50U);
  EXPECT_EQ(count(answers, "HTTP/1.1 404"), 50U);
  EXPECT_THAT(answers, StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServer, TakesRequestsByteByByte) {
  testing::raw_connection peer(server->port());
  for (const char byte : get_health)
    peer.send({&byte, 1});
  EXPECT_EQ(status_in(peer.receive()), 200);
}

TEST_F(HttpServer, TakesChunkedBodiesAndInvitesThoseThatWait) {
  const auto chunked =
      exchange("POST /v1/crash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
               "Content-Type: application/json\r\nConnection: close\r\n\r\n"
               "5\r\n{\"tim\r\nd;x=y\r\nes\":4       }\r\n0\r\n\r\n");
  EXPECT_THAT(chunked, HasSubstr(R"("crashed":4)"));
  testing::raw_connection peer(server->port());
  peer.send("POST /v1/crash HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
            "Content-Type: application/json\r\n\r\n");
  EXPECT_EQ(peer.receive(), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("{}");
  EXPECT_EQ(status_in(peer.receive()), 200);
}

TEST_F(HttpServer, ClosesAfterHttp10UnlessAskedToKeepAlive) {
  EXPECT_EQ(status_in(exchange("GET /healthz HTTP/1.0\r\n\r\n")), 200);
  testing::raw_connection peer(server->port());
  peer.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_THAT(peer.receive_all(), StartsWith("HTTP/1.0 200"));
}

TEST_F(HttpServer, ClosesConnectionsThatAreSlow) {
  start({.address = {}, .idle_time_max = 20ms});
  testing::raw_connection silent(server->port());
  EXPECT_EQ(silent.receive_all(), "");
  start({.address = {}, .header_time_max = 20ms});
  testing::raw_connection slow_header(server->port());
  slow_header.send("GET /health");
  EXPECT_EQ(code_in(slow_header.receive_all()), "request_too_slow");
  start({.address = {}, .body_time_max = 20ms});
  testing::raw_connection slow_body(server->port());
  slow_body.send("POST /v1/crash HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{");
  const std::string late = slow_body.receive_all();
  EXPECT_EQ(status_in(late), 408);
  EXPECT_THAT(late, HasSubstr(R"("retry":"same_key")")) << "nothing was done";
}

/// To read it would take time from those that are being made.
TEST_F(HttpServer, RefusesAPaymentThatThereIsNoRoomForBeforeItIsRead) {
  to.full = true;
  for (const char* body : {payment, "{"}) {
    const auto refused = client().Post("/v1/payments", key("1"), body, json_type);
    EXPECT_EQ(status_in(refused), 503) << body;
    EXPECT_EQ(body_of(refused)["error"]["code"], "overloaded");
    EXPECT_EQ(refused->get_header_value("Retry-After"), "1");
  }
  EXPECT_EQ(status_in(client().Get("/v1/accounts")), 200);
  const std::string by_card = R"({"card":{"number":"4111111111111111"},"amount":1})";
  EXPECT_EQ(status_in(client().Post("/v1/payments", key("2"), by_card, json_type)), 201);
  to.full = false;
  EXPECT_EQ(status_in(client().Post("/v1/payments", key("1"), payment, json_type)), 201);
}

TEST_F(HttpServer, CallsItAnUnknownOutcomeWhenTheServiceIsSilent) {
  start({.address = {}, .answer_time_max = 1ms});
  to.hold();
  const auto unknown = client().Post("/v1/payments", key("1"), payment, json_type);
  EXPECT_EQ(status_in(unknown), 504);
  EXPECT_EQ(body_of(unknown)["error"]["type"], "unknown_outcome");
  to.release();
  EXPECT_EQ(status_in(client().Get("/healthz")), 200);
}

TEST_F(HttpServer, SurvivesAnswersToThoseWhoAreGone) {
  to.hold();
  {
    testing::raw_connection impatient(server->port());
    impatient.send(get_status);
    to.wait_for_held(1);
  }
  testing::raw_connection patient(server->port());
  patient.send(get_status);
  to.wait_for_held(2);
  to.release();
  EXPECT_EQ(status_in(patient.receive()), 200);
}

TEST_F(HttpServer, LetsRequestsInFlightFinishWhenItStops) {
  start({.address = {}, .stop_grace = 60s});
  to.hold();
  testing::raw_connection peer(server->port());
  testing::raw_connection idle(server->port());
  peer.send(get_status);
  to.wait_for_held(1);
  auto stopped = std::async(std::launch::async, [this] { server->stop(); });
  EXPECT_EQ(idle.receive_all(), "");
  to.release();
  EXPECT_EQ(status_in(peer.receive_all()), 200);
  stopped.get();
}

TEST_F(HttpServer, StopsEvenIfTheServiceNeverAnswers) {
  start({.address = {}, .stop_grace = 10ms});
  to.hold();
  testing::raw_connection peer(server->port());
  peer.send(get_status);
  to.wait_for_held(1);
  server->stop();
  EXPECT_EQ(peer.receive_all(), "");
  server.reset();
  to.release();
}

TEST_F(HttpServer, NamesThePortThatIsInUse) {
  const auto address = "127.0.0.1:" + std::to_string(server->port());
  const auto second = http_server::start(to, {.address = address});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::in_use);
  EXPECT_THAT(second.error().message, HasSubstr(address));
}

TEST_F(HttpServer, ListensOnTheLoopbackOnly) {
  EXPECT_EQ(http_server::start(to, {.address = "0.0.0.0:0"}).error().code, errc::not_permitted);
  EXPECT_EQ(http_server::start(to, {.address = "7410"}).error().code, errc::invalid_argument);
}

TEST_F(HttpServer, ShowsOnlyFiguresOnAPortForThoseWhoWatch) {
  start({.address = {}, .metrics = [](time_point, const std::function<void(std::string)>& done) {
           done("ducat_node_ready 1\n");
         }});
  const auto figures = client().Get("/metrics");
  EXPECT_EQ(status_in(figures), 200);
  EXPECT_EQ(figures->body, "ducat_node_ready 1\n");
  EXPECT_EQ(figures->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(status_in(client().Get("/alive")), 200);
  EXPECT_EQ(status_in(client().Get("/ready")), 200);
  to.ready = false;
  EXPECT_EQ(status_in(client().Get("/alive")), 200);
  EXPECT_EQ(status_in(client().Get("/ready")), 503);
  EXPECT_EQ(status_in(client().Get("/v1/payments")), 404);
  EXPECT_EQ(status_in(client().Post("/v1/crash", "{}", "application/json")), 404);
  EXPECT_EQ(status_in(client().Post("/metrics")), 405);
}

TEST_F(HttpServer, ShowsNoFiguresWhereItServesPayments) {
  EXPECT_EQ(status_in(client().Get("/metrics")), 404);
}

TEST_F(HttpServer, AnswersThatFiguresDidNotComeInTime) {
  start({.address = {},
         .answer_time_max = std::chrono::milliseconds{1},
         .metrics = [](time_point, const std::function<void(std::string)>&) {}});
  EXPECT_EQ(status_in(client().Get("/metrics")), 504);
}

} // namespace ducat::api
