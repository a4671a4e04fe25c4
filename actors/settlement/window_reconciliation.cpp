#include "settlement/bank_batches.hpp"
#include "settlement/exception_book.hpp"
#include "settlement/window_known.hpp"

#include <ducat/payment/currency.hpp>
#include <ducat/settlement/window_reconciliation.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <istream>
#include <unordered_map>
#include <utility>

namespace ducat::settlement {

namespace {

/// What an acquirer has done so long before is no more looked at: it is nothing of ours by now.
constexpr std::chrono::days looked_back{92};

std::uint32_t date_before(std::uint32_t date, std::chrono::days by) {
  using namespace std::chrono;
  const year_month_day day{year{static_cast<int>(date / 10'000)}, month{date / 100 % 100},
                           std::chrono::day{date % 100}};
  if (!day.ok())
    return 0;
  const auto since = sys_days{day} - by - sys_days{};
  return utc_date(duration_cast<milliseconds>(since).count());
}

std::string reference_in(const v1::Member& member) {
  char stan[16];
  std::snprintf(stan, sizeof stan, "%06u", member.stan());
  return reference_of(member.rrn(), stan);
}

std::int64_t amount_in(const v1::Member& member) {
  const bool is_plus =
      member.kind() == v1::Member::CAPTURE || member.kind() == v1::Member::DISPUTE_WON;
  return is_plus ? member.amount() : -member.amount();
}

/// Returns the number under which the acquirer knows a payment: the RRN.
std::string rrn_in(const difference& what) {
  return what.reference().substr(0, what.reference().find('/'));
}

bool is_for_less(const difference& what) {
  return what.leg == reconciliation_leg::acquirer && what.what == difference_class::amount &&
         what.internal->amount > 0 && what.internal->amount < what.external->amount;
}

/// Whether `back` is what the acquirer has given back of `capture`, which is_for_less().
bool is_rest_of(const difference& capture, const difference& back) {
  return back.leg == reconciliation_leg::acquirer &&
         back.what == difference_class::missing_internal &&
         back.external->currency == capture.external->currency &&
         back.external->amount == capture.internal->amount - capture.external->amount;
}

bool can_be_stated(const v1::SettlementStatement& what) {
  const auto fits = [](std::int64_t amount) {
    return -stated_amount_max <= amount && amount <= stated_amount_max;
  };
  return fits(what.amount()) && fits(what.fee());
}

} // namespace

struct window_reconciliation::state {
  explicit state(window_options options);

  reconciliation_item item_of(const v1::Member& member) const;
  result<void> add_own(const v1::Member& member);
  result<void> add_other(const v1::Member& member);
  void explain(std::vector<difference>& found, window_report& into);
  result<void> open(const std::vector<difference>& found, window_report& into) const;

  window_options with;
  std::uint32_t currency = 0;
  std::uint32_t earliest = 0; ///< Of what the acquirer has done.
  std::set<std::string> carried_batches{};
  known_exceptions known;
  reconciliation engine;
  window_report report{};
};

namespace {

reconciliation_options options_of(const window_options& with) {
  return {.directory = with.directory,
          .items_in_memory = with.items_in_memory,
          .window = with.scope.window,
          .acquirer_through = with.acquirer_through,
          .bank_through = with.bank_through,
          .has_bank = with.has_bank};
}

} // namespace

window_reconciliation::state::state(window_options options)
    : with{std::move(options)}, earliest{date_before(with.scope.dates.through, looked_back)},
      known{with.scope.window}, engine{options_of(with)} {
  if (const auto found = payment::find_currency(with.currency))
    currency = found->number;
}

window_reconciliation::window_reconciliation(window_options options)
    : state_{std::make_unique<state>(std::move(options))} {}

window_reconciliation::~window_reconciliation() = default;

// Exceptions -------------------------------------------------------------------------------------

result<void> window_reconciliation::add_known(const v1::SettlementException& known) {
  state_->known.add(known);
  const v1::SettlementDifference& of = known.difference();
  if (known.how() != v1::DISPOSITION_UNSPECIFIED || of.window() >= state_->with.scope.window)
    return {};
  if (of.has_internal() && of.internal().business_date() != 0)
    state_->earliest =
        std::min(state_->earliest, date_before(of.internal().business_date(), looked_back));
  const bool is_batch = of.leg() == v1::SettlementDifference::BANK &&
                        batch_in(of.reference(), state_->with.acquirer).has_value();
  if (!state_->with.has_bank || !is_batch || !of.has_internal() || of.has_external() ||
      !state_->carried_batches.insert(of.reference()).second)
    return {};
  const auto in = payment::find_currency(of.internal().currency());
  return state_->engine.add_batch({.reference = of.reference(),
                                   .amount = of.internal().amount(),
                                   .currency = in ? in->number : 0,
                                   .business_date = of.internal().business_date(),
                                   .window = of.window()});
}

std::set<std::uint64_t> window_reconciliation::windows_to_read() const {
  return state_->known.windows();
}

// Items ------------------------------------------------------------------------------------------

reconciliation_item window_reconciliation::state::item_of(const v1::Member& member) const {
  reconciliation_item made{.reference = reference_in(member),
                           .amount = amount_in(member),
                           .currency = currency,
                           .business_date = member.business_date(),
                           .window = member.window()};
  if (with.agreed_fee && member.kind() == v1::Member::CAPTURE)
    made.fee = fee_of(*with.agreed_fee, member.amount(), 0);
  return made;
}

result<void> window_reconciliation::state::add_own(const v1::Member& member) {
  if (__builtin_add_overflow(report.net, amount_in(member), &report.net))
    return fail(errc::invalid_argument, "the sum of the window is too large");
  member_counts& counts = report.members;
  if (member.acquirer().empty())
    return ++counts.no_card, result<void>{};
  if (member.acquirer() != with.acquirer)
    return ++counts.other_acquirer, result<void>{};
  if (member.stan() == 0)
    return ++counts.no_number, result<void>{};
  ++counts.compared;
  return engine.add_ours(item_of(member));
}

result<void> window_reconciliation::state::add_other(const v1::Member& member) {
  if (member.acquirer() != with.acquirer || member.stan() == 0)
    return {};
  reconciliation_item item = item_of(member);
  const bool is_carried = known.has_open(member.window(), item.reference);
  if (!is_carried && !with.scope.others.contains(member.window()))
    return {};
  report.members.carried += is_carried ? 1 : 0;
  item.is_aside = !is_carried;
  return engine.add_ours(item);
}

result<void> window_reconciliation::add_member(const v1::Member& member) {
  return member.window() == state_->with.scope.window ? state_->add_own(member)
                                                      : state_->add_other(member);
}

result<journal_contents> window_reconciliation::add_journal(std::istream& from) {
  const journal_options options{.acquirer = state_->with.acquirer,
                                .business_date = state_->with.acquirer_date};
  return read_journal(from, options, [&](const reconciliation_item& read) -> result<void> {
    const bool is_of_it =
        read.currency == state_->currency && state_->with.scope.dates.contains(read.business_date);
    if (!is_of_it && read.business_date < state_->earliest)
      return {};
    reconciliation_item item = read;
    item.is_aside = !is_of_it;
    return state_->engine.add_acquirer(item);
  });
}

result<bank_contents> window_reconciliation::add_bank(const iso20022::byte_source& bytes) {
  bank_contents contents;
  const auto take = [&](const std::optional<batch_name>& batch, std::int64_t amount,
                        std::string_view in) -> result<void> {
    const bool is_of_it =
        batch &&
        ((batch->currency == state_->currency && state_->with.scope.dates.contains(batch->date)) ||
         state_->carried_batches.contains(batch->text));
    const auto known = payment::find_currency(in);
    ++(is_of_it ? contents.items : contents.others);
    if (!is_of_it)
      return {};
    return state_->engine.add_bank(
        {.reference = batch->text, .amount = amount, .currency = known ? known->number : 0});
  };
  auto notes = read_bookings(bytes, state_->with.acquirer, take);
  if (!notes)
    return tl::unexpected(notes.error());
  contents.notes = std::move(*notes);
  return contents;
}

// Differences ------------------------------------------------------------------------------------

/// A capture for less than the acquirer had captured at once is two movements there, and one here:
/// it and what was given back have the same RRN, and come to what was captured here.
void window_reconciliation::state::explain(std::vector<difference>& found, window_report& into) {
  std::unordered_map<std::string, std::size_t> captures;
  for (std::size_t place = 0; place < found.size(); ++place)
    if (is_for_less(found[place]))
      captures.emplace(rrn_in(found[place]), place);
  std::vector<bool> is_explained(found.size(), false);
  for (std::size_t place = 0; place < found.size(); ++place) {
    const auto capture = captures.find(rrn_in(found[place]));
    if (capture == captures.end() || is_explained[capture->second] ||
        !is_rest_of(found[capture->second], found[place]))
      continue;
    is_explained[place] = is_explained[capture->second] = true;
    ++into.given_back;
    known.note_explained(found[capture->second]);
    known.note_explained(found[place]);
  }
  std::vector<difference> left;
  for (std::size_t place = 0; place < found.size(); ++place)
    if (!is_explained[place])
      left.push_back(std::move(found[place]));
  found = std::move(left);
}

result<void> window_reconciliation::state::open(const std::vector<difference>& found,
                                                window_report& into) const {
  for (const difference& each : found) {
    const auto message = message_of(each);
    if (!message)
      return fail(errc::invalid_argument, each.reference() + ": its currency is not known");
    if (!can_be_stated(message->internal()) || !can_be_stated(message->external()))
      return fail(errc::invalid_argument, each.reference() + ": its amount is too large");
    std::string id = exception_id_of(with.currency, *message);
    if (known.covers(id, each)) {
      ++into.known;
      continue;
    }
    into.to_open.push_back(
        {.id = std::move(id),
         .difference = *message,
         .is_seen = each.what == difference_class::late && each.internal && each.external});
  }
  if (into.to_open.size() > differences_max)
    return fail(errc::overloaded, "more than 100000 differences: these are no files of the window");
  return {};
}

result<window_report> window_reconciliation::finish() {
  constexpr std::size_t held_max = 3 * differences_max; // With those that are known or explained.
  std::vector<difference> found;
  auto sums = state_->engine.finish(
      [&](const difference& each) {
        if (found.size() <= held_max)
          found.push_back(each);
      },
      [&](reconciliation_leg leg, difference_class what, const reconciliation_item& internal,
          const reconciliation_item& external) {
        state_->known.note_pair(leg, what, internal, external);
      });
  if (!sums)
    return tl::unexpected(sums.error());
  if (found.size() > held_max)
    return fail(errc::overloaded, "more than 100000 differences: these are no files of the window");
  window_report made = std::move(state_->report);
  made.sums = std::move(*sums);
  state_->explain(found, made);
  if (auto opened = state_->open(found, made); !opened)
    return tl::unexpected(opened.error());
  state_->known.each_seen([&](const v1::SettlementException& each) {
    if (each.rule() == v1::UNTIL_SEEN)
      made.seen.push_back(each);
    else
      ++made.seen_by_nobody;
  });
  return made;
}

} // namespace ducat::settlement
