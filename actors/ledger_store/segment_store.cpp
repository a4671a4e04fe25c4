#include "ledger_store/segment_store.hpp"

#include "ledger_store/fault_points.hpp"
#include "ledger_store/segment_writer.hpp"

#include <ducat/fatal.hpp>
#include <ducat/ledger/book.hpp>
#include <ducat/ledger/store_directory.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ducat::ledger {

namespace {

[[noreturn]] void damaged(const std::string& what) {
  end_process({errc::corrupt, "the ledger's state is damaged: " + what});
}

template <class T>
T checked(std::optional<T> decoded, const char* what) {
  if (!decoded)
    damaged(what);
  return std::move(*decoded);
}

class database_store final : public segment_store,
                             public std::enable_shared_from_this<database_store> {
public:
  explicit database_store(std::shared_ptr<state_database> db)
      : db_{std::move(db)}, session_{db_->begin_session()}, state_{read_state()},
        writer_{db_->make_writer(session_, state_.segments)} {
    for (std::uint32_t i = 0; i < state_.segments; ++i)
      times_.push_back(
          checked(decode_segment(db_->get(family::meta, key_of(i)).value_or("")), "a segment"));
    shown_ = times_.size();
    const auto ids = db_->iterate(family::ids);
    ids->SeekToLast();
    state_database::check(*ids);
    if (ids->Valid())
      greatest_ = id_in_key(ids->key());
  }

  void restore(book& fresh) override {
    writer_->wait();
    show_written();
    const state_record state = read_state();
    std::vector<account> accounts;
    const auto stored = db_->iterate(family::accounts);
    for (stored->SeekToFirst(); stored->Valid(); stored->Next())
      accounts.push_back(checked(decode_account(stored->value()), "an account"));
    state_database::check(*stored);
    fresh.restore(shared_from_this(), accounts, open_transfers(), {state.now},
                  {state.newest_transfer});
  }

  receipt durable_to() const override {
    const std::size_t own = shown_ - state_.segments;
    return own == 0 ? receipt{state_.index, state_.hash} : ends_[own - 1];
  }

  void add(std::shared_ptr<const segment> sealed, const receipt& end,
           std::vector<kept_row> rows) override {
    expect_newest();
    after_seal.hit();
    greatest_ = std::max(greatest_, sealed->greatest);
    times_.push_back(times_of(*sealed));
    ends_.push_back(end);
    writer_->write({.sealed = std::move(sealed), .end = end, .rows = std::move(rows)});
    expect_newest(); // It may have waited for long.
  }

  std::uint64_t show_written() override {
    const std::uint64_t written = writer_->written();
    shown_ = state_.segments + written;
    return written;
  }

  void wait_until_written() override { writer_->wait(); }

  result<void> verify() const override { return db_->verify(); }

  bool visit_rows(std::string_view from,
                  const std::function<bool(std::string_view key, std::string_view value)>& visit)
      const override {
    const auto at = db_->iterate(family::meta);
    for (at->Seek(row_prefix + std::string{from}); at->Valid() && at->key().starts_with(row_prefix);
         at->Next())
      if (!visit(at->key().ToStringView().substr(row_prefix.size()), at->value().ToStringView()))
        return false;
    state_database::check(*at);
    return true;
  }

  std::optional<known_transfer> find(transfer_id id) const override {
    if (id > greatest_)
      return std::nullopt; // Ids that grow with time are new without a look at the disk.
    const auto stored = db_->get(family::ids, key_of(id));
    if (!stored)
      return std::nullopt;
    const id_record record = checked(decode_id(*stored), "an id");
    known_transfer known;
    known.body.id = id;
    known.is_burnt = record.state == id_state::burnt;
    if (!known.is_burnt)
      known.body = transfer_at(record.timestamp);
    if (record.state <= id_state::expired)
      known.status = static_cast<pending_status>(record.state);
    return known;
  }

  bool visit_account(row account, log_time from, log_time to, bool newest_first,
                     const account_event_visitor& visit) const override {
    for (std::size_t i = 0; i < shown_; ++i) {
      const std::size_t segment = newest_first ? shown_ - 1 - i : i;
      const segment_record& times = times_[segment];
      if (times.last < from.nanoseconds || times.first > to.nanoseconds)
        continue;
      if (!visit_segment(static_cast<std::uint32_t>(segment), account, from, to, newest_first,
                         visit))
        return false;
    }
    return true;
  }

  bool visit_transfers(const std::optional<user_data>& with, log_time from, log_time to,
                       bool newest_first, const transfer_visitor& visit) const override {
    if (shown_ == 0)
      return true;
    to = std::min(to, log_time{times_[shown_ - 1].newest_transfer});
    return with ? visit_indexed(*with, from, to, newest_first, visit)
                : visit_all(from, to, newest_first, visit);
  }

  metadata metadata_of(const subject& about) const override {
    const auto stored = db_->get(family::metadata_texts, key_of(about));
    return stored ? checked(decode_metadata(*stored), "metadata") : metadata{};
  }

  void
  visit_metadata(const std::function<void(const subject&, const metadata&)>& visit) const override {
    const auto at = db_->iterate(family::metadata_texts);
    for (at->SeekToFirst(); at->Valid(); at->Next())
      visit(subject_in_key(at->key()),
            checked(decode_metadata(at->value().ToStringView()), "metadata"));
    state_database::check(*at);
  }

  void visit_burnt(const std::function<void(transfer_id)>& visit) const override {
    const auto at = db_->iterate(family::ids);
    for (at->SeekToFirst(); at->Valid(); at->Next())
      if (checked(decode_id(at->value()), "an id").state == id_state::burnt)
        visit(id_in_key(at->key()));
    state_database::check(*at);
  }

private:
  void expect_newest() const {
    if (!db_->is_newest(session_))
      throw std::runtime_error("another life of the machine keeps the state now");
  }

  state_record read_state() const {
    const auto stored = db_->get(family::meta, "state");
    return stored ? checked(decode_state(*stored), "where it ends") : state_record{};
  }

  std::vector<transfer> open_transfers() const {
    std::vector<transfer> open;
    const auto at = db_->iterate(family::open);
    for (at->SeekToFirst(); at->Valid(); at->Next())
      for (const transfer& each : checked(decode_transfers(at->value()), "a pending transfer"))
        open.push_back(each);
    state_database::check(*at);
    return open;
  }

  bool visit_all(log_time from, log_time to, bool newest_first,
                 const transfer_visitor& visit) const {
    const auto at = db_->iterate(family::transfers);
    at->SeekForPrev(key_of(newest_first ? to.nanoseconds : from.nanoseconds));
    if (!at->Valid() && !newest_first)
      at->SeekToFirst(); // The first block begins later.
    for (; at->Valid(); newest_first ? at->Prev() : at->Next()) {
      auto block = checked(decode_transfers(at->value()), "transfers");
      if (newest_first)
        std::ranges::reverse(block);
      for (const transfer& each : block)
        if (each.timestamp >= from && each.timestamp <= to && !visit(each))
          return false;
      if (newest_first ? block.back().timestamp < from : block.back().timestamp > to)
        break;
    }
    state_database::check(*at);
    return true;
  }

  bool visit_indexed(const user_data& with, log_time from, log_time to, bool newest_first,
                     const transfer_visitor& visit) const {
    const std::string first = key_of(with, from.nanoseconds);
    const std::string last = key_of(with, to.nanoseconds);
    const auto at = db_->iterate(family::user_data);
    newest_first ? at->SeekForPrev(last) : at->Seek(first);
    for (; at->Valid() && at->key().compare(first) >= 0 && at->key().compare(last) <= 0;
         newest_first ? at->Prev() : at->Next())
      if (!visit(transfer_at(timestamp_in_key(at->key()))))
        return false;
    state_database::check(*at);
    return true;
  }

  transfer transfer_at(std::uint64_t timestamp) const {
    return transfer_at(timestamp, *db_->iterate(family::transfers));
  }

  /// `at` is over family::transfers; whoever looks for many uses it again.
  static transfer transfer_at(std::uint64_t timestamp, rocksdb::Iterator& at) {
    at.SeekForPrev(key_of(timestamp));
    state_database::check(at);
    if (!at.Valid())
      damaged("a transfer is missing");
    const auto found = find_transfer(at.value(), timestamp);
    if (!found)
      damaged("the transfer of " + std::to_string(timestamp) + " is missing");
    return *found;
  }

  bool visit_segment(std::uint32_t segment, row account, log_time from, log_time to,
                     bool newest_first, const account_event_visitor& visit) const {
    const auto stored = db_->get(family::events, key_of(segment, account));
    if (!stored)
      return true;
    auto events = checked(decode_events(*stored), "events");
    if (newest_first)
      std::ranges::reverse(events);
    const auto transfers = db_->iterate(family::transfers);
    return std::ranges::all_of(events, [&](const event_record& each) {
      const log_time at{each.transfer != 0 ? each.transfer : each.balance->timestamp.nanoseconds};
      if (at < from || at > to)
        return true;
      std::optional<transfer> moved;
      if (each.transfer != 0)
        moved = transfer_at(each.transfer, *transfers);
      return visit({moved ? &*moved : nullptr, each.balance ? &*each.balance : nullptr});
    });
  }

  std::shared_ptr<state_database> db_;
  const std::uint64_t session_;
  state_record state_;                ///< As it was when the store was opened.
  transfer_id greatest_;              ///< No id in the store is greater.
  std::vector<segment_record> times_; ///< Of all segments, the one being written included.
  std::vector<receipt> ends_;         ///< Of the segments that this object took.
  std::size_t shown_ = 0;             ///< Only so many segments are seen. Invariant: all durable.
  std::unique_ptr<segment_writer> writer_; ///< The last member: its end must find the others.
};

} // namespace

std::shared_ptr<segment_store> make_segment_store(std::shared_ptr<state_database> db) {
  return std::make_shared<database_store>(std::move(db));
}

result<void> check_state(const state_database& db, const std::filesystem::path& directory) {
  const auto stored = db.get(family::meta, "state");
  const auto state = stored ? decode_state(*stored) : state_record{};
  if (!state)
    return fail(errc::corrupt, "the ledger's state in " + directory.string() + " is damaged");
  if (state->version != store_format_version)
    return fail(errc::newer_version, "the ledger's state in " + directory.string() +
                                         " has format " + std::to_string(state->version));
  return {};
}

result<std::shared_ptr<segment_store>> open_segment_store(const std::filesystem::path& directory) {
  return store_directory::open(directory).map(
      [](const auto& opened) { return opened->begin_life(); });
}

result<std::shared_ptr<segment_store>>
open_segment_store_to_look_at(const std::filesystem::path& directory) {
  auto db = state_database::open(directory, true);
  if (!db)
    return tl::unexpected(db.error());
  if (auto good = check_state(**db, directory); !good)
    return tl::unexpected(good.error());
  return make_segment_store(std::move(*db));
}

} // namespace ducat::ledger
