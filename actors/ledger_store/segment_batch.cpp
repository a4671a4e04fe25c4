#include "ledger_store/segment_batch.hpp"

#include "ledger/transfer_kind.hpp"

#include <ducat/check.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

namespace ducat::ledger {

namespace {

id_state state_of(const transfer_row& stored) {
  return is_pending(stored.body) ? static_cast<id_state>(stored.status) : id_state::moved;
}

bool is_open(const transfer_row& stored) {
  return is_pending(stored.body) && stored.status == pending_status::pending;
}

/// The timestamps of the transfers of each account that keeps no history.
class movements_by_account {
public:
  explicit movements_by_account(const segment& sealed) {
    place_.reserve(sealed.accounts.size());
    for (std::size_t i = 0; i < sealed.accounts.size(); ++i)
      if (const account& each = sealed.accounts[i].as_left.body;
          !has(each.flags, account_flags::history))
        place_.emplace(each.id, static_cast<row>(i));
    begins_.resize(sealed.accounts.size() + 1);
    visit(sealed, [&](row account, std::uint64_t) { ++begins_[account + 1]; });
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    times_.resize(begins_.back());
    std::vector<row> next(begins_.begin(), begins_.end() - 1);
    visit(sealed, [&](row account, std::uint64_t at) { times_[next[account]++] = at; });
  }

  /// Of the account at `place` in the segment; none if it keeps its history.
  std::span<const std::uint64_t> of(std::size_t place) const {
    return std::span{times_}.subspan(begins_[place], begins_[place + 1] - begins_[place]);
  }

private:
  template <class Visit>
  void visit(const segment& sealed, Visit visit) const {
    for (const transfer_row& each : sealed.transfers.all())
      for (const account_id side : {each.body.debit_account_id, each.body.credit_account_id})
        if (const auto found = place_.find(side); found != place_.end())
          visit(found->second, each.body.timestamp.nanoseconds);
  }

  boost::unordered_flat_map<account_id, row, std::hash<account_id>> place_;
  std::vector<row> begins_; ///< Where in times_ those of an account begin.
  std::vector<std::uint64_t> times_;
};

/// Fills a batch with what a segment holds.
class segment_batch {
public:
  segment_batch(const state_database& db, const segment& sealed, rocksdb::WriteBatch& batch)
      : db_{db}, sealed_{sealed}, batch_{batch} {
    batch_.Clear();
  }

  void put_transfers() {
    const auto rows = sealed_.transfers.all();
    for (std::size_t first = 0; first < rows.size(); first += block_transfers) {
      std::string block;
      for (const transfer_row& each :
           rows.subspan(first, std::min<std::size_t>(block_transfers, rows.size() - first)))
        put_bytes(block, each.body);
      put(family::transfers, key_of(rows[first].body.timestamp.nanoseconds), block);
    }
  }

  /// In order of the ids, which is the order that the database likes.
  void put_ids() {
    std::vector<const transfer_row*> by_id;
    by_id.reserve(sealed_.transfers.size());
    for (const transfer_row& each : sealed_.transfers.all())
      by_id.push_back(&each);
    const auto id_of = [](const transfer_row* each) { return each->body.id; };
    if (!std::ranges::is_sorted(by_id, {}, id_of))
      std::ranges::sort(by_id, {}, id_of);
    for (const transfer_row* each : by_id)
      put_id(each->body.id, {each->body.timestamp.nanoseconds, state_of(*each)});
    for (const transfer_id id : sealed_.burnt)
      put_id(id, {0, id_state::burnt});
  }

  void put_pending() {
    for (const transfer_row& each : sealed_.transfers.all())
      if (is_open(each))
        put(family::open, key_of(each.body.id), std::string{bytes_of(each.body)});
    for (const auto& [id, status] : sealed_.resolved)
      put_resolved(id, status);
  }

  void put_user_data() {
    for (const transfer_row& each : sealed_.transfers.all()) {
      put_user_data(user_data::field::bits_128, each.body.user_data_128, each.body.timestamp);
      put_user_data(user_data::field::bits_64, each.body.user_data_64, each.body.timestamp);
      put_user_data(user_data::field::bits_32, each.body.user_data_32, each.body.timestamp);
    }
  }

  void put_accounts() {
    for (const touched_account& each : sealed_.accounts)
      put(family::accounts, key_of(each.at), encode(each.as_left.body));
  }

  /// Most accounts have no balances: the times of their transfers are all, and one walk over the
  /// transfers finds them.
  void put_events(std::uint32_t number) {
    const movements_by_account movements{sealed_};
    for (std::size_t i = 0; i < sealed_.accounts.size(); ++i)
      if (const auto times = movements.of(i); !times.empty())
        put(family::events, key_of(number, sealed_.accounts[i].at), encode_plain(times));
    put_events_with_balances(number);
  }

  void put_events_with_balances(std::uint32_t number) {
    for (const touched_account& each : sealed_.accounts) {
      if (!has(each.as_left.body.flags, account_flags::history))
        continue;
      std::vector<event_record> events;
      visit_events(sealed_, each.as_left, false, [&](const account_event& event) {
        events.push_back(record_of(event));
        return true;
      });
      if (!events.empty())
        put(family::events, key_of(number, each.at), encode(events));
    }
  }

  void put_metadata() {
    for (const auto& [about, texts] : sealed_.metadata_of)
      put(family::metadata_texts, key_of(about), encode(texts));
  }

  void put_rows(const std::vector<kept_row>& rows) {
    for (const kept_row& each : rows)
      put(family::meta, row_prefix + each.key, each.value);
  }

  void put_state(std::uint32_t number, const receipt& end) {
    put(family::meta, key_of(number), encode(times_of(sealed_)));
    put(family::meta, "state",
        encode(state_record{.segments = number + 1,
                            .index = end.index,
                            .hash = end.hash,
                            .now = sealed_.now.nanoseconds,
                            .newest_transfer = sealed_.newest_transfer.nanoseconds}));
  }

private:
  static std::string_view bytes_of(const transfer& record) {
    return {reinterpret_cast<const char*>(&record), sizeof(record)};
  }

  static event_record record_of(const account_event& event) {
    event_record record{.transfer = event.moved == nullptr ? 0 : event.moved->timestamp.nanoseconds,
                        .balance = {}};
    if (event.balance != nullptr)
      record.balance = *event.balance;
    return record;
  }

  void put(family into, const std::string& key, const std::string& value) {
    db_.put(batch_, into, key, value);
  }

  void put_user_data(user_data::field where, u128 value, log_time at) {
    if (value != 0)
      put(family::user_data, key_of(user_data{where, value}, at.nanoseconds), {});
  }

  void put_id(transfer_id id, const id_record& record) {
    put(family::ids, key_of(id), encode(record));
  }

  /// Notes what became of a pending transfer of an earlier segment.
  void put_resolved(transfer_id id, pending_status status) {
    const auto stored = db_.get(family::ids, key_of(id));
    DUCAT_CHECK(stored.has_value());
    auto record = decode_id(*stored);
    DUCAT_CHECK(record.has_value());
    record->state = static_cast<id_state>(status);
    put_id(id, *record);
    db_.remove(batch_, family::open, key_of(id));
  }

  const state_database& db_;
  const segment& sealed_;
  rocksdb::WriteBatch& batch_;
};

} // namespace

segment_record times_of(const segment& sealed) {
  segment_record times{.newest_transfer = sealed.newest_transfer.nanoseconds};
  const auto include = [&](log_time at) {
    times.first = times.first == 0 ? at.nanoseconds : std::min(times.first, at.nanoseconds);
    times.last = std::max(times.last, at.nanoseconds);
  };
  if (sealed.transfers.size() > 0) {
    include(sealed.transfers[0].body.timestamp);
    include(sealed.transfers.newest_timestamp());
  }
  for (const balance_row& each : sealed.balances)
    include(each.body.timestamp);
  return times;
}

void fill_batch(const state_database& db, const segment_write& what, std::uint32_t number,
                rocksdb::WriteBatch& batch) {
  segment_batch filling{db, *what.sealed, batch};
  filling.put_transfers();
  filling.put_ids();
  filling.put_user_data();
  filling.put_pending();
  filling.put_accounts();
  filling.put_events(number);
  filling.put_metadata();
  filling.put_rows(what.rows);
  filling.put_state(number, what.end);
}

} // namespace ducat::ledger
