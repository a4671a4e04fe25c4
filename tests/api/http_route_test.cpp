#include "api/http_answer.hpp"
#include "api/http_route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace ducat::api {

namespace {

using nlohmann::json;
using testing::Contains;
using testing::Pair;

http_request get(std::string target) {
  return {.method = "GET", .target = std::move(target)};
}

http_request post(std::string target, std::string body = "{}") {
  return {.method = "POST",
          .target = std::move(target),
          .content_type = "application/json",
          .idempotency_keys = {"k1"},
          .body = std::move(body)};
}

/// Returns the request of type `Request` that `request` is routed to.
template <class Request>
Request routed(const http_request& request) {
  auto call = route(request);
  if (!call) {
    ADD_FAILURE() << request.method << " " << request.target << ": " << call.error().body;
    return {};
  }
  return std::get<Request>(std::move(*call));
}

/// Returns "STATUS CODE PARAM" of the answer to a wrong request; "" if it is routed.
std::string refusal(const http_request& request) {
  const auto call = route(request);
  if (call)
    return "";
  const json error = json::parse(call.error().body).at("error");
  std::string text =
      std::to_string(call.error().status) + " " + error.at("code").get<std::string>();
  const auto param = error.at("param").get<std::string>();
  return param.empty() ? text : text + " " + param;
}

} // namespace

TEST(HttpRoute, CreatesPaymentsWithTheKeyOfTheHeader) {
  const auto asked = routed<v1::CreatePaymentRequest>(
      post("/v1/payments", R"({"from":"a","to":"b","amount":5,"capture_method":"MANUAL"})"));
  EXPECT_EQ(asked.idempotency_key(), "k1");
  EXPECT_EQ(asked.amount(), 5);
  EXPECT_EQ(asked.capture_method(), v1::MANUAL);
}

TEST(HttpRoute, TakesTheIdOfAPaymentFromThePath) {
  EXPECT_EQ(routed<v1::CapturePaymentRequest>(post("/v1/payments/pay_1/capture")).id(), "pay_1");
  EXPECT_EQ(routed<v1::VoidPaymentRequest>(post("/v1/payments/pay_1/void", "")).id(), "pay_1");
  EXPECT_EQ(routed<v1::RefundPaymentRequest>(post("/v1/payments/pay_1/refunds")).id(), "pay_1");
  EXPECT_EQ(routed<v1::GetPaymentRequest>(get("/v1/payments/pay%5f1")).id(), "pay_1");
}

TEST(HttpRoute, KnowsEveryRouteOfTheNode) {
  EXPECT_EQ(routed<v1::CreateAccountRequest>(post("/v1/accounts", R"({"id":"a"})")).id(), "a");
  EXPECT_EQ(routed<v1::GetAccountRequest>(get("/v1/accounts/a")).id(), "a");
  EXPECT_EQ(routed<v1::CrashRequest>(post("/v1/crash", R"({"times":3})")).times(), 3U);
  EXPECT_EQ(routed<v1::ArmFaultRequest>(post("/v1/faults/p.q/arm", R"({"fault":"throw"})")).name(),
            "p.q");
  EXPECT_EQ(routed<v1::DisarmFaultRequest>(post("/v1/faults/p.q/disarm", "")).name(), "p.q");
  routed<v1::StatusRequest>(get("/v1/status"));
  routed<v1::TreeRequest>(get("/v1/tree"));
  routed<v1::FiguresRequest>(get("/v1/figures"));
  routed<v1::ListAlertsRequest>(get("/v1/alerts"));
  EXPECT_EQ(routed<v1::ListAuditRequest>(get("/v1/audit?after=7&limit=3")).after(), 7U);
  EXPECT_EQ(routed<v1::ListAuditRequest>(get("/v1/audit?limit=3&after=7")).limit(), 3U);
  EXPECT_TRUE(routed<v1::ListChangesRequest>(get("/v1/changes?only_pending=true")).only_pending());
  EXPECT_EQ(routed<v1::ListChangesRequest>(get("/v1/changes?limit=3")).limit(), 3U);
  EXPECT_EQ(routed<v1::DecideChangeRequest>(
                post("/v1/changes/chg_7/decision", R"({"decision":"APPROVE","reason":"r"})"))
                .id(),
            "chg_7");
  EXPECT_EQ(routed<v1::AcknowledgeAlertRequest>(
                post("/v1/alerts/acknowledge", R"({"rule":"R","by":"us"})"))
                .by(),
            "us");
  EXPECT_EQ(routed<v1::SilenceAlertsRequest>(post("/v1/silences", R"({"rule":"R"})")).rule(), "R");
  EXPECT_EQ(routed<v1::LiftSilenceRequest>(post("/v1/silences/7/lift", "")).id(), 7U);
  routed<v1::ListFaultsRequest>(get("/v1/faults"));
  routed<v1::ListDeadLettersRequest>(get("/v1/dead_letters"));
  EXPECT_EQ(routed<v1::GetDeadLetterRequest>(get("/v1/dead_letters/7")).id(), 7U);
  EXPECT_EQ(routed<v1::RetryDeadLetterRequest>(post("/v1/dead_letters/7/retry", "")).id(), 7U);
  EXPECT_EQ(routed<v1::DiscardDeadLetterRequest>(post("/v1/dead_letters/7/discard", "")).id(), 7U);
  routed<v1::ListNodesRequest>(get("/v1/nodes"));
  routed<v1::ListGroupsRequest>(get("/v1/groups"));
  routed<v1::ListLinksRequest>(get("/v1/links"));
  EXPECT_EQ(routed<v1::ChangeNodeRequest>(post("/v1/nodes/n2/drain", "")).id(), "n2");
  EXPECT_EQ(routed<v1::ChangeNodeRequest>(post("/v1/nodes/n2/drain", "")).change(),
            v1::ChangeNodeRequest::DRAIN);
  EXPECT_EQ(routed<v1::ChangeNodeRequest>(post("/v1/nodes/n2/resume", "")).change(),
            v1::ChangeNodeRequest::RESUME);
  EXPECT_EQ(routed<v1::ChangeNodeRequest>(post("/v1/nodes/n2/remove", "")).change(),
            v1::ChangeNodeRequest::REMOVE);
  routed<alive_probe>(get("/healthz"));
  routed<ready_probe>(get("/readyz"));
  routed<openapi_request>(get("/openapi.yaml"));
}

TEST(HttpRoute, KnowsEventsAndWebhooks) {
  const auto page = routed<v1::ListEventsRequest>(
      get("/v1/events?after=evt_1&limit=3&types=payment.captured,refund.*"));
  EXPECT_EQ(page.after(), "evt_1");
  EXPECT_EQ(page.limit(), 3U);
  EXPECT_EQ(page.types(1), "refund.*");
  EXPECT_EQ(routed<v1::GetEventRequest>(get("/v1/events/evt_1")).id(), "evt_1");
  EXPECT_EQ(routed<v1::GetTimelineRequest>(get("/v1/payments/p/timeline")).id(), "p");
  EXPECT_EQ(routed<v1::CreateWebhookRequest>(post("/v1/webhooks", R"({"url":"u"})")).url(), "u");
  routed<v1::ListWebhooksRequest>(get("/v1/webhooks"));
  EXPECT_EQ(routed<v1::GetWebhookRequest>(get("/v1/webhooks/w")).id(), "w");
  EXPECT_EQ(routed<v1::ListDeliveriesRequest>(get("/v1/webhooks/w/deliveries")).id(), "w");
  const auto replay =
      routed<v1::ReplayWebhookRequest>(post("/v1/webhooks/w/replay", R"({"dead":true})"));
  EXPECT_EQ(replay.id(), "w");
  EXPECT_TRUE(replay.dead());
  using change = v1::ChangeWebhookRequest;
  for (const auto& [verb, what] :
       {std::pair{"enable", change::ENABLE}, std::pair{"disable", change::DISABLE},
        std::pair{"rotate", change::ROTATE}, std::pair{"remove", change::REMOVE}})
    EXPECT_EQ(routed<change>(post(std::string{"/v1/webhooks/w/"} + verb, "")).change(), what);
  EXPECT_EQ(refusal(post("/v1/webhooks/w/replay", R"({"id":"x"})")), "400 id_mismatch id");
}

TEST(HttpRoute, KnowsExceptionsOfReconciliationButNotTheirAlarm) {
  const std::string path = "/v1/settlement/exceptions";
  using command = v1::SettlementExceptionCommand;
  const auto opened = routed<command>(post(path, R"({"currency":"EUR","differences":[{}]})"));
  EXPECT_EQ(opened.open().differences_size(), 1);
  const auto assigned = routed<command>(post(path + "/exc_1/assign", R"({"owner":"ann"})"));
  EXPECT_EQ(assigned.assign().id(), "exc_1");
  EXPECT_EQ(assigned.assign().owner(), "ann");
  const auto disposed = routed<command>(post(path + "/exc_1/dispose", R"({"how":"WRITE_OFF"})"));
  EXPECT_EQ(disposed.dispose().id(), "exc_1");
  EXPECT_EQ(disposed.dispose().how(), v1::WRITE_OFF);
  const auto list = routed<v1::ListSettlementExceptionsRequest>(
      get(path + "?currency=EUR&window=3&only_open=true&starting_after=exc_1&limit=7&id=exc_2"));
  EXPECT_EQ(list.currency() + list.starting_after() + list.id(), "EURexc_1exc_2");
  EXPECT_EQ(list.window(), 3U);
  EXPECT_TRUE(list.only_open());
  EXPECT_EQ(list.limit(), 7U);
  EXPECT_EQ(refusal(get(path + "?window=x")), "400 parameter_invalid window");
  EXPECT_EQ(refusal(get(path + "?owner=ann")), "400 parameter_unknown owner");
  EXPECT_EQ(refusal(post(path + "/exc_1/assign", R"({"id":"exc_2"})")), "400 id_mismatch id");
  EXPECT_EQ(refusal(post(path + "/exc_1/alarm", "{}")).substr(0, 4), "404 ");
}

TEST(HttpRoute, StreamsToWhoeverAcceptsThat) {
  auto events = get("/v1/events?types=refund.*");
  events.accept = "text/event-stream";
  EXPECT_TRUE(routed<stream_request>(events).from_now);
  events.last_event_id = "evt_1";
  EXPECT_EQ(routed<stream_request>(events).events.after(), "evt_1");
  EXPECT_FALSE(routed<stream_request>(events).from_now);
  auto rows = get("/v1/payments/p/timeline");
  rows.accept = "text/event-stream";
  rows.last_event_id = "2";
  EXPECT_EQ(routed<stream_request>(rows).payment_id, "p");
  EXPECT_EQ(routed<stream_request>(rows).rows, 2U);
  rows.last_event_id = "-1";
  EXPECT_EQ(refusal(rows), "400 last_event_id_invalid Last-Event-ID");
}

TEST(HttpRoute, ReadsSubjectAndWindowOfAnAvailability) {
  const auto asked =
      routed<v1::AvailabilityRequest>(get("/v1/availability?subject=payments%2fw1&window=1h"));
  EXPECT_EQ(asked.subject(), "payments/w1");
  EXPECT_EQ(asked.window(), "1h");
  EXPECT_EQ(routed<v1::AvailabilityRequest>(get("/v1/availability")).window(), "");
  EXPECT_EQ(refusal(get("/v1/availability?limit=1")), "400 parameter_unknown limit");
}

TEST(HttpRoute, ReadsLimitAndCursorOfLists) {
  const auto payments =
      routed<v1::ListPaymentsRequest>(get("/v1/payments?limit=5&starting_after=pay_9"));
  EXPECT_EQ(payments.limit(), 5U);
  EXPECT_EQ(payments.starting_after(), "pay_9");
  EXPECT_EQ(routed<v1::ListAccountsRequest>(get("/v1/accounts")).limit(), 0U);
}

TEST(HttpRoute, RefusesWrongParameters) {
  for (const char* limit : {"0", "101", "-1", "x", "", "1e1", "99999999999", "5 "})
    EXPECT_EQ(refusal(get(std::string("/v1/payments?limit=") + limit)).substr(0, 4), "400 ");
  EXPECT_EQ(refusal(get("/v1/payments?limit=0")), "400 limit_invalid limit");
  EXPECT_EQ(refusal(get("/v1/payments?page=2")), "400 parameter_unknown page");
  EXPECT_EQ(refusal(get("/v1/payments?ending_before=pay_1")),
            "400 parameter_unknown ending_before");
  EXPECT_EQ(refusal(get("/v1/payments?limit=1&limit=2")), "400 parameter_repeated limit");
  EXPECT_EQ(refusal(get("/v1/status?verbose")), "400 parameter_unknown verbose");
}

TEST(HttpRoute, AsksForExactlyOneGoodIdempotencyKey) {
  auto request = post("/v1/payments");
  request.idempotency_keys = {};
  EXPECT_EQ(refusal(request), "400 idempotency_key_missing Idempotency-Key");
  request.idempotency_keys = {""};
  EXPECT_EQ(refusal(request), "400 idempotency_key_missing Idempotency-Key");
  request.idempotency_keys = {"a", "a"};
  EXPECT_EQ(refusal(request), "400 idempotency_key_repeated Idempotency-Key");
  request.idempotency_keys = {std::string(256, 'a')};
  EXPECT_EQ(refusal(request), "400 idempotency_key_invalid Idempotency-Key");
  request.idempotency_keys = {"\xc3\xa9"};
  EXPECT_EQ(refusal(request), "400 idempotency_key_invalid Idempotency-Key");
}

TEST(HttpRoute, RefusesKeysAndOtherIdsInTheBody) {
  EXPECT_EQ(refusal(post("/v1/payments", R"({"idempotency_key":"k1"})")),
            "400 idempotency_key_in_body idempotency_key");
  EXPECT_EQ(refusal(post("/v1/payments/pay_1/void", R"({"id":"pay_2"})")), "400 id_mismatch id");
  EXPECT_EQ(refusal(post("/v1/payments/pay_1/void", R"({"id":"pay_1"})")), "");
  EXPECT_EQ(refusal(post("/v1/faults/a/arm", R"({"name":"b"})")), "400 name_mismatch name");
}

TEST(HttpRoute, RefusesABodyWhereThePathSaysItAll) {
  for (const char* target :
       {"/v1/nodes/n2/drain", "/v1/dead_letters/7/retry", "/v1/dead_letters/7/discard"}) {
    EXPECT_EQ(refusal(post(target, R"({"force":true})")), "400 field_unknown force") << target;
    EXPECT_EQ(refusal(post(target, "{}")), "") << target;
  }
}

TEST(HttpRoute, SeesWithoutReadingABodyThatItPaysFromAnAccount) {
  const std::string body = R"({"from":"a","to":"b","amount":1,"currency":"EUR"})";
  EXPECT_TRUE(pays_from_account(post("/v1/payments", body)));
  EXPECT_TRUE(pays_from_account(post("/v1/payments", "{")));
  EXPECT_FALSE(pays_from_account(get("/v1/payments")));
  for (const char* other : {"/v1/payments/pay_1/capture", "/v1/payments?x=1", "/v1/accounts"})
    EXPECT_FALSE(pays_from_account(post(other, body))) << other;
}

TEST(HttpRoute, TakesForNoPaymentFromAnAccountWhatMightBeSomethingElse) {
  EXPECT_FALSE(pays_from_account(post("/v1/payments", R"({"card":{"number":"4"}})")));
  EXPECT_FALSE(pays_from_account(post("/v1/payments", R"({"\u0063ard":{"number":"4"}})")));
  auto of_a_page = post("/v1/payments");
  of_a_page.origin = "http://elsewhere.example";
  EXPECT_FALSE(pays_from_account(of_a_page));
  auto text = post("/v1/payments", "{}");
  text.content_type = "text/plain";
  EXPECT_FALSE(pays_from_account(text));
}

TEST(HttpRoute, ListsEveryRouteOnce) {
  auto all = routes();
  EXPECT_THAT(all, Contains("POST /v1/payments/{}/capture"));
  EXPECT_THAT(all, Contains("GET /healthz"));
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

TEST(HttpRoute, KnowsNothingElse) {
  for (const char* target : {"/", "/v1", "/v1/", "/v2/payments", "/v1/payments/", "//v1/payments",
                             "/v1/payments//capture", "/v1/payments/a/b/c", "/v1/x/../payments",
                             "/V1/payments", "/healthz/", "/v1/payments/a%2fcapture/void/x"})
    EXPECT_EQ(refusal(get(target)), "404 route_unknown") << target;
}

TEST(HttpRoute, RefusesTargetsThatAreNoPlainPath) {
  for (const char* target :
       {"", "*", "v1/status", "/v1/payments/%00", "/v1/payments/%", "/v1/payments/%4",
        "/v1/payments/%zz", "/v1/payments/%0a", "/v1/payments/%ff", "/v1/payments/\xff",
        "/v1/payments/a b", "/v1/status#x", "https://host/v1/status", "host:443", "http:///"})
    EXPECT_NE(refusal(get(target)), "") << target;
  EXPECT_EQ(refusal(get("/v1/payments/%00")), "400 target_malformed");
}

TEST(HttpRoute, TakesTheAbsoluteForm) {
  EXPECT_EQ(refusal(get("http://localhost:7410/v1/status")), "");
}

TEST(HttpRoute, NamesTheMethodsThatARouteHas) {
  for (const auto& [target, allowed] :
       {std::pair("/v1/payments", "POST, GET, HEAD"), std::pair("/v1/status", "GET, HEAD"),
        std::pair("/v1/crash", "POST"), std::pair("/v1/payments/a/capture", "POST")}) {
    const auto call = route({.method = "DELETE", .target = target});
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().status, 405U);
    EXPECT_THAT(call.error().headers, Contains(Pair("Allow", allowed)));
  }
}

TEST(HttpRoute, RoutesHeadAsGet) {
  EXPECT_EQ(refusal({.method = "HEAD", .target = "/healthz"}), "");
  EXPECT_EQ(refusal({.method = "HEAD", .target = "/v1/crash"}).substr(0, 3), "405");
}

TEST(HttpRoute, TakesBodiesOfJsonOnly) {
  auto request = post("/v1/payments");
  for (const char* type : {"", "text/plain", "application/jsonx", "multipart/form-data"}) {
    request.content_type = type;
    EXPECT_EQ(refusal(request), "415 content_type_unsupported") << type;
  }
  for (const char* type : {"application/json", "Application/JSON ; charset=utf-8"}) {
    request.content_type = type;
    EXPECT_EQ(refusal(request), "") << type;
  }
}

// A page from elsewhere in a browser on this machine reaches the loopback, too.
TEST(HttpRoute, RefusesPagesFromElsewhere) {
  auto request = get("/v1/payments");
  for (const char* origin : {"http://evil.example", "null", "https://127.0.0.1.evil.example:7410",
                             "http://127.0.0.1@evil.example"}) {
    request.origin = origin;
    EXPECT_EQ(refusal(request), "403 origin_not_allowed") << origin;
  }
  for (const char* origin : {"http://127.0.0.1:7410", "http://localhost", "http://[::1]:80"}) {
    request.origin = origin;
    EXPECT_EQ(refusal(request), "") << origin;
  }
}

TEST(HttpAnswer, GivesEveryTypeOfErrorItsStatus) {
  EXPECT_EQ(status_of(v1::Error::INVALID_REQUEST), 400U);
  EXPECT_EQ(status_of(v1::Error::PERMISSION), 403U);
  EXPECT_EQ(status_of(v1::Error::NOT_FOUND), 404U);
  EXPECT_EQ(status_of(v1::Error::CONFLICT), 409U);
  EXPECT_EQ(status_of(v1::Error::IDEMPOTENCY), 422U);
  EXPECT_EQ(status_of(v1::Error::INTERNAL), 500U);
  EXPECT_EQ(status_of(v1::Error::UNAVAILABLE), 503U);
  EXPECT_EQ(status_of(v1::Error::UNKNOWN_OUTCOME), 504U);
  EXPECT_EQ(status_of(v1::Error::TYPE_UNSPECIFIED), 500U);
}

TEST(HttpAnswer, ShowsThePaymentAndProvesItInHeaders) {
  v1::PaymentReply done;
  done.mutable_payment()->set_id("pay_1");
  done.set_replayed(true);
  done.mutable_receipt()->set_index(7);
  done.mutable_receipt()->set_hash("beef");
  done.mutable_refund()->set_id("ref_1");
  const auto response = answer(201, reply<v1::PaymentReply>(done));
  EXPECT_EQ(response.status, 201U);
  EXPECT_EQ(json::parse(response.body).at("id"), "pay_1");
  EXPECT_THAT(response.headers, testing::ElementsAre(Pair("Ducat-Receipt", "7/beef"),
                                                     Pair("Idempotent-Replayed", "true"),
                                                     Pair("Ducat-Refund", "ref_1")));
}

TEST(HttpAnswer, ShowsItsOwnDescription) {
  const auto response = openapi_answer();
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.content_type, "application/yaml");
  EXPECT_EQ(response.body.substr(0, 14), "openapi: 3.1.0");
}

TEST(HttpAnswer, TellsWhenToComeBack) {
  EXPECT_THAT(refuse(make_error(v1::Error::UNAVAILABLE, "c", "m")).headers,
              Contains(Pair("Retry-After", "1")));
}

} // namespace ducat::api
