#include "book.hpp"

#include <ducat/check.hpp>

namespace ducat::acquirer {

namespace {

bool is_credit(const effect& what) {
  return what.processing_code.starts_with('2');
}

bool is_meant(const std::string& wanted, const std::string& given) {
  return wanted.empty() || wanted == given;
}

} // namespace

void book::apply(effect what) {
  DUCAT_CHECK(what.sequence == next_sequence());
  const effect& done = effects_.emplace_back(std::move(what));
  by_key_.emplace(done.key, done.sequence);
  switch (done.kind) {
  case effect_kind::authorised:
  case effect_kind::captured:
  case effect_kind::advice:
    return apply_payment(done);
  case effect_kind::reversed:
    return apply_reversal(done);
  case effect_kind::reconciled:
    return restart_totals(done);
  case effect_kind::declined:
    return;
  }
}

void book::apply_payment(const effect& what) {
  by_reference_[{what.key.terminal, what.rrn}].push_back(what.sequence);
  if (!moves_money(what))
    return;
  totals& of = totals_[{what.key.terminal, what.currency}];
  (is_credit(what) ? of.credits : of.debits).add(what.amount_minor);
}

void book::apply_reversal(const effect& what) {
  if (what.original == 0) {
    if (what.original_key.stan.empty())
      references_reversed_ahead_.insert({what.key.terminal, what.rrn});
    else
      keys_reversed_ahead_.insert(what.original_key);
    return;
  }
  const effect& original = effects_.at(what.original - 1);
  reversed_.insert(original.sequence);
  if (!moves_money(original))
    return;
  totals& of = totals_[{original.key.terminal, original.currency}];
  (is_credit(original) ? of.credit_reversals : of.debit_reversals).add(original.amount_minor);
}

/// An advice about what has already moved money moves none, unless it is its refund.
bool book::moves_money(const effect& what) const {
  if (what.key.kind != '2')
    return false;
  if (what.original == 0)
    return true;
  const effect& original = effects_.at(what.original - 1);
  return original.key.kind != '2' || (is_credit(what) && !is_credit(original));
}

void book::restart_totals(const effect& what) {
  std::erase_if(totals_, [&](const auto& each) {
    return is_meant(what.key.terminal, each.first.first) &&
           is_meant(what.currency, each.first.second);
  });
}

const effect* book::find(const message_key& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &effects_.at(found->second - 1);
}

const effect* book::find(const reference& of) const {
  const auto found = by_reference_.find(of);
  if (of.rrn.empty() || found == by_reference_.end())
    return nullptr;
  const auto& sequences = found->second;
  for (auto each = sequences.rbegin(); each != sequences.rend(); ++each)
    if (!reversed_.contains(*each))
      return &effects_.at(*each - 1);
  return &effects_.at(sequences.back() - 1);
}

bool book::is_reversed_ahead(const message_key& key, const reference& of) const {
  return keys_reversed_ahead_.contains(key) || references_reversed_ahead_.contains(of);
}

totals book::totals_of(const std::string& terminal, const std::string& currency) const {
  totals sum;
  for (const auto& [of, each] : totals_)
    if (is_meant(terminal, of.first) && is_meant(currency, of.second))
      sum += each;
  return sum;
}

} // namespace ducat::acquirer
