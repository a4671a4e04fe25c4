#include <ducat/settlement/payout_resolver.hpp>

#include <algorithm>
#include <ostream>
#include <utility>

namespace ducat::settlement {

namespace {

constexpr std::uint64_t payouts_of_a_page = 1'000;
constexpr std::size_t pages_held_max = 64;
constexpr std::size_t reason_length_max = 35;

bool is_ended(const v1::Payout& payout) {
  return payout.state() == v1::Payout::PAID || payout.state() == v1::Payout::RETURNED;
}

/// A return that came after the booking is the usual order of things.
bool came_after(const bank_answer& said, const v1::Payout& returned) {
  using namespace std::chrono;
  const sys_time at{nanoseconds{static_cast<std::int64_t>(returned.resolved_at_ns())}};
  return said.booked_on && sys_days{*said.booked_on} < floor<days>(at);
}

/// Of a batch that has ended: some may have been rejected before the booking, others have come back
/// after it.
bool was_booked_before_returns(const bank_answer& said, const v1::PayoutBatch& batch) {
  const std::int64_t all = batch.payouts().amount();
  return batch.state() == v1::PayoutBatch::DONE && said.amount && said.amount->minor < all &&
         said.amount->minor > all - batch.returned().amount();
}

/// Reasons are codes; what else a bank writes there is cut to what a log can hold.
std::string reason_in(const bank_answer& said) {
  std::string out = said.reason.substr(0, reason_length_max);
  std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

} // namespace

std::string_view to_string(resolution value) noexcept {
  constexpr std::array<std::string_view, resolutions> names{
      "paid",          "returned",         "known",          "waiting",      "not_found",
      "other_account", "currency_differs", "amount_differs", "booked_twice", "returned_before",
      "paid_before",   "doubtful"};
  return names[static_cast<std::size_t>(value)];
}

std::ostream& operator<<(std::ostream& out, resolution value) {
  return out << to_string(value);
}

resolution resolution_of(const bank_answer& said, const v1::Payout& payout,
                         const std::string& own_iban) {
  using enum resolution;
  if (!said.account.empty() && !own_iban.empty() && said.account != own_iban)
    return other_account;
  if (said.what == bank_says::doubtful)
    return doubtful;
  if (said.what == bank_says::waiting)
    return waiting;
  if (said.what == bank_says::rejected)
    return payout.state() == v1::Payout::RETURNED ? known
           : payout.state() == v1::Payout::PAID   ? paid_before
                                                  : returned;
  if (said.amount && said.amount->currency != payout.currency())
    return currency_differs;
  if (!said.amount || said.amount->minor != payout.amount())
    return amount_differs;
  if (said.what == bank_says::returned)
    return payout.state() == v1::Payout::RETURNED ? known : returned;
  if (payout.state() == v1::Payout::RETURNED)
    return came_after(said, payout) ? known : returned_before;
  return payout.state() == v1::Payout::PAID ? known : paid;
}

payout_resolver::payout_resolver(payout_desk desk, resolution_visitor visitor)
    : desk_{std::move(desk)}, visitor_{std::move(visitor)} {}

bool payout_resolver::take(const bank_answer& said) {
  if (failed_)
    return false;
  batch_state* batch = find_batch(said.of);
  if (failed_)
    return false;
  if (batch == nullptr || said.of.place > batch->is_booked.size())
    return tell(said, resolution::not_found, {});
  return said.of.place == 0 ? take_batch(said, *batch) : take_one(said, *batch);
}

bool payout_resolver::finish() {
  for (const bank_answer& each : booked_)
    if (!book_batch(each))
      return false;
  for (const bank_answer& each : rejected_)
    if (!reject_others(each))
      return false;
  for (const auto& [said, payout] : booked_late_)
    if (!tell(said,
              find_batch(said.of)->is_returned[said.of.place - 1] ? resolution::known
                                                                  : resolution::returned_before,
              payout))
      return false;
  return flush();
}

/// Null: there is none, or the desk failed.
payout_resolver::batch_state* payout_resolver::find_batch(const payout_ref& of) {
  const std::string id = of.batch_id();
  if (const auto found = batches_.find(id); found != batches_.end())
    return &found->second;
  v1::ListPayoutBatchesRequest asked;
  asked.set_id(id);
  const auto told = desk_.batches(asked);
  failed_ = !told;
  if (failed_ || told->data().empty())
    return nullptr;
  const std::uint64_t count = told->data(0).payouts().count();
  return &batches_
              .emplace(id, batch_state{.facts = told->data(0),
                                       .is_booked = std::vector<bool>(count),
                                       .is_returned = std::vector<bool>(count),
                                       .has_status = std::vector<bool>(count)})
              .first->second;
}

/// Its batch is known to have it. Null: the desk failed.
v1::Payout* payout_resolver::find_payout(const payout_ref& of) {
  const std::uint64_t page = (of.place - 1) / payouts_of_a_page;
  const auto place = static_cast<std::size_t>((of.place - 1) % payouts_of_a_page);
  auto found = pages_.find({of.batch_id(), page});
  if (found == pages_.end()) {
    v1::ListPayoutsRequest asked;
    asked.set_batch(of.batch_id());
    asked.set_limit(payouts_of_a_page);
    if (page > 0)
      asked.set_starting_after(payout_ref{of.currency, of.batch, page * payouts_of_a_page}.id());
    const auto told = desk_.payouts(asked);
    failed_ = !told;
    if (failed_)
      return nullptr;
    if (pages_.size() == pages_held_max)
      pages_.clear();
    found = pages_
                .emplace(page_key{of.batch_id(), page},
                         std::vector<v1::Payout>(told->data().begin(), told->data().end()))
                .first;
    for (v1::Payout& each : found->second)
      if (const auto state = unsent_states_.find(each.id()); state != unsent_states_.end())
        each.set_state(state->second);
  }
  failed_ = place >= found->second.size();
  return failed_ ? nullptr : &found->second[place];
}

bool payout_resolver::take_one(const bank_answer& said, batch_state& batch) {
  v1::Payout* payout = find_payout(said.of);
  if (payout == nullptr)
    return false;
  const auto place = static_cast<std::size_t>(said.of.place - 1);
  resolution what = resolution_of(said, *payout, batch.facts.debtor().iban());
  if (what == resolution::waiting || what == resolution::doubtful)
    batch.has_status[place] = true;
  const bool is_booking =
      said.what == bank_says::booked && (what == resolution::paid || what == resolution::known ||
                                         what == resolution::returned_before);
  if (is_booking && batch.is_booked[place])
    what = resolution::booked_twice;
  if (is_booking)
    batch.is_booked[place] = true;
  if (said.what == bank_says::returned && !needs_a_look(what))
    batch.is_returned[place] = true;
  if (what == resolution::returned_before) {
    booked_late_.emplace_back(said, *payout);
    return true;
  }
  if (!tell(said, what, *payout))
    return false;
  if (what == resolution::paid)
    return add(said, *payout, v1::PayoutResult::PAID);
  return what != resolution::returned || add(said, *payout, v1::PayoutResult::RETURNED);
}

/// What is said of a batch as a whole holds for what has no answer of its own, wherever in the file
/// that stands: it waits for the end. What is said once more is not held.
bool payout_resolver::take_batch(const bank_answer& said, batch_state& batch) {
  const bool is_booking = said.what == bank_says::booked;
  if (!is_booking && said.what != bank_says::rejected)
    return tell(said, resolution_of(said, whole_of(said, batch), batch.facts.debtor().iban()),
                whole_of(said, batch));
  bool& is_held = is_booking ? batch.is_booked_as_one : batch.is_rejected;
  if (std::exchange(is_held, true))
    return !is_booking || tell(said, resolution::booked_twice, whole_of(said, batch));
  (is_booking ? booked_ : rejected_).push_back(said);
  return true;
}

/// The batch as if it were one payout, of the amount of all of it, or of what has not come back.
v1::Payout payout_resolver::whole_of(const bank_answer& said, const batch_state& batch) const {
  v1::Payout whole;
  whole.set_id(batch.facts.id());
  whole.set_currency(batch.facts.currency());
  whole.set_amount(batch.facts.payouts().amount());
  whole.set_state(v1::Payout::SUBMITTED);
  if (said.amount && said.amount->minor == whole.amount() - batch.facts.returned().amount())
    whole.set_amount(said.amount->minor);
  return whole;
}

/// A debit of all of it.
bool payout_resolver::book_batch(const bank_answer& said) {
  const batch_state& batch = *find_batch(said.of);
  const v1::Payout whole = whole_of(said, batch);
  resolution what = resolution_of(said, whole, batch.facts.debtor().iban());
  if (what == resolution::amount_differs && was_booked_before_returns(said, batch.facts))
    what = resolution::known;
  if (what == resolution::paid && std::ranges::find(batch.is_booked, true) != batch.is_booked.end())
    what = resolution::booked_twice;
  return what == resolution::paid ? pay_all(said, batch) : tell(said, what, whole);
}

bool payout_resolver::pay_all(const bank_answer& said, const batch_state& batch) {
  bank_answer one = said;
  for (one.of.place = 1; one.of.place <= batch.is_booked.size(); ++one.of.place) {
    v1::Payout* payout = find_payout(one.of);
    if (payout == nullptr)
      return false;
    const bool is_known = is_ended(*payout);
    if (!tell(one, is_known ? resolution::known : resolution::paid, *payout) ||
        (!is_known && !add(one, *payout, v1::PayoutResult::PAID)))
      return false;
  }
  return true;
}

bool payout_resolver::reject_others(const bank_answer& said) {
  const batch_state& batch = *find_batch(said.of);
  bank_answer one = said;
  for (one.of.place = 1; one.of.place <= batch.has_status.size(); ++one.of.place) {
    if (batch.has_status[static_cast<std::size_t>(one.of.place - 1)])
      continue;
    v1::Payout* payout = find_payout(one.of);
    if (payout == nullptr)
      return false;
    const resolution what = resolution_of(one, *payout, batch.facts.debtor().iban());
    if (!tell(one, what, *payout))
      return false;
    if (what == resolution::returned && !add(one, *payout, v1::PayoutResult::RETURNED))
      return false;
  }
  return true;
}

bool payout_resolver::tell(const bank_answer& said, resolution what, const v1::Payout& payout) {
  ++counts_[static_cast<std::size_t>(what)];
  if (visitor_)
    visitor_(said, what, payout);
  return true;
}

bool payout_resolver::add(const bank_answer& said, v1::Payout& payout,
                          v1::PayoutResult::Event event) {
  v1::PayoutResult one;
  one.set_payout(payout.id());
  one.set_event(event);
  one.set_reason(reason_in(said));
  if (event == v1::PayoutResult::RETURNED)
    count_returned(said.of, payout.amount());
  payout.set_state(event == v1::PayoutResult::PAID ? v1::Payout::PAID : v1::Payout::RETURNED);
  unsent_states_[payout.id()] = payout.state();
  constexpr std::size_t tag_bytes = 4;
  unsent_bytes_ += one.ByteSizeLong() + tag_bytes;
  *unsent_.add_results() = std::move(one);
  return (unsent_.results_size() < results_at_once && unsent_bytes_ < bytes_at_once) || flush();
}

/// As the machine does when it is told.
void payout_resolver::count_returned(const payout_ref& of, std::int64_t amount) {
  v1::SettlementTally& returned = *find_batch(of)->facts.mutable_returned();
  returned.set_count(returned.count() + 1);
  returned.set_amount(returned.amount() + amount);
}

bool payout_resolver::flush() {
  failed_ = failed_ || (!unsent_.results().empty() && desk_.resolve && !desk_.resolve(unsent_));
  unsent_.clear_results();
  unsent_bytes_ = 0;
  unsent_states_.clear();
  return !failed_;
}

} // namespace ducat::settlement
