/// The routes of settlement. A command's body is its message; a list's parameters are its fields.

#include "api/http_endpoints.hpp"
#include "api/json.hpp"

#include <charconv>

namespace ducat::api {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using made_settlement_call = checked<http_call>;

/// What `part`, such as &v1::SettlementCommand::mutable_cut, is a part of.
template <class>
struct command_part;

template <class Whole, class Part>
struct command_part<Part* (Whole::*)()> {
  using whole = Whole;
};

template <auto part>
using whole_of = typename command_part<decltype(part)>::whole;

checked<void> body_into(const http_request& request, Message& asked) {
  return request.body.empty() ? checked<void>{} : parse_json(request.body, asked);
}

/// A command whose body says all.
template <auto part>
made_settlement_call settle(const http_request& request, const target&, const std::string&) {
  whole_of<part> command;
  const auto good = body_into(request, *(command.*part)());
  return good ? made_settlement_call{command} : tl::unexpected<v1::Error>(good.error());
}

/// A command about what the path names.
template <auto part>
made_settlement_call settle_named(const http_request& request, const target&,
                                  const std::string& id) {
  whole_of<part> command;
  auto& asked = *(command.*part)();
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

checked<void> query_into(const target& parsed, Message& asked) {
  for (const auto& [name, value] : parsed.query) {
    const FieldDescriptor* field = asked.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr)
      return invalid("parameter_unknown", "this list has no such parameter", name);
    if (!set_field(*field, value, asked))
      return invalid("parameter_invalid", "this parameter has another type", name);
  }
  return {};
}

template <auto part>
made_settlement_call find(const http_request&, const target& parsed, const std::string&) {
  whole_of<part> question;
  const auto good = query_into(parsed, *(question.*part)());
  return good ? made_settlement_call{question} : tl::unexpected<v1::Error>(good.error());
}

made_settlement_call find_exceptions(const http_request&, const target& parsed,
                                     const std::string&) {
  v1::ListSettlementExceptionsRequest question;
  const auto good = query_into(parsed, question);
  return good ? made_settlement_call{question} : tl::unexpected<v1::Error>(good.error());
}

} // namespace

std::vector<endpoint> settlement_endpoints() {
  using to = v1::SettlementCommand;
  using about = v1::SettlementExceptionCommand;
  using of = v1::SettlementQuestion;
  return {
      {"POST", {"v1", "settlement", "ledgers"}, settle<&to::mutable_configure>},
      {"GET", {"v1", "settlement", "ledgers"}, find<&of::mutable_ledgers>},
      {"POST", {"v1", "settlement", "participants"}, settle<&to::mutable_participant>},
      {"GET", {"v1", "settlement", "participants"}, find<&of::mutable_participants>, true},
      {"POST", {"v1", "settlement", "participants", wildcard, "fund"}, fund},
      {"POST", {"v1", "settlement", "merchants"}, settle<&to::mutable_merchant>},
      {"GET", {"v1", "settlement", "merchants"}, find<&of::mutable_merchants>, true},
      {"POST",
       {"v1", "settlement", "captures"},
       settle<&to::mutable_present>,
       false,
       list_bytes_max},
      {"POST", {"v1", "settlement", "disputes"}, settle<&to::mutable_dispute>},
      {"POST", {"v1", "settlement", "cuts"}, settle<&to::mutable_cut>},
      {"POST", {"v1", "settlement", "finals"}, settle<&to::mutable_finalize>},
      {"GET", {"v1", "settlement", "windows"}, find<&of::mutable_windows>, true},
      {"GET", {"v1", "settlement", "merchant_windows"}, find<&of::mutable_merchant_windows>, true},
      {"GET", {"v1", "settlement", "members"}, find<&of::mutable_members>, true},
      {"GET", {"v1", "settlement", "positions"}, find<&of::mutable_positions>, true},
      {"POST", {"v1", "settlement", "settlements"}, settle<&to::mutable_start>},
      {"GET", {"v1", "settlement", "settlements"}, find<&of::mutable_settlements>, true},
      {"POST",
       {"v1", "settlement", "settlements", wildcard, "abort"},
       settle_named<&to::mutable_abort>},
      {"POST", {"v1", "settlement", "batches"}, settle<&to::mutable_batch>},
      {"GET", {"v1", "settlement", "batches"}, find<&of::mutable_batches>, true},
      {"GET", {"v1", "settlement", "payouts"}, find<&of::mutable_payouts>, true},
      {"POST", {"v1", "settlement", "exceptions"}, settle<&about::mutable_open>},
      {"GET", {"v1", "settlement", "exceptions"}, find_exceptions, true},
      {"POST",
       {"v1", "settlement", "exceptions", wildcard, "assign"},
       settle_named<&about::mutable_assign>},
      {"POST",
       {"v1", "settlement", "exceptions", wildcard, "dispose"},
       settle_named<&about::mutable_dispose>},
      {"POST",
       {"v1", "settlement", "results"},
       settle<&to::mutable_resolve>,
       false,
       list_bytes_max},
  };
}

} // namespace ducat::api
