/// What is refused, and what has been done before.

#include "settlement/verdicts.hpp"

#include <algorithm>
#include <chrono>

namespace ducat::settlement {

bool is_date(std::uint32_t value) noexcept {
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(value / 10'000)},
                                        std::chrono::month{value / 100 % 100},
                                        std::chrono::day{value % 100}};
  return value >= 19'000'101 && value <= 29'991'231 && day.ok();
}

bool is_printable(std::string_view text, std::size_t longest) noexcept {
  return !text.empty() && text.size() <= longest &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

bool is_file_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 128 && text.front() != '.' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

verdict book::check(const v1::SettlementCommand& command, const surroundings& around) const {
  const verdict said = check_kind(command, around);
  if (said.why != refusal::none || said.changes_nothing)
    return said;
  for (const needed_account& each : names_of(command, around.accounts))
    if (!is_free_for(each, around.accounts))
      return refuse(refusal::account_exists, "id");
  return said;
}

verdict book::check_kind(const v1::SettlementCommand& command, const surroundings& around) const {
  switch (command.kind_case()) {
  case v1::SettlementCommand::kConfigure:
    return check(command.configure());
  case v1::SettlementCommand::kParticipant:
    return check(command.participant(), around);
  case v1::SettlementCommand::kFund:
    return check(command.fund(), around);
  case v1::SettlementCommand::kMerchant:
    return check(command.merchant(), around);
  case v1::SettlementCommand::kPresent:
    return check(command.present(), around);
  case v1::SettlementCommand::kCut:
    return check(command.cut());
  case v1::SettlementCommand::kStart:
    return check(command.start());
  case v1::SettlementCommand::kAdvance:
    return check(command.advance());
  case v1::SettlementCommand::kAbort:
    return check(command.abort());
  case v1::SettlementCommand::kFinalize:
    return check(command.finalize());
  case v1::SettlementCommand::kBatch:
    return check(command.batch());
  case v1::SettlementCommand::kResolve:
    return check(command.resolve());
  case v1::SettlementCommand::kFile:
    return check(command.file());
  case v1::SettlementCommand::kDispute: // The machine looks at the payment first.
  case v1::SettlementCommand::KIND_NOT_SET:
    break;
  }
  return refuse(refusal::command_malformed, "");
}

} // namespace ducat::settlement
