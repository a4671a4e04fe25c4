#include "client/payment_commands.hpp"

#include "client/declined.hpp"
#include "client/pages.hpp"
#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <fstream>
#include <istream>
#include <map>
#include <ostream>
#include <random>

namespace ducat::cli {

namespace {

colour colour_of(v1::Payment::State state) {
  switch (state) {
  case v1::Payment::CAPTURED:
    return colour::green;
  case v1::Payment::DECLINED:
    return colour::red;
  case v1::Payment::CREATED:
  case v1::Payment::AUTHORIZED:
    return colour::yellow;
  default:
    return colour::plain;
  }
}

std::string unless_zero(std::int64_t value) {
  return value == 0 ? "" : std::to_string(value);
}

std::string text_of(const v1::Attempt& attempt) {
  std::string text = (attempt.carrier().empty() ? attempt.link() : attempt.carrier()) + " " +
                     v1::Attempt::State_Name(attempt.state()) + " stan " +
                     std::to_string(attempt.stan()) + " rrn " + attempt.rrn();
  for (const auto& [name, value] :
       {std::pair{"response", attempt.response_code()},
        std::pair{"approval", attempt.approval_code()}, std::pair{"because", attempt.reason()}})
    if (!value.empty())
      text += std::string{", "} + name + " " + printable(value);
  if (attempt.reversed_again())
    return text + ", approved after its reversal was accepted";
  return text + (attempt.late_approval() ? ", approved too late" : "");
}

std::string text_of(const v1::Advice& advice) {
  std::string text = v1::Advice::Kind_Name(advice.kind()) + " " + std::to_string(advice.amount()) +
                     " " + v1::Advice::State_Name(advice.state()) + " stan " +
                     std::to_string(advice.stan());
  for (const auto& [name, value] :
       {std::pair{"response", advice.response_code()}, std::pair{"because", advice.reason()}})
    if (!value.empty())
      text += std::string{", "} + name + " " + printable(value);
  return text;
}

std::string text_of(const v1::Membership& where) {
  std::string text = v1::Membership::State_Name(where.state()) + ", window " +
                     std::to_string(where.window()) + " of " +
                     std::to_string(where.business_date());
  for (const std::string& id : {where.settlement(), where.payout()})
    text += id.empty() ? "" : ", " + id;
  return text;
}

using field_list = std::vector<std::pair<std::string, std::string>>;

field_list fields_of(const console& io, const v1::Payment& payment) {
  const bool is_manual = payment.capture_method() == v1::MANUAL;
  field_list fields{
      {"id", payment.id()},
      {"state", painted(io, colour_of(payment.state()), v1::Payment::State_Name(payment.state()))},
      {"declined by", payment.decline_code()},
      {"not sent", printable(payment.failure_reason())},
      {"from", payment.from()},
      {"to", payment.to()},
      {"amount", std::to_string(payment.amount()) + " " + payment.currency()},
      {"capture", is_manual ? "manual" : "automatic"},
      {"captured", unless_zero(payment.captured())},
      {"refunded", unless_zero(payment.refunded())},
      {"description", printable(payment.description())}};
  if (!payment.card().empty())
    fields.emplace_back("card", payment.card());
  if (!payment.terminal().empty())
    fields.emplace_back("terminal", printable(payment.terminal()) +
                                        (payment.taken_back() ? ", which has taken it back" : ""));
  if (payment.has_settlement())
    fields.emplace_back("settlement", text_of(payment.settlement()));
  for (const v1::Attempt& each : payment.attempts())
    fields.emplace_back("attempt", text_of(each));
  for (const v1::Advice& each : payment.advices())
    fields.emplace_back("advice", text_of(each));
  const std::map<std::string, std::string> sorted{payment.metadata().begin(),
                                                  payment.metadata().end()};
  for (const auto& [key, value] : sorted)
    fields.emplace_back("metadata", key + "=" + printable(value));
  return fields;
}

std::string text_of(const v1::Refund& refund) {
  return refund.id() + " " + std::to_string(refund.amount()) + " " +
         v1::Refund::State_Name(refund.state()) +
         (refund.decline_code().empty() ? "" : " (" + refund.decline_code() + ")");
}

/// What happened to it, in the order of the log.
void print_timeline(std::ostream& out, const v1::Payment& payment) {
  if (payment.timeline().empty())
    return;
  table rows{{{"ENTRY", align::right},
              {"TIME"},
              {"EVENT"},
              {"ATTEMPT", align::right},
              {"BY"},
              {"DETAIL"}}};
  for (const v1::PaymentEvent& each : payment.timeline())
    rows.add({std::to_string(each.index()), utc({each.at_ns()}), each.what(),
              each.attempt() == 0 ? "" : std::to_string(each.attempt()), each.by(),
              printable(each.detail())});
  out << '\n';
  rows.print(out);
}

void print(const console& io, const v1::PaymentReply& reply) {
  field_list fields = fields_of(io, reply.payment());
  if (reply.has_refund())
    fields.emplace_back("refund", text_of(reply.refund()));
  fields.emplace_back("receipt", std::to_string(reply.receipt().index()) + "/" +
                                     reply.receipt().hash().substr(0, 16));
  fields.emplace_back("replayed", reply.replayed() ? "yes" : "");
  print_fields(io.out, fields);
}

void print(std::ostream& out, const v1::ListPaymentsReply& list) {
  table rows{{{"PAYMENT"},
              {"STATE"},
              {"AMOUNT", align::right},
              {"CURRENCY"},
              {"CAPTURED", align::right},
              {"REFUNDED", align::right},
              {"FROM"},
              {"TO"}}};
  for (const v1::Payment& payment : list.data())
    rows.add({payment.id(), v1::Payment::State_Name(payment.state()),
              std::to_string(payment.amount()), payment.currency(),
              std::to_string(payment.captured()), std::to_string(payment.refunded()),
              payment.from(), payment.to()});
  rows.print(out);
  if (list.has_more() && !list.data().empty())
    out << "more: --after " << list.data().rbegin()->id() << '\n';
}

std::string random_key() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device device;
  std::string key = "cli-";
  for (int i = 0; i < 32; ++i)
    key += digits[device() % digits.size()];
  return key;
}

template <class Request>
void ensure_key(const console& io, Request& request) {
  if (!request.idempotency_key().empty())
    return;
  request.set_idempotency_key(random_key());
  io.err << "key: " << request.idempotency_key() << std::endl;
}

/// An operator can void an automatic payment between its hold and its capture.
bool was_not_paid(const v1::CreatePaymentRequest&, const v1::PaymentReply& reply) {
  switch (reply.payment().state()) {
  case v1::Payment::VOIDED:
  case v1::Payment::REVERSED:
  case v1::Payment::FAILED:
  case v1::Payment::EXPIRED:
    return true;
  case v1::Payment::PARTIALLY_AUTHORIZED: // Not captured: that is for the payee to say.
    return reply.payment().capture_method() == v1::AUTOMATIC;
  default:
    return is_declined(reply);
  }
}

/// Nobody knows yet what an acquirer has made of it.
bool is_in_doubt(const v1::PaymentReply& reply) {
  switch (reply.payment().state()) {
  case v1::Payment::CREATED: // No acquirer was asked yet.
    return !reply.payment().card().empty();
  case v1::Payment::AUTHORIZING:
  case v1::Payment::IN_DOUBT:
  case v1::Payment::EXCEPTION:
    return true;
  default:
    return false;
  }
}

template <class Request>
bool was_not_paid(const Request&, const v1::PaymentReply& reply) {
  return is_declined(reply);
}

template <class Request>
exit_code change(const session& with, Request request,
                 grpc::Status (v1::Payments::Stub::*method)(grpc::ClientContext*, const Request&,
                                                            v1::PaymentReply*)) {
  ensure_key(with.io, request);
  const auto reply = call(with.limits, repetition::keyed, with.node, method, request);
  const exit_code code = show(
      with, reply, [&](const v1::PaymentReply& done) { print(with.io, done); },
      "--key " + request.idempotency_key());
  if (reply && is_in_doubt(*reply))
    return exit_code::unknown;
  return reply && was_not_paid(request, *reply) ? exit_code::failed : code;
}

} // namespace

bool read_card(const std::string& path, std::istream& in, v1::Card& into) {
  std::ifstream file;
  if (path != "-")
    file.open(path);
  std::istream& from = path == "-" ? in : file;
  std::getline(from, *into.mutable_number());
  std::getline(from, *into.mutable_security_code());
  return !into.number().empty();
}

exit_code create_payment(const session& with, v1::CreatePaymentRequest request) {
  return change(with, std::move(request), &v1::Payments::Stub::CreatePayment);
}

exit_code capture_payment(const session& with, v1::CapturePaymentRequest request) {
  return change(with, std::move(request), &v1::Payments::Stub::CapturePayment);
}

exit_code void_payment(const session& with, v1::VoidPaymentRequest request) {
  return change(with, std::move(request), &v1::Payments::Stub::VoidPayment);
}

exit_code refund_payment(const session& with, v1::RefundPaymentRequest request) {
  return change(with, std::move(request), &v1::Payments::Stub::RefundPayment);
}

exit_code decide_payment(const session& with, v1::DecidePaymentRequest request) {
  return change(with, std::move(request), &v1::Payments::Stub::DecidePayment);
}

exit_code show_payment(const session& with, const std::string& id) {
  v1::GetPaymentRequest request;
  request.set_id(id);
  const auto payment =
      call(with.limits, repetition::read, with.node, &v1::Payments::Stub::GetPayment, request);
  return show(with, payment, [&](const v1::Payment& found) {
    print_fields(with.io.out, fields_of(with.io, found));
    print_timeline(with.io.out, found);
  });
}

exit_code list_payments(const session& with, const page_options& page) {
  const auto list = fetch_pages<v1::ListPaymentsRequest, v1::ListPaymentsReply>(
      page, [&](const v1::ListPaymentsRequest& request) {
        return call(with.limits, repetition::read, with.node, &v1::Payments::Stub::ListPayments,
                    request);
      });
  return show(with, list, [&](const v1::ListPaymentsReply& found) { print(with.io.out, found); });
}

} // namespace ducat::cli
