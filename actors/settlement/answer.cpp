/// Commands: which part takes them, and what is said to one that changes nothing.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"

#include <ducat/check.hpp>

namespace ducat::settlement {

v1::SettlementAnswer book::apply(const effect& on, const v1::SettlementCommand& command) {
  switch (command.kind_case()) {
  case v1::SettlementCommand::kConfigure:
    return apply(on, command.configure());
  case v1::SettlementCommand::kParticipant:
    return apply(on, command.participant());
  case v1::SettlementCommand::kFund:
    return apply(on, command.fund());
  case v1::SettlementCommand::kMerchant:
    return apply(on, command.merchant());
  case v1::SettlementCommand::kPresent:
    return apply(on, command.present());
  case v1::SettlementCommand::kCut:
    return apply(on, command.cut());
  case v1::SettlementCommand::kStart:
    return apply(on, command.start());
  case v1::SettlementCommand::kAdvance:
    return apply(on, command.advance());
  case v1::SettlementCommand::kAbort:
    return apply(on, command.abort());
  case v1::SettlementCommand::kFinalize:
    return apply(on, command.finalize());
  case v1::SettlementCommand::kBatch:
    return apply(on, command.batch());
  case v1::SettlementCommand::kResolve:
    return apply(on, command.resolve());
  case v1::SettlementCommand::kFile:
    return apply(on, command.file());
  case v1::SettlementCommand::kDispute:
  case v1::SettlementCommand::KIND_NOT_SET:
    break;
  }
  DUCAT_CHECK(command.has_configure()); // check() lets no other pass.
  return {};
}

/// What the command would have changed, as it is now.
v1::SettlementAnswer book::answer(const v1::SettlementCommand& command,
                                  const surroundings& around) const {
  v1::SettlementAnswer out;
  const auto show_settlement = [&](const std::string& id) {
    const settlement_record* found = find_settlement(id);
    *out.mutable_settlements()->add_data() = view(*found);
  };
  switch (command.kind_case()) {
  case v1::SettlementCommand::kConfigure:
    *out.mutable_ledgers()->add_data() = view(*find_ledger(command.configure().currency()));
    break;
  case v1::SettlementCommand::kParticipant:
  case v1::SettlementCommand::kFund: {
    const auto* found =
        find_participant(command.has_fund() ? command.fund().id() : command.participant().id());
    *out.mutable_participants()->add_data() =
        view(static_cast<std::uint32_t>(found - participants_.data()), around);
    break;
  }
  case v1::SettlementCommand::kMerchant:
    *out.mutable_merchants()->add_data() = view(*find_merchant(command.merchant().id()), around);
    break;
  case v1::SettlementCommand::kPresent:
    out.mutable_presented()->set_known(static_cast<std::uint64_t>(command.present().items_size()));
    break;
  case v1::SettlementCommand::kCut:
    *out.mutable_windows()->add_data() =
        view(*find_window(command.cut().currency(), command.cut().window()));
    break;
  case v1::SettlementCommand::kFinalize:
    *out.mutable_windows()->add_data() =
        view(*find_window(command.finalize().currency(), command.finalize().window()));
    break;
  case v1::SettlementCommand::kStart:
    if (const std::string id = settlement_id(command.start().currency(), command.start().number());
        find_settlement(id) != nullptr) {
      show_settlement(id);
      break;
    }
    for (const settlement_record& each : find_ledger(command.start().currency())->settlements)
      if (each.facts.first_window() == command.start().first_window() &&
          each.facts.state() != v1::Settlement::ABORTED)
        show_settlement(each.facts.id());
    break;
  case v1::SettlementCommand::kAdvance:
    show_settlement(command.advance().id());
    break;
  case v1::SettlementCommand::kAbort:
    show_settlement(command.abort().id());
    break;
  case v1::SettlementCommand::kBatch:
    *out.mutable_batches()->add_data() =
        find_batch(batch_id(command.batch().currency(), command.batch().batch())).second->facts;
    break;
  case v1::SettlementCommand::kResolve:
    break; // Nothing was new.
  case v1::SettlementCommand::kFile:
    if (find_settlement(command.file().of()) != nullptr)
      show_settlement(command.file().of());
    else
      *out.mutable_batches()->add_data() = find_batch(command.file().of()).second->facts;
    break;
  case v1::SettlementCommand::kDispute:
  case v1::SettlementCommand::KIND_NOT_SET:
    break;
  }
  return out;
}

} // namespace ducat::settlement
