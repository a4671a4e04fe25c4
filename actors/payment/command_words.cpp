#include "payment/command_words.hpp"

#include <ducat/check.hpp>
#include <ducat/v1/journal.pb.h>

#include <google/protobuf/util/json_util.h>

namespace ducat::payment {

namespace {

/// Returns the name of what is set in `of`, as its field is called: decide_payment, say.
std::string kind_in(const google::protobuf::Message& of, const char* oneof_name) {
  const auto* const oneof = of.GetDescriptor()->FindOneofByName(oneof_name);
  const auto* const field = of.GetReflection()->GetOneofFieldDescriptor(of, oneof);
  return field == nullptr ? "" : field->name();
}

std::string target_in(const v1::SettlementCommand& command) {
  switch (command.kind_case()) {
  case v1::SettlementCommand::kConfigure:
    return command.configure().currency();
  case v1::SettlementCommand::kParticipant:
    return command.participant().id();
  case v1::SettlementCommand::kFund:
    return command.fund().id();
  case v1::SettlementCommand::kMerchant:
    return command.merchant().id();
  case v1::SettlementCommand::kDispute:
    return command.dispute().payment_id();
  case v1::SettlementCommand::kAbort:
    return command.abort().id();
  default:
    return {};
  }
}

} // namespace

std::string action_of(const v1::Command& command) {
  const std::string kind = kind_in(command, "kind");
  if (command.has_settlement())
    return kind + '.' + kind_in(command.settlement(), "kind");
  if (command.has_settlement_exception())
    return kind + '.' + kind_in(command.settlement_exception(), "kind");
  return kind;
}

std::string target_of(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kOpenAccount:
    return command.open_account().id();
  case v1::Command::kDecidePayment:
    return command.decide_payment().payment_id();
  case v1::Command::kResolveAdvice:
    return command.resolve_advice().payment_id();
  case v1::Command::kReconcileAcquirer:
    return command.reconcile_acquirer().link();
  case v1::Command::kPutEndpoint:
    return command.put_endpoint().id();
  case v1::Command::kRemoveEndpoint:
    return command.remove_endpoint().id();
  case v1::Command::kReplayEvents:
    return command.replay_events().endpoint_id();
  case v1::Command::kSettlement:
    return target_in(command.settlement());
  case v1::Command::kSettlementException:
    return command.settlement_exception().has_dispose()
               ? command.settlement_exception().dispose().id()
               : std::string{};
  default:
    return {};
  }
}

std::string detail_of(const v1::Command& command) {
  return command.has_decide_payment()   ? command.decide_payment().reason()
         : command.has_resolve_advice() ? command.resolve_advice().reason()
                                        : command.settlement_exception().dispose().reason();
}

std::string content_of(const v1::Command& command) {
  v1::Command shown = command;
  shown.clear_principal();
  shown.clear_by();
  if (shown.has_put_endpoint())
    shown.mutable_put_endpoint()->clear_secret();
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  DUCAT_CHECK(google::protobuf::util::MessageToJsonString(shown, &text, options).ok());
  return text;
}

} // namespace ducat::payment
