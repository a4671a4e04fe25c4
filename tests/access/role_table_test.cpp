/// The table of roles, written down once more: who may ask for what.
#include "access/role_table.hpp"
#include "api/http_call.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <type_traits>

namespace ducat::access {
namespace {

using security::role;

/// viewer, merchant, operator, settler, chaos, admin: x where it may.
const std::map<std::string, std::string> expected = {
    {"CreatePaymentRequest", ".x...."},
    {"CapturePaymentRequest", ".x...."},
    {"VoidPaymentRequest", ".x...."},
    {"RefundPaymentRequest", ".x...."},
    {"GetPaymentRequest", "xxxxxx"},
    {"ListPaymentsRequest", "xxxxxx"},
    {"GetTimelineRequest", "xxxxxx"},
    {"GetAccountRequest", "xxxxxx"},
    {"ListAccountsRequest", "xxxxxx"},
    {"ListEventsRequest", "xxxxxx"},
    {"GetEventRequest", "xxxxxx"},
    {"CreateAccountRequest", ".....x"},
    {"DecidePaymentRequest", "..x..x"},
    {"ResolveAdviceRequest", "..x..x"},
    {"ReconcileRequest", "..x..x"},
    {"CreateWebhookRequest", "..x..x"},
    {"ChangeWebhookRequest", "..x..x"},
    {"ReplayWebhookRequest", "..x..x"},
    {"RetryDeadLetterRequest", "..x..x"},
    {"DiscardDeadLetterRequest", "..x..x"},
    {"ChangeLinkRequest", "..x..x"},
    {"ChangeNodeRequest", "..x..x"},
    {"AcknowledgeAlertRequest", "..x..x"},
    {"SilenceAlertsRequest", "..x..x"},
    {"LiftSilenceRequest", "..x..x"},
    {"SettlementCommand", "...x.."},
    {"SettlementExceptionCommand", "...x.."},
    {"CrashRequest", "....x."},
    {"ListAuditRequest", ".....x"},
    {"DecideChangeRequest", "..xx.x"},
    {"ListChangesRequest", "x.xxxx"},
    {"ArmFaultRequest", "....x."},
    {"DisarmFaultRequest", "....x."},
    {"ListAcquirersRequest", "x.xxxx"},
    {"ListExceptionsRequest", "x.xxxx"},
    {"ListWebhooksRequest", "x.xxxx"},
    {"GetWebhookRequest", "x.xxxx"},
    {"ListDeliveriesRequest", "x.xxxx"},
    {"SettlementQuestion", "x.xxxx"},
    {"ListSettlementExceptionsRequest", "x.xxxx"},
    {"StatusRequest", "x.xxxx"},
    {"TreeRequest", "x.xxxx"},
    {"FiguresRequest", "x.xxxx"},
    {"ListFaultsRequest", "x.xxxx"},
    {"ListDeadLettersRequest", "x.xxxx"},
    {"GetDeadLetterRequest", "x.xxxx"},
    {"ListNodesRequest", "x.xxxx"},
    {"ListGroupsRequest", "x.xxxx"},
    {"ListLinksRequest", "x.xxxx"},
    {"AvailabilityRequest", "x.xxxx"},
    {"ListAlertsRequest", "x.xxxx"},
};

TEST(RoleTable, IsAsWrittenDown) {
  const role columns[] = {role::viewer,  role::merchant, role::operator_,
                          role::settler, role::chaos,    role::admin};
  EXPECT_EQ(role_table().size(), expected.size());
  for (const auto& [request, roles] : expected)
    for (std::size_t i = 0; i < roles.size(); ++i)
      EXPECT_EQ(may_ask(columns[i], request), roles[i] == 'x')
          << request << " by " << to_string(columns[i]);
}

TEST(RoleTable, HasNothingForNodesAndTerminals) {
  for (const role_row& row : role_table()) {
    EXPECT_FALSE(may_ask(role::node, row.request)) << row.request;
    EXPECT_FALSE(may_ask(role::client, row.request)) << row.request;
  }
}

TEST(RoleTable, HasNothingForAnybodyThatIsNotInIt) {
  for (const role each : security::all_roles)
    for (const char* request : {"", "GetPayment", "ZRequest", "AARequest", "getpaymentrequest"})
      EXPECT_FALSE(may_ask(each, request)) << request;
}

template <class... Calls>
std::set<std::string> requests_in(const std::variant<Calls...>*) {
  std::set<std::string> names;
  const auto add = [&]<class Call>(const Call*) {
    if constexpr (std::is_base_of_v<google::protobuf::Message, Call>)
      names.insert(Call::descriptor()->name());
  };
  (add(static_cast<const Calls*>(nullptr)), ...);
  return names;
}

TEST(RoleTable, HasARowForEveryCallOfTheApi) {
  std::set<std::string> rows;
  for (const role_row& row : role_table())
    rows.emplace(row.request);
  EXPECT_EQ(rows, requests_in(static_cast<const api::http_call*>(nullptr)));
}

} // namespace
} // namespace ducat::access
