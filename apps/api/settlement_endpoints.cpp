/// The routes of settlement. A command's body is its message; a list's parameters are its fields.

#include "api/http_endpoints.hpp"
#include "api/json.hpp"

#include <charconv>

namespace ducat::api {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using made_settlement_call = checked<http_call>;

template <class Request>
using command_part = Request* (v1::SettlementCommand::*)();

template <class Request>
using question_part = Request* (v1::SettlementQuestion::*)();

checked<void> body_into(const http_request& request, Message& asked) {
  return request.body.empty() ? checked<void>{} : parse_json(request.body, asked);
}

/// A command whose body says all.
template <class Request, command_part<Request> part>
made_settlement_call settle(const http_request& request, const target&, const std::string&) {
  v1::SettlementCommand command;
  const auto good = body_into(request, *(command.*part)());
  return good ? made_settlement_call{command} : tl::unexpected<v1::Error>(good.error());
}

/// A command about what the path names.
template <class Request, command_part<Request> part>
made_settlement_call settle_named(const http_request& request, const target&,
                                  const std::string& id) {
  v1::SettlementCommand command;
  Request& asked = *(command.*part)();
  if (const auto good = body_into(request, asked); !good)
    return tl::unexpected<v1::Error>(good.error());
  if (!asked.id().empty() && asked.id() != id)
    return invalid("id_mismatch", "the id in the body is not the one in the path", "id");
  asked.set_id(id);
  return command;
}

/// The key is a header, as everywhere.
made_settlement_call fund(const http_request& request, const target&, const std::string& id) {
  v1::SettlementCommand command;
  v1::FundParticipant& asked = *command.mutable_fund();
  if (const auto good = body_into(request, asked); !good)
    return tl::unexpected<v1::Error>(good.error());
  if (!asked.id().empty() && asked.id() != id)
    return invalid("id_mismatch", "the id in the body is not the one in the path", "id");
  auto key = idempotency_key(request);
  if (!key)
    return tl::unexpected<v1::Error>(key.error());
  if (!asked.idempotency_key().empty())
    return invalid("idempotency_key_in_body", "the key belongs into the header Idempotency-Key",
                   "idempotency_key");
  asked.set_id(id);
  asked.set_idempotency_key(std::move(*key));
  return command;
}

template <class Number>
bool parse_number(const std::string& digits, Number& into) {
  const char* const end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, into);
  return !digits.empty() && failure == std::errc{} && stop == end;
}

/// Returns whether `value` is one of the field's type; then `asked` has it.
bool set_field(const FieldDescriptor& field, const std::string& value, Message& asked) {
  const auto& access = *asked.GetReflection();
  switch (field.cpp_type()) {
  case FieldDescriptor::CPPTYPE_STRING:
    access.SetString(&asked, &field, value);
    return true;
  case FieldDescriptor::CPPTYPE_UINT32: {
    std::uint32_t number = 0;
    const bool good = parse_number(value, number);
    access.SetUInt32(&asked, &field, number);
    return good;
  }
  case FieldDescriptor::CPPTYPE_UINT64: {
    std::uint64_t number = 0;
    const bool good = parse_number(value, number);
    access.SetUInt64(&asked, &field, number);
    return good;
  }
  case FieldDescriptor::CPPTYPE_BOOL:
    access.SetBool(&asked, &field, value == "true");
    return value == "true" || value == "false";
  default:
    return false;
  }
}

template <class Request, question_part<Request> part>
made_settlement_call find(const http_request&, const target& parsed, const std::string&) {
  v1::SettlementQuestion question;
  Request& asked = *(question.*part)();
  for (const auto& [name, value] : parsed.query) {
    const FieldDescriptor* field = Request::descriptor()->FindFieldByName(name);
    if (field == nullptr)
      return invalid("parameter_unknown", "this list has no such parameter", name);
    if (!set_field(*field, value, asked))
      return invalid("parameter_invalid", "this parameter has another type", name);
  }
  return question;
}

} // namespace

std::vector<endpoint> settlement_endpoints() {
  using namespace v1;
  using to = SettlementCommand;
  using of = SettlementQuestion;
  return {
      {"POST",
       {"v1", "settlement", "ledgers"},
       settle<ConfigureSettlement, &to::mutable_configure>},
      {"GET", {"v1", "settlement", "ledgers"}, find<ListLedgersRequest, &of::mutable_ledgers>},
      {"POST",
       {"v1", "settlement", "participants"},
       settle<PutParticipant, &to::mutable_participant>},
      {"GET",
       {"v1", "settlement", "participants"},
       find<ListParticipantsRequest, &of::mutable_participants>,
       true},
      {"POST", {"v1", "settlement", "participants", wildcard, "fund"}, fund},
      {"POST", {"v1", "settlement", "merchants"}, settle<PutMerchant, &to::mutable_merchant>},
      {"GET",
       {"v1", "settlement", "merchants"},
       find<ListMerchantsRequest, &of::mutable_merchants>,
       true},
      {"POST", {"v1", "settlement", "captures"}, settle<PresentCaptures, &to::mutable_present>},
      {"POST", {"v1", "settlement", "disputes"}, settle<DisputePayment, &to::mutable_dispute>},
      {"POST", {"v1", "settlement", "cuts"}, settle<CutWindow, &to::mutable_cut>},
      {"POST", {"v1", "settlement", "finals"}, settle<FinalizeWindow, &to::mutable_finalize>},
      {"GET",
       {"v1", "settlement", "windows"},
       find<ListWindowsRequest, &of::mutable_windows>,
       true},
      {"GET",
       {"v1", "settlement", "merchant_windows"},
       find<ListMerchantWindowsRequest, &of::mutable_merchant_windows>,
       true},
      {"GET",
       {"v1", "settlement", "members"},
       find<ListMembersRequest, &of::mutable_members>,
       true},
      {"GET",
       {"v1", "settlement", "positions"},
       find<ListPositionsRequest, &of::mutable_positions>,
       true},
      {"POST", {"v1", "settlement", "settlements"}, settle<StartSettlement, &to::mutable_start>},
      {"GET",
       {"v1", "settlement", "settlements"},
       find<ListSettlementsRequest, &of::mutable_settlements>,
       true},
      {"POST",
       {"v1", "settlement", "settlements", wildcard, "abort"},
       settle_named<AbortSettlement, &to::mutable_abort>},
      {"POST", {"v1", "settlement", "batches"}, settle<BatchPayouts, &to::mutable_batch>},
      {"GET",
       {"v1", "settlement", "batches"},
       find<ListPayoutBatchesRequest, &of::mutable_batches>,
       true},
      {"GET",
       {"v1", "settlement", "payouts"},
       find<ListPayoutsRequest, &of::mutable_payouts>,
       true},
      {"POST", {"v1", "settlement", "results"}, settle<ResolvePayouts, &to::mutable_resolve>},
  };
}

} // namespace ducat::api
