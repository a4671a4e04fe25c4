#include "payment/dual_control.hpp"

#include <ducat/v1/journal.pb.h>

namespace ducat::payment {

namespace {

bool needs_second(const v1::SettlementCommand& command) {
  switch (command.kind_case()) {
  case v1::SettlementCommand::kConfigure:
  case v1::SettlementCommand::kParticipant:
  case v1::SettlementCommand::kFund:
  case v1::SettlementCommand::kMerchant:
  case v1::SettlementCommand::kAbort:
    return true;
  default:
    return false;
  }
}

} // namespace

bool needs_second(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kDecidePayment:
    return true;
  case v1::Command::kResolveAdvice:
    return command.resolve_advice().event() == v1::ResolveAdvice::SETTLED;
  case v1::Command::kPutEndpoint: // Another secret of one that is there.
    return !command.put_endpoint().is_new() && !command.put_endpoint().secret().empty();
  case v1::Command::kSettlement:
    return needs_second(command.settlement());
  case v1::Command::kSettlementException:
    return command.settlement_exception().has_dispose();
  default:
    return false;
  }
}

} // namespace ducat::payment
