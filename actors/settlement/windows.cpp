/// Windows: opened, cut, final.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"
#include "settlement/terms.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>

#include <algorithm>

namespace ducat::settlement {

v1::SettlementAnswer book::apply(const effect& on, const v1::ConfigureSettlement& command) {
  const std::uint32_t currency = payment::find_currency(command.currency())->number;
  const bool is_new = !ledgers_.contains(currency);
  ledger_record& of = ledgers_[currency];
  const std::uint64_t version = of.terms.version() + 1;
  of.terms = command;
  of.terms.set_version(version);
  of.currency = currency;
  changed_.insert({.what = row_id::kind::ledger, .currency = currency});
  if (is_new)
    open_window(on, of, command.business_date());
  else
    of.terms.clear_business_date();
  v1::SettlementAnswer out;
  *out.mutable_ledgers()->add_data() = view(of);
  return out;
}

void book::open_window(const effect& on, ledger_record& of, std::uint32_t business_date) {
  window_record window;
  v1::Window& facts = window.facts;
  facts.set_currency(of.terms.currency());
  facts.set_number(of.windows.size() + 1);
  facts.set_state(v1::Window::OPEN);
  facts.set_business_date(business_date);
  facts.set_opened_index(on.where.index);
  facts.set_opened_at_ns(on.where.at.nanoseconds);
  facts.set_model(of.terms.model());
  of.windows.push_back(std::move(window));
  set_state(of.windows.back(), v1::Window::OPEN);
}

void book::set_state(window_record& window, v1::Window::State state) {
  window.facts.set_state(state);
  changed_.insert({.what = row_id::kind::window,
                   .currency = payment::find_currency(window.facts.currency())->number,
                   .number = window.facts.number()});
}

/// The entry of the cut is the first one that is not in the window. A window in which nothing was,
/// and with which no reserve is released, has nothing to be settled.
v1::SettlementAnswer book::apply(const effect& on, const v1::CutWindow& command) {
  ledger_record& of = *find_ledger(command.currency());
  window_record& cut = of.windows.back();
  DUCAT_CHECK(cut.facts.number() == command.window());
  cut.facts.set_cut_index(on.where.index);
  cut.facts.set_cut_at_ns(std::max(on.where.at, on.money.now()).nanoseconds);
  const bool releases = std::ranges::any_of(merchants_, [&](const merchant_record& each) {
    return each.currency == of.currency && is_release_due(each, command.window());
  });
  const bool is_empty = cut.merchants.empty() && cut.owed.empty() && !releases;
  set_state(cut, is_empty ? v1::Window::SETTLED : v1::Window::CLOSED);
  open_window(on, of, command.next_business_date());
  pass_settled(of);
  v1::SettlementAnswer out;
  *out.mutable_windows()->add_data() = view(of.windows[command.window() - 1]);
  return out;
}

void book::pass_settled(ledger_record& of) {
  while (of.windows[of.unsettled_from - 1].facts.state() == v1::Window::SETTLED)
    ++of.unsettled_from; // The last window is open.
  changed_.insert({.what = row_id::kind::ledger, .currency = of.currency});
}

v1::SettlementAnswer book::apply(const effect&, const v1::FinalizeWindow& command) {
  window_record& window = find_ledger(command.currency())->windows[command.window() - 1];
  window.facts.set_final(true);
  set_state(window, window.facts.state());
  v1::SettlementAnswer out;
  *out.mutable_windows()->add_data() = view(window);
  return out;
}

} // namespace ducat::settlement
