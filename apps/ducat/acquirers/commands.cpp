#include "acquirers/commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <chrono>
#include <ostream>
#include <thread>
#include <vector>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

using acquirer_list = tl::expected<v1::ListAcquirersReply, failure>;

std::string text_of(const v1::Tally& tally) {
  return std::to_string(tally.count()) + " / " + std::to_string(tally.amount());
}

std::string state_of(const v1::Acquirer& acquirer) {
  return acquirer.state() == v1::Acquirer::STATE_UNSPECIFIED
             ? ""
             : v1::Acquirer::State_Name(acquirer.state());
}

void print(std::ostream& out, const v1::ListAcquirersReply& list) {
  table rows{{{"ACQUIRER"},
              {"CURRENCY"},
              {"PAID", align::right},
              {"REVERSED", align::right},
              {"REFUNDED", align::right},
              {"OWED", align::right},
              {"PERIODS", align::right},
              {"RECONCILIATION"},
              {"SINCE"}}};
  for (const v1::Acquirer& each : list.data())
    rows.add({each.link(), each.currency(), text_of(each.totals().debits()),
              text_of(each.totals().debit_reversals()), text_of(each.totals().credits()),
              std::to_string(each.owed()), std::to_string(each.periods()), state_of(each),
              each.begun_at_ns() == 0 ? "" : utc({each.begun_at_ns()})});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListExceptionsReply& list) {
  table rows{{{"EXCEPTION"},
              {"PAYMENT"},
              {"ADVICE", align::right},
              {"ACQUIRER"},
              {"AMOUNT", align::right},
              {"CURRENCY"},
              {"SINCE"},
              {"WHAT"}}};
  for (const v1::Exception& each : list.data())
    rows.add({v1::Exception::Kind_Name(each.kind()), each.payment_id(),
              each.advice() == 0 ? "" : std::to_string(each.advice()), each.link(),
              each.amount() == 0 ? "" : std::to_string(each.amount()), each.currency(),
              utc({each.since_ns()}), printable(each.what())});
  rows.print(out);
  if (list.has_more())
    out << "and more\n";
}

/// What was told, and of one out of balance what was heard.
void print_comparison(std::ostream& out, const v1::Acquirer& acquirer) {
  out << acquirer.link() << ' ' << acquirer.currency() << ' ' << state_of(acquirer) << '\n';
  const bool differs = acquirer.state() == v1::Acquirer::OUT_OF_BALANCE;
  table rows{{{"TOTALS"}, {"OURS", align::right}, {differs ? "THEIRS" : "", align::right}}};
  const auto add = [&](const char* name, const v1::Tally& ours, const v1::Tally& theirs) {
    rows.add({name, text_of(ours), differs ? text_of(theirs) : ""});
  };
  add("paid", acquirer.ours().debits(), acquirer.theirs().debits());
  add("reversed", acquirer.ours().debit_reversals(), acquirer.theirs().debit_reversals());
  add("refunded", acquirer.ours().credits(), acquirer.theirs().credits());
  add("refunds reversed", acquirer.ours().credit_reversals(), acquirer.theirs().credit_reversals());
  rows.print(out);
}

acquirer_list fetch(const session& with) {
  return call(with.limits, repetition::read, with.node, &v1::Acquirers::Stub::ListAcquirers, {});
}

/// Begins them, and returns those that were begun.
tl::expected<std::vector<v1::Acquirer>, failure> begin(const session& with, const std::string& link,
                                                       const std::vector<std::string>& currencies) {
  std::vector<v1::Acquirer> begun;
  for (const std::string& currency : currencies) {
    v1::ReconcileRequest request;
    request.set_link(link);
    request.set_currency(currency);
    auto reply =
        call(with.limits, repetition::once, with.node, &v1::Acquirers::Stub::Reconcile, request);
    if (!reply)
      return tl::unexpected(reply.error());
    begun.push_back(std::move(*reply));
  }
  return begun;
}

/// Returns the reconciliation that `begun` has come to.
v1::Acquirer newest_of(const v1::Acquirer& begun, const v1::ListAcquirersReply& in) {
  for (const v1::Acquirer& each : in.data())
    if (each.link() == begun.link() && each.currency() == begun.currency())
      return each;
  return begun;
}

bool is_settled(const v1::Acquirer& acquirer) {
  return acquirer.state() == v1::Acquirer::IN_BALANCE ||
         acquirer.state() == v1::Acquirer::OUT_OF_BALANCE;
}

/// Waits until all are settled, or for as long as a call may take.
acquirer_list wait_for(const session& with, const std::vector<v1::Acquirer>& begun) {
  const auto end = std::chrono::steady_clock::now() + with.limits.total;
  for (;;) {
    auto list = fetch(with);
    if (!list)
      return list;
    v1::ListAcquirersReply come_to;
    bool is_over = true;
    for (const v1::Acquirer& each : begun) {
      *come_to.add_data() = newest_of(each, *list);
      is_over = is_over && is_settled(*come_to.data().rbegin());
    }
    if (is_over || std::chrono::steady_clock::now() >= end)
      return come_to;
    std::this_thread::sleep_for(100ms);
  }
}

exit_code exit_code_of(const v1::ListAcquirersReply& come_to) {
  exit_code code = exit_code::done;
  for (const v1::Acquirer& each : come_to.data()) {
    if (!is_settled(each))
      return exit_code::unknown;
    if (each.state() == v1::Acquirer::OUT_OF_BALANCE)
      code = exit_code::failed;
  }
  return code;
}

} // namespace

exit_code list_acquirers(const session& with) {
  return show(with, fetch(with),
              [&](const v1::ListAcquirersReply& list) { print(with.io.out, list); });
}

exit_code list_exceptions(const session& with) {
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Acquirers::Stub::ListExceptions, {});
  return show(with, reply, [&](const v1::ListExceptionsReply& list) { print(with.io.out, list); });
}

exit_code reconcile(const session& with, const std::string& link, const std::string& currency) {
  std::vector<std::string> currencies{currency};
  if (currency.empty()) {
    currencies.clear();
    const auto list = fetch(with);
    if (!list)
      return report(with.io, list.error(), {});
    for (const v1::Acquirer& each : list->data())
      if (each.link() == link)
        currencies.push_back(each.currency());
  }
  if (currencies.empty()) {
    with.io.err << "ducat: nothing was moved over " << printable(link) << '\n';
    return exit_code::failed;
  }
  const auto begun = begin(with, link, currencies);
  if (!begun)
    return report(with.io, begun.error(), {});
  const auto come_to = wait_for(with, *begun);
  const exit_code shown = show(with, come_to, [&](const v1::ListAcquirersReply& list) {
    for (const v1::Acquirer& each : list.data())
      print_comparison(with.io.out, each);
  });
  return come_to ? exit_code_of(*come_to) : shown;
}

exit_code resolve_advice(const session& with, const v1::ResolveAdviceRequest& request) {
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Acquirers::Stub::ResolveAdvice, request);
  return show(with, reply, [&](const v1::PaymentReply& done) {
    const v1::Advice& advice = done.payment().advices(static_cast<int>(request.advice()) - 1);
    with.io.out << advice.id() << ' ' << v1::Advice::Kind_Name(advice.kind()) << ' '
                << v1::Advice::State_Name(advice.state()) << '\n';
  });
}

} // namespace ducat::cli
