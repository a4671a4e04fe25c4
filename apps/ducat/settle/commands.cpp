#include "settle/commands.hpp"

#include "client/show.hpp"
#include "settle/lists.hpp"

#include <ducat/wall_clock.hpp>

namespace ducat::cli {

namespace {

template <class List, class Row>
void print_one(std::ostream& out, const Row& row) {
  List list;
  *list.add_data() = row;
  print(out, list);
}

void print_changed(std::ostream& out, const v1::SettlementReply& done) {
  switch (done.changed_case()) {
  case v1::SettlementReply::kLedger:
    return print_one<v1::ListLedgersReply>(out, done.ledger());
  case v1::SettlementReply::kWindow:
    return print_one<v1::ListWindowsReply>(out, done.window());
  case v1::SettlementReply::kSettlement:
    return print_one<v1::ListSettlementsReply>(out, done.settlement());
  case v1::SettlementReply::kMerchant:
    return print_one<v1::ListMerchantsReply>(out, done.merchant());
  case v1::SettlementReply::kParticipant:
    return print_one<v1::ListParticipantsReply>(out, done.participant());
  case v1::SettlementReply::kPresented:
    out << "taken " << done.presented().taken() << ", known " << done.presented().known()
        << ", refused " << done.presented().refused() << '\n';
    return;
  case v1::SettlementReply::kDispute:
    out << done.dispute().payment_id() << " is " << v1::Dispute::State_Name(done.dispute().state())
        << ", " << done.dispute().amount() << '\n';
    return;
  case v1::SettlementReply::kBatches:
    return print(out, done.batches());
  case v1::SettlementReply::kExceptions:
    return print(out, done.exceptions(), wall_clock());
  case v1::SettlementReply::CHANGED_NOT_SET:
    return;
  }
}

failure no_such_thing(const char* code, const std::string& message, const char* param) {
  failure why{.kind = failure_kind::refused, .error = {}};
  why.error.set_type(v1::Error::NOT_FOUND);
  why.error.set_code(code);
  why.error.set_message(message);
  why.error.set_param(param);
  return why;
}

failure not_configured(const std::string& currency) {
  return no_such_thing("settlement_not_configured", "there is no settlement of " + currency,
                       "currency");
}

failure no_exception(const std::string& id) {
  return no_such_thing("exception_not_found", "there is no such exception " + id, "id");
}

} // namespace

exit_code show_changed(const session& with,
                       const tl::expected<v1::SettlementReply, failure>& reply) {
  return show(with, reply,
              [&](const v1::SettlementReply& done) { print_changed(with.io.out, done); });
}

tl::expected<v1::SettlementLedger, failure> find_ledger(const session& with,
                                                        const std::string& currency) {
  const auto all =
      call(with.limits, repetition::read, with.node, &v1::Settlements::Stub::ListLedgers, {});
  if (!all)
    return tl::unexpected(all.error());
  for (const v1::SettlementLedger& each : all->data())
    if (each.terms().currency() == currency)
      return each;
  return tl::unexpected(not_configured(currency));
}

exit_code show_exceptions(const session& with, const v1::ListSettlementExceptionsRequest& asked) {
  const auto found =
      call(with.limits, repetition::read, with.node, &v1::Settlements::Stub::ListExceptions, asked);
  if (found && found->data().empty() && !asked.id().empty())
    return report(with.io, no_exception(asked.id()), {});
  return show(with, found, [&](const v1::ListSettlementExceptionsReply& list) {
    if (asked.id().empty())
      print(with.io.out, list, wall_clock());
    else
      print_in_full(with.io.out, list.data(0), wall_clock());
  });
}

exit_code cut_window(const session& with, v1::CutWindow request) {
  if (request.window() == 0 || request.next_business_date() == 0) {
    v1::ListWindowsRequest newest;
    newest.set_currency(request.currency());
    newest.set_limit(1);
    const auto windows =
        call(with.limits, repetition::read, with.node, &v1::Settlements::Stub::ListWindows, newest);
    if (!windows)
      return report(with.io, windows.error(), {});
    if (windows->data().empty())
      return report(with.io, not_configured(request.currency()), {});
    const v1::Window& open = windows->data(0);
    if (request.window() == 0)
      request.set_window(open.number());
    if (request.next_business_date() == 0)
      request.set_next_business_date(open.business_date());
  }
  return settle(with, &v1::Settlements::Stub::CutWindow, request);
}

exit_code pay_out(const session& with, v1::BatchPayouts request) {
  if (request.batch() == 0) {
    const auto ledger = find_ledger(with, request.currency());
    if (!ledger)
      return report(with.io, ledger.error(), {});
    request.set_batch(ledger->next_batch());
  }
  return settle(with, &v1::Settlements::Stub::BatchPayouts, request);
}

} // namespace ducat::cli
