/// Exceptions of reconciliation: what they hold in suspense until somebody disposes of them.

#include "check/settlement.hpp"

#include <ducat/digest.hpp>

#include <algorithm>

namespace ducat::cli {

namespace {

constexpr std::uint64_t hour = std::uint64_t{3'600} * 1'000'000'000;

finding about_exception(finding_kind kind, const std::string& id, std::string text) {
  return make_finding(kind, id, std::move(text));
}

/// Returns the id that a difference has; what makes it one is the difference itself.
std::string id_of(const std::string& currency, const v1::SettlementDifference& what) {
  std::string numbers;
  for (const std::uint64_t each :
       {what.window(), static_cast<std::uint64_t>(what.leg()),
        static_cast<std::uint64_t>(what.what()), static_cast<std::uint64_t>(what.occurrence())})
    numbers += "/" + std::to_string(each);
  return "exc_" + to_hex(sha256({currency, numbers + "/", what.reference()})).substr(0, 32);
}

/// Returns what of a difference is in suspense: what the internal source has more of a currency
/// than the external one, after fees if both tell them.
std::vector<checked_exception::part> held_of(const v1::SettlementDifference& what) {
  const bool both_tell = what.has_internal() && what.has_external();
  const bool count_fees = !both_tell || (what.internal().has_fee() && what.external().has_fee());
  std::vector<std::pair<std::string, std::int64_t>> surplus;
  const auto add = [&](const v1::SettlementStatement& from, int sign) {
    const std::int64_t net = from.amount() - (count_fees ? from.fee() : 0);
    if (!surplus.empty() && surplus.back().first == from.currency())
      surplus.back().second += sign * net;
    else
      surplus.emplace_back(from.currency(), sign * net);
  };
  if (what.has_internal())
    add(what.internal(), 1);
  if (what.has_external())
    add(what.external(), -1);
  std::vector<checked_exception::part> parts;
  for (const auto& [currency, amount] : surplus)
    if (amount != 0)
      parts.push_back(
          {.currency = currency, .amount = amount < 0 ? -amount : amount, .is_excess = amount < 0});
  return parts;
}

} // namespace

std::optional<finding> settlement_book::apply(const v1::SettlementExceptionCommand& command,
                                              std::uint64_t at_ns) {
  switch (command.kind_case()) {
  case v1::SettlementExceptionCommand::kOpen:
    return apply(command.open(), at_ns);
  case v1::SettlementExceptionCommand::kAssign:
    return apply(command.assign());
  case v1::SettlementExceptionCommand::kDispose:
    return apply(command.dispose());
  case v1::SettlementExceptionCommand::kAlarm:
    return apply(command.alarm());
  case v1::SettlementExceptionCommand::KIND_NOT_SET:
    break;
  }
  return make_finding(finding_kind::broken, "command", "it is of no known kind of exception");
}

std::optional<finding> settlement_book::apply(const v1::OpenSettlementExceptions& command,
                                              std::uint64_t at_ns) {
  const checked_ledger* of = ledger(command.currency());
  std::set<std::string> currencies{command.currency()};
  bool is_news = false;
  for (const v1::SettlementDifference& each : command.differences()) {
    const std::string id = id_of(command.currency(), each);
    if (of == nullptr || each.window() == 0 || each.window() > of->windows.size())
      return about_exception(finding_kind::impossible, id, "it is about no window");
    if (of->windows[each.window() - 1].is_final)
      return about_exception(finding_kind::impossible, id, "its window is final");
    if (each.reference().empty() || !(each.has_internal() || each.has_external()))
      return about_exception(finding_kind::impossible, id, "it says nothing of either side");
    is_news = is_news || !exceptions_.contains(id);
    for (const checked_exception::part& part : held_of(each))
      currencies.insert(part.currency);
    if (each.has_internal())
      currencies.insert(each.internal().currency());
    if (each.has_external())
      currencies.insert(each.external().currency());
  }
  if (!is_news)
    return about_exception(finding_kind::doubled, "exceptions of " + command.currency(),
                           "they were opened before");
  if (!command.account().empty() && books_.find(command.account()) == books::none)
    return about_exception(finding_kind::impossible, command.account(),
                           "it bears a difference, and is no account");
  for (const std::string& currency : currencies)
    for (const char* kind : {"suspense", "liquidity", "fees"})
      (void)opened("settlement." + std::string{kind} + "." + currency, currency);
  for (const v1::SettlementDifference& each : command.differences()) {
    const auto [made, is_new] = exceptions_.try_emplace(id_of(command.currency(), each));
    if (!is_new)
      continue;
    checked_exception& one = made->second;
    one = {.currency = command.currency(),
           .window = each.window(),
           .bearer = command.account(),
           .owner = command.owner(),
           .suspense = held_of(each),
           .due_ns = command.due_hours() == 0 ? 0 : at_ns + command.due_hours() * hour};
    for (const checked_exception::part& part : one.suspense) {
      const bool is_borne = part.currency == one.currency && !one.bearer.empty();
      const std::string from = part.is_excess ? "settlement.liquidity." + part.currency
                               : is_borne     ? one.bearer
                                              : "settlement.fees." + part.currency;
      move(books_.find(from), books_.find("settlement.suspense." + part.currency), part.amount);
      suspense_[part.currency] += part.amount;
    }
  }
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::AssignSettlementException& command) {
  const auto found = exceptions_.find(command.id());
  if (found == exceptions_.end())
    return about_exception(finding_kind::impossible, command.id(),
                           "it is nobody's: it is not there");
  if (found->second.how != v1::DISPOSITION_UNSPECIFIED)
    return about_exception(finding_kind::impossible, command.id(), "it was disposed of before");
  if (found->second.owner == command.owner())
    return about_exception(finding_kind::doubled, command.id(), "it was that owner's before");
  found->second.owner = command.owner();
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::DisposeOfSettlementException& command) {
  const auto found = exceptions_.find(command.id());
  if (found == exceptions_.end())
    return about_exception(finding_kind::impossible, command.id(), "it is not there");
  if (found->second.how != v1::DISPOSITION_UNSPECIFIED)
    return about_exception(finding_kind::doubled, command.id(), "it was disposed of before");
  if (command.how() < v1::WRITE_OFF || command.how() > v1::LATE_MATCHED)
    return about_exception(finding_kind::impossible, command.id(), "disposed of in no known way");
  found->second.how = command.how();
  dispose(found->second);
  return std::nullopt;
}

/// Out of suspense: back to whom it came from, or on to whom it is due. What is written off is the
/// hub's, which pays what is missing out of its fees.
void settlement_book::dispose(const checked_exception& what) {
  for (const checked_exception::part& part : what.suspense) {
    const books::number fees = books_.find("settlement.fees." + part.currency);
    const books::number liquidity = books_.find("settlement.liquidity." + part.currency);
    const bool is_borne = part.currency == what.currency && !what.bearer.empty();
    const books::number bearer = is_borne ? books_.find(what.bearer) : fees;
    books::number to = part.is_excess ? liquidity : bearer;
    if (what.how == v1::ACCEPTED)
      to = part.is_excess ? bearer : liquidity;
    if (what.how == v1::WRITE_OFF && part.is_excess)
      to = fees;
    move(books_.find("settlement.suspense." + part.currency), to, part.amount);
    if (what.how == v1::WRITE_OFF && !part.is_excess)
      move(fees, liquidity, part.amount);
    suspense_[part.currency] -= part.amount;
  }
}

std::optional<finding> settlement_book::apply(const v1::RaiseSettlementAlarm& command) {
  const auto found = exceptions_.find(command.id());
  if (found == exceptions_.end() || found->second.how != v1::DISPOSITION_UNSPECIFIED)
    return about_exception(finding_kind::impossible, command.id(), "its alarm, and it is not open");
  if (found->second.is_alarmed)
    return about_exception(finding_kind::doubled, command.id(), "its alarm was raised before");
  if (found->second.due_ns == 0 || found->second.due_ns > command.at_ns())
    return about_exception(finding_kind::impossible, command.id(), "its time was not up");
  found->second.is_alarmed = true;
  return std::nullopt;
}

std::uint64_t settlement_book::open_exceptions(const std::string& currency,
                                               std::uint64_t window) const {
  return static_cast<std::uint64_t>(std::ranges::count_if(exceptions_, [&](const auto& each) {
    return each.second.currency == currency && each.second.window == window &&
           each.second.how == v1::DISPOSITION_UNSPECIFIED;
  }));
}

} // namespace ducat::cli
