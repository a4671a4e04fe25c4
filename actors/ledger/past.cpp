/// Where a book finds its past: in the newest segment, in sealed ones, in the history.

#include "transfer_kind.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/book.hpp>

#include <algorithm>
#include <ranges>
#include <utility>

namespace ducat::ledger {

namespace {

/// Returns what `from` alone says of `id`; the status is that of the end of the segment.
std::optional<known_transfer> find_in(const segment& from, transfer_id id) {
  if (id > from.greatest)
    return std::nullopt; // So an id that grows with time is new without a look.
  if (const transfer_row* found = from.transfers.find(id))
    return known_transfer{.body = found->body, .status = found->status};
  if (!from.burnt.contains(id))
    return std::nullopt;
  known_transfer burnt;
  burnt.body.id = id;
  burnt.is_burnt = true;
  return burnt;
}

} // namespace

const account_row* segment::find(row account) const {
  const auto found = std::ranges::lower_bound(accounts, account, {}, &touched_account::at);
  return found == accounts.end() || found->at != account ? nullptr : &found->as_left;
}

void segment::clear() {
  transfers.clear();
  balances.clear();
  burnt.clear();
  greatest = {};
  resolved.clear();
  metadata_of.clear();
  metadata_bytes = 0;
  accounts.clear();
}

std::optional<known_transfer> book::find_known(transfer_id id) const {
  if (auto found = find_in(newest_, id))
    return found;
  std::optional<pending_status> status; // The newest that is known.
  const auto note = [&](const segment& from) {
    const auto found = from.resolved.find(id);
    if (!status && found != from.resolved.end())
      status = found->second;
  };
  const auto with_status = [&](std::optional<known_transfer> found) {
    if (found && status)
      found->status = *status;
    return found;
  };
  note(newest_);
  for (const auto& each : sealed_ | std::views::reverse) {
    if (auto found = find_in(*each, id))
      return with_status(std::move(found));
    note(*each);
  }
  return past_ == nullptr ? std::nullopt : with_status(past_->find(id));
}

std::optional<transfer> book::find(transfer_id id) const {
  const auto known = find_known(id);
  if (!known || known->is_burnt)
    return std::nullopt;
  return known->body;
}

std::optional<pending_status> book::status_of(transfer_id id) const {
  const auto known = find_known(id);
  if (!known || known->is_burnt || !is_pending(known->body))
    return std::nullopt;
  return known->status;
}

bool book::is_burnt(transfer_id id) const {
  const auto known = find_known(id);
  return known && known->is_burnt;
}

metadata book::metadata_of(const subject& about) const {
  if (const auto found = newest_.metadata_of.find(about); found != newest_.metadata_of.end())
    return found->second;
  for (const auto& each : sealed_ | std::views::reverse)
    if (const auto found = each->metadata_of.find(about); found != each->metadata_of.end())
      return found->second;
  return past_ == nullptr ? metadata{} : past_->metadata_of(about);
}

std::shared_ptr<const segment> book::seal() {
  const auto sealed = spare_ == nullptr ? std::make_shared<segment>() : std::exchange(spare_, {});
  std::swap(*sealed, newest_);
  std::ranges::sort(touched_);
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  for (const row at : touched_) {
    if (at >= accounts_.size() || !accounts_[at].is_touched) // Undone.
      continue;
    account_row& owner = accounts_[at];
    sealed->accounts.push_back({at, owner});
    owner = {.body = owner.body};
  }
  touched_.clear();
  sealed->now = now_;
  sealed->newest_transfer = newest_transfer_;
  sealed_.push_back(sealed);
  return sealed;
}

void book::let_go() {
  DUCAT_CHECK(!sealed_.empty());
  if (sealed_.front().use_count() == 1) {
    spare_ = std::move(sealed_.front());
    spare_->clear();
  }
  sealed_.erase(sealed_.begin());
}

void book::restore(std::shared_ptr<const history> past, std::span<const account> accounts,
                   std::span<const transfer> open, log_time now, log_time newest_transfer) {
  DUCAT_CHECK(accounts_.size() == 0);
  past_ = std::move(past);
  for (const account& each : accounts)
    accounts_.add({each});
  for (const transfer& each : open)
    hold(each);
  now_ = now;
  newest_transfer_ = newest_transfer;
}

} // namespace ducat::ledger
