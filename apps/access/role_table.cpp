#include "access/role_table.hpp"

#include <algorithm>
#include <initializer_list>

namespace ducat::access {

namespace {

using security::role;

constexpr std::uint8_t all_of(std::initializer_list<role> roles) {
  unsigned bits = 0;
  for (const role each : roles)
    bits |= 1U << static_cast<unsigned>(each);
  return static_cast<std::uint8_t>(bits);
}

constexpr std::uint8_t merchants = all_of({role::merchant});
constexpr std::uint8_t staff =
    all_of({role::viewer, role::operator_, role::settler, role::chaos, role::admin});
constexpr std::uint8_t everybody = staff | merchants;
constexpr std::uint8_t operators = all_of({role::operator_, role::admin});
constexpr std::uint8_t settlers = all_of({role::settler});
constexpr std::uint8_t deciders = operators | settlers;
constexpr std::uint8_t saboteurs = all_of({role::chaos});
constexpr std::uint8_t admins = all_of({role::admin});

constexpr role_row table[] = {
    {"AcknowledgeAlertRequest", operators},
    {"ArmFaultRequest", saboteurs},
    {"AvailabilityRequest", staff},
    {"CapturePaymentRequest", merchants},
    {"ChangeLinkRequest", operators},
    {"ChangeNodeRequest", operators},
    {"ChangeWebhookRequest", operators},
    {"CrashRequest", saboteurs},
    {"CreateAccountRequest", admins},
    {"CreatePaymentRequest", merchants},
    {"CreateWebhookRequest", operators},
    {"DecideChangeRequest", deciders},
    {"DecidePaymentRequest", operators},
    {"DisarmFaultRequest", saboteurs},
    {"DiscardDeadLetterRequest", operators},
    {"FiguresRequest", staff},
    {"GetAccountRequest", everybody},
    {"GetDeadLetterRequest", staff},
    {"GetEventRequest", everybody},
    {"GetPaymentRequest", everybody},
    {"GetTimelineRequest", everybody},
    {"GetWebhookRequest", staff},
    {"LiftSilenceRequest", operators},
    {"ListAccountsRequest", everybody},
    {"ListAcquirersRequest", staff},
    {"ListAlertsRequest", staff},
    {"ListAuditRequest", admins},
    {"ListChangesRequest", staff},
    {"ListDeadLettersRequest", staff},
    {"ListDeliveriesRequest", staff},
    {"ListEventsRequest", everybody},
    {"ListExceptionsRequest", staff},
    {"ListFaultsRequest", staff},
    {"ListGroupsRequest", staff},
    {"ListLinksRequest", staff},
    {"ListNodesRequest", staff},
    {"ListPaymentsRequest", everybody},
    {"ListSettlementExceptionsRequest", staff},
    {"ListWebhooksRequest", staff},
    {"ReconcileRequest", operators},
    {"RefundPaymentRequest", merchants},
    {"ReplayWebhookRequest", operators},
    {"ResolveAdviceRequest", operators},
    {"RetryDeadLetterRequest", operators},
    {"SettlementCommand", settlers},
    {"SettlementExceptionCommand", settlers},
    {"SettlementQuestion", staff},
    {"SilenceAlertsRequest", operators},
    {"StatusRequest", staff},
    {"TreeRequest", staff},
    {"VoidPaymentRequest", merchants},
};

static_assert(std::ranges::is_sorted(table, {}, &role_row::request));

} // namespace

std::span<const role_row> role_table() noexcept {
  return table;
}

bool may_ask(security::role who, std::string_view request) noexcept {
  const auto* const row = std::ranges::lower_bound(table, request, {}, &role_row::request);
  return row != std::end(table) && row->request == request && row->has(who);
}

} // namespace ducat::access
