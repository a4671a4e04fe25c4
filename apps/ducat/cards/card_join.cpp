#include "cards/card_join.hpp"

#include "acquirer/effect_line.hpp"

#include <ducat/payment/currency.hpp>

#include <cstdio>
#include <fstream>

namespace ducat::cards {

namespace {

constexpr std::size_t mismatches_max = 1'000;

void complain(join_report& into, const std::string& what) {
  ++into.mismatched;
  if (into.mismatches.size() < mismatches_max)
    into.mismatches.push_back(what);
}

template <class... Numbers>
std::string digits(const char* form, Numbers... numbers) {
  char text[32];
  std::snprintf(text, sizeof text, form, numbers...);
  return text;
}

std::string number_of(const std::string& currency) {
  const auto found = payment::find_currency(currency);
  return found ? digits("%03u", found->number) : "?";
}

/// An advice that names an original, its capture or a refund, is no approval of its own.
bool is_approval(const acquirer::effect& what) {
  return what.kind == acquirer::effect_kind::captured ||
         what.kind == acquirer::effect_kind::authorised ||
         (what.kind == acquirer::effect_kind::advice && what.original_key.stan.empty());
}

} // namespace

void card_join::add(const v1::Payment& ours) {
  if (ours.card().empty())
    return;
  ++counted_.payments;
  ++counted_.states[v1::Payment::State_Name(ours.state())];
  for (const v1::Attempt& each : ours.attempts()) {
    ++counted_.attempts;
    const bool is_new =
        attempts_
            .emplace(each.rrn(), attempt{.state = each.state(),
                                         .stan = digits("%06u", each.stan()),
                                         .amount = each.state() == v1::Attempt::PARTIALLY_APPROVED
                                                       ? each.approved_amount()
                                                       : each.amount(),
                                         .of_payment = ours.state(),
                                         .payment = ours.id(),
                                         .currency = number_of(ours.currency())})
            .second;
    if (!is_new)
      complain(counted_, "two attempts of ours have the reference " + each.rrn());
  }
  add_advices(ours);
}

void card_join::add_advices(const v1::Payment& ours) {
  for (const v1::Advice& each : ours.advices()) {
    const int about = static_cast<int>(each.attempt()) - 1;
    if (about < 0 || about >= ours.attempts_size()) {
      complain(counted_, "an advice of ours is about no attempt: " + ours.id());
      continue;
    }
    advices_[{ours.attempts(about).rrn(), digits("%06u", each.stan())}] = {
        .state = each.state(), .amount = each.amount(), .payment = ours.id()};
  }
}

void card_join::add(const acquirer::effect& theirs) {
  if (theirs.kind == acquirer::effect_kind::advice && !is_approval(theirs))
    told_[{theirs.rrn, theirs.key.stan}].push_back(theirs.amount_minor);
  if (is_approval(theirs)) {
    standing& found = theirs_[theirs.rrn];
    if (++found.approvals > 1)
      complain(counted_, "the acquirer has approved " + theirs.rrn + " twice");
    found.sequence = theirs.sequence;
    found.stan = theirs.key.stan;
    found.currency = theirs.currency;
    found.amount = theirs.amount_minor;
    references_[theirs.sequence] = theirs.rrn;
  }
  if (theirs.kind == acquirer::effect_kind::reversed && theirs.original != 0) {
    const auto found = references_.find(theirs.original);
    if (found == references_.end())
      return complain(counted_, "the acquirer has reversed what it has not approved: entry " +
                                    std::to_string(theirs.sequence));
    standing& reversed = theirs_[found->second];
    if (++reversed.reversals > reversed.approvals)
      complain(counted_, "the acquirer has reversed " + found->second + " twice");
  }
}

result<void> card_join::add_journal(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return fail(errc::io, path.string() + ": cannot be read");
  std::uint64_t number = 0;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    ++number;
    const auto read = acquirer::parse_line(line);
    if (!read)
      return fail(errc::corrupt,
                  path.string() + ":" + std::to_string(number) + ": " + read.error().message);
    add(*read);
  }
  return {};
}

void card_join::compare(const std::string& rrn, const attempt& ours, join_report& into) const {
  const auto found = theirs_.find(rrn);
  const bool stands = found != theirs_.end() && found->second.stands();
  const std::string name = rrn + " of " + ours.payment;
  switch (ours.state) {
  case v1::Attempt::APPROVED:
  case v1::Attempt::PARTIALLY_APPROVED:
    if (!stands)
      return complain(into, "approved here, and does not stand there: " + name);
    if (found->second.stan != ours.stan || found->second.amount != ours.amount ||
        found->second.currency != ours.currency)
      return complain(into, "another STAN, amount or currency there: " + name);
    ++into.matched;
    return;
  case v1::Attempt::DECLINED:
  case v1::Attempt::NOT_SENT:
  case v1::Attempt::REVERSED:
    if (stands)
      return complain(into, "stands there, and is " + v1::Attempt::State_Name(ours.state) +
                                " here: " + name);
    ++into.neither;
    return;
  case v1::Attempt::EXCEPTION:
    ++(stands ? into.explained : into.neither);
    return;
  default:
    ++into.open;
  }
}

/// One that is owed, or was given up, may have been heard or not.
void card_join::compare(const advice_name& name, const advice& ours, join_report& into) const {
  const auto found = told_.find(name);
  const std::string text = name.second + " about " + name.first + " of " + ours.payment;
  if (found == told_.end()) {
    if (ours.state == v1::Advice::ACKNOWLEDGED)
      complain(into, "acknowledged here, and nobody was told there: " + text);
    return;
  }
  if (found->second.size() > 1)
    return complain(into, "told twice there: " + text);
  if (found->second.front() != ours.amount)
    return complain(into, "told of another amount there: " + text);
  into.told += ours.state == v1::Advice::ACKNOWLEDGED ? 1 : 0;
}

join_report card_join::compare() const {
  join_report made = counted_;
  for (const auto& [rrn, ours] : attempts_)
    compare(rrn, ours, made);
  for (const auto& [rrn, theirs] : theirs_)
    if (theirs.stands() && !attempts_.contains(rrn))
      complain(made, "stands there, and nobody here knows of it: " + rrn);
  for (const auto& [name, ours] : advices_)
    compare(name, ours, made);
  for (const auto& [name, amounts] : told_)
    if (!advices_.contains(name))
      complain(made, "told there, and nobody here knows of it: " + name.first);
  return made;
}

} // namespace ducat::cards
