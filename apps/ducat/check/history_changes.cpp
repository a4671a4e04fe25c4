/// Whether what needs two persons had two.

#include "check/history.hpp"
#include "check/two_persons.hpp"

#include <string>
#include <utility>

namespace ducat::cli {

bool is_for_two(const v1::Command& command) {
  if (!command.has_principal() || command.principal().alone())
    return false;
  const v1::SettlementCommand& settlement = command.settlement();
  const v1::PutEndpoint& endpoint = command.put_endpoint();
  if (!endpoint.is_new() && !endpoint.secret().empty())
    return true;
  return command.has_decide_payment() ||
         command.resolve_advice().event() == v1::ResolveAdvice::SETTLED ||
         command.settlement_exception().has_dispose() || settlement.has_configure() ||
         settlement.has_participant() || settlement.has_fund() || settlement.has_merchant() ||
         settlement.has_abort();
}

/// What it asks for is judged as if it were asked for now.
history::answer history::apply(const v1::DecideChange& command, const v1::Principal& by) {
  const auto found = pending_.find(command.number());
  const std::string subject = "chg_" + std::to_string(command.number());
  if (found == pending_.end())
    return make_finding(finding_kind::impossible, subject, "it was decided and is not pending");
  const v1::Command asked_for = std::move(found->second);
  pending_.erase(found);
  if (command.decision() != v1::DecideChange::APPROVED)
    return std::nullopt;
  if (by.name().empty() || by.name() == asked_for.principal().name())
    return make_finding(finding_kind::impossible, subject, "one person alone had it done");
  const bool is_settlement = asked_for.has_settlement() || asked_for.has_settlement_exception();
  const bool may_approve =
      is_settlement ? by.role() == "settler" : by.role() == "operator" || by.role() == "admin";
  if (!may_approve)
    return make_finding(finding_kind::impossible, subject, by.role() + " approved it");
  return apply_now(asked_for);
}

} // namespace ducat::cli
