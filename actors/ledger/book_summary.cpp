#include "transfer_kind.hpp"

#include <ducat/ledger/book.hpp>

#include <algorithm>
#include <concepts>
#include <string>
#include <string_view>

namespace ducat::ledger {

namespace {

void accumulate(ledger_totals& totals, u128 ledger_totals::* sum, u128 amount) {
  if (__builtin_add_overflow(totals.*sum, amount, &(totals.*sum)))
    totals.exact = false;
}

/// Feeds integers, little-endian, into a chain of SHA-256 over blocks.
class state_hasher {
public:
  template <std::unsigned_integral T>
  void put(T value) {
    for (std::size_t shift = 0; shift < 8 * sizeof(T); shift += 8)
      block_.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xFF));
  }

  void put(const std::string& text) {
    put(std::uint64_t{text.size()});
    block_ += text;
  }

  void put(u128 value) {
    put(low_half(value));
    put(high_half(value));
  }

  /// Ends a record; hashes the block when it is full.
  void end_record() {
    if (block_.size() >= block_size)
      flush();
  }

  digest finish() {
    flush();
    return running_;
  }

private:
  static constexpr std::size_t block_size = 64 * 1024;

  void flush() {
    running_ = sha256({bytes_of(running_), block_});
    block_.clear();
  }

  digest running_{};
  std::string block_;
};

void put(state_hasher& out, const account& a) {
  out.put(a.id.value);
  out.put(a.debits_pending);
  out.put(a.debits_posted);
  out.put(a.credits_pending);
  out.put(a.credits_posted);
  out.put(a.user_data_128);
  out.put(a.user_data_64);
  out.put(a.user_data_32);
  out.put(a.ledger);
  out.put(a.code);
  out.put(static_cast<std::uint16_t>(a.flags));
  out.put(a.timestamp.nanoseconds);
}

void put(state_hasher& out, const account_balance& kept) {
  out.put(kept.debits_pending);
  out.put(kept.debits_posted);
  out.put(kept.credits_pending);
  out.put(kept.credits_posted);
  out.put(kept.timestamp.nanoseconds);
}

void put(state_hasher& out, const transfer& t) {
  out.put(t.id.value);
  out.put(t.debit_account_id.value);
  out.put(t.credit_account_id.value);
  out.put(t.amount);
  out.put(t.pending_id.value);
  out.put(t.user_data_128);
  out.put(t.user_data_64);
  out.put(t.user_data_32);
  out.put(t.timeout);
  out.put(t.ledger);
  out.put(t.code);
  out.put(static_cast<std::uint16_t>(t.flags));
  out.put(t.timestamp.nanoseconds);
}

} // namespace

std::map<std::uint32_t, ledger_totals> book::totals() const {
  std::map<std::uint32_t, ledger_totals> all;
  for (const account_row& each : accounts_.all()) {
    const account& a = each.body;
    ledger_totals& totals = all[a.ledger];
    accumulate(totals, &ledger_totals::debits_pending, a.debits_pending);
    accumulate(totals, &ledger_totals::debits_posted, a.debits_posted);
    accumulate(totals, &ledger_totals::credits_pending, a.credits_pending);
    accumulate(totals, &ledger_totals::credits_posted, a.credits_posted);
  }
  return all;
}

digest book::state_digest() const {
  state_hasher out;
  out.put(now_.nanoseconds);
  out.put(std::uint64_t{accounts_.size()});
  for (const account_row& each : accounts_.all()) {
    put(out, each.body);
    out.end_record();
  }
  visit_transfers(std::nullopt, {}, timestamp_max, false, [&](const transfer& each) {
    put(out, each);
    if (is_pending(each))
      out.put(static_cast<std::uint8_t>(*status_of(each.id)));
    out.end_record();
    return true;
  });
  for (const account_row& each : accounts_.all()) {
    if (!has(each.body.flags, account_flags::history))
      continue;
    visit_account(
        {.account = each.body.id, .common = {.timestamp_min = {}, .timestamp_max = {}, .limit = 1}},
        [&](const account_event& event) {
          put(out, *event.balance);
          out.end_record();
          return true;
        });
  }
  for (const transfer_id id : burnt_ids()) {
    out.put(id.value);
    out.end_record();
  }
  for (const auto& [about, texts] : all_metadata()) {
    out.put(static_cast<std::uint8_t>(about.kind));
    out.put(about.id);
    out.put(encode(texts));
    out.end_record();
  }
  return out.finish();
}

/// Returns all of them, in order: that of a hash table depends on its history.
std::vector<transfer_id> book::burnt_ids() const {
  std::vector<transfer_id> ids(newest_.burnt.begin(), newest_.burnt.end());
  for (const auto& each : sealed_)
    ids.insert(ids.end(), each->burnt.begin(), each->burnt.end());
  if (past_ != nullptr)
    past_->visit_burnt([&](transfer_id id) { ids.push_back(id); });
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end()); // A segment may be in two places.
  return ids;
}

std::map<subject, metadata> book::all_metadata() const {
  std::map<subject, metadata> all;
  const auto add = [&](const subject& about, const metadata& texts) {
    all.insert_or_assign(about, texts);
  };
  if (past_ != nullptr)
    past_->visit_metadata(add);
  for (const auto& each : sealed_)
    for (const auto& [about, texts] : each->metadata_of)
      add(about, texts);
  for (const auto& [about, texts] : newest_.metadata_of)
    add(about, texts);
  std::erase_if(all, [](const auto& each) { return each.second.empty(); });
  return all;
}

} // namespace ducat::ledger
