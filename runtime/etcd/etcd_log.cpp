#include "etcd/client.hpp"
#include "etcd/keys.hpp"
#include "log/chain.hpp"
#include "log/entry_codec.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

namespace ducat {

namespace {

using namespace etcd;
using std::chrono::steady_clock;

/// Entries of one read; each may be payload_bytes_max long.
constexpr std::int64_t page_entries = 16;

constexpr const char* anchor_name = "the anchor of the trimmed log";
constexpr const char* checkpoint_name = "the checkpoint of the log";

std::string random_name() {
  std::random_device noise;
  return std::to_string(noise()) + "-" + std::to_string(noise());
}

/// What is known of the log.
struct log_state {
  chain_link newest;
  std::uint64_t first = 1;
};

class etcd_log final : public log {
public:
  explicit etcd_log(const etcd_log_options& options)
      : client_{options}, keys_{options.prefix}, give_up_{options.give_up} {}

  /// Verifies what is there, from the checkpoint on.
  result<void> open() {
    return while_trimmed([this](const chain_link& anchor) { return verify_after(anchor); });
  }

  result<epoch> take_epoch() override {
    const std::lock_guard guard{writing_};
    const std::string name = random_name();
    const auto end = steady_clock::now() + give_up_;
    for (;;) {
      const auto stored = value_of(keys_.epoch());
      if (!stored)
        return tl::unexpected(stored.error());
      const auto newest = epoch_in(*stored);
      if (!newest)
        return tl::unexpected(newest.error());
      if (newest->taken_by == name)
        return granted(newest->number, stored->mod_revision());
      pb::TxnRequest take;
      *take.add_compare() = mod_is(keys_.epoch(), stored->mod_revision());
      *take.add_success() = put(keys_.epoch(), encode(epoch_record{newest->number + 1, name}));
      const auto done = client_.try_txn(take);
      if (done && done->succeeded())
        return granted(newest->number + 1, done->header().revision());
      if (!done && (done.error().code != errc::outcome_unknown || steady_clock::now() >= end))
        return tl::unexpected(done.error());
    }
  }

  result<entry> append(epoch writer, log_time at, std::string payload) override {
    const std::lock_guard guard{writing_};
    if (failed_)
      return fail(errc::io, "an earlier append to the log is unknown; the process must end");
    if (writer.value == 0 || writer != granted_)
      return epoch_lost(writer);
    if (payload.size() > payload_bytes_max)
      return fail(errc::invalid_argument,
                  "a payload of " + std::to_string(payload.size()) + " bytes is too large");
    entry e = following(newest_known(), writer, at, std::move(payload));
    if (auto done = put_entry(e); !done)
      return tl::unexpected(done.error());
    note_newest(link_of(e));
    return e;
  }

  result<void> checkpoint(std::uint64_t up_to) override {
    if (up_to > last().index)
      return fail(errc::not_found, "there is no log entry " + std::to_string(up_to));
    const auto before = link_under(keys_.checkpoint(), checkpoint_name);
    if (!before)
      return tl::unexpected(before.error());
    if (up_to <= std::max(before->last.index, first() - 1))
      return {};
    const auto e = entry_at(up_to);
    if (!e)
      return tl::unexpected(e.error());
    pb::TxnRequest note;
    *note.add_success() = put(keys_.checkpoint(), encode_link(link_of(*e)));
    return until_known(note).map([](const pb::TxnResponse&) {});
  }

  result<void> trim(std::uint64_t up_to) override {
    const std::uint64_t newest = last().index;
    const std::uint64_t gone = std::min(up_to, newest - std::min<std::uint64_t>(newest, 1));
    for (;;) {
      const auto stored = value_of(keys_.anchor());
      if (!stored)
        return tl::unexpected(stored.error());
      const auto anchor = link_in(*stored, anchor_name);
      if (!anchor)
        return tl::unexpected(anchor.error());
      note_first(anchor->last.index + 1);
      if (gone <= anchor->last.index)
        return {};
      const auto e = entry_at(gone);
      if (!e && e.error().code == errc::not_found && has_moved(*anchor))
        continue;
      if (!e && e.error().code == errc::not_found)
        return lost(gone);
      if (!e)
        return tl::unexpected(e.error());
      const auto done = until_known(cut_after(*e, stored->mod_revision()));
      if (!done)
        return tl::unexpected(done.error());
      if (done->succeeded())
        client_.compact(done->header().revision());
    }
  }

  result<void> read(std::uint64_t from,
                    const std::function<bool(const entry&)>& visit) const override {
    const auto anchor = link_under(keys_.anchor(), anchor_name);
    if (!anchor)
      return tl::unexpected(anchor.error());
    from = std::max<std::uint64_t>(from, 1);
    if (from <= anchor->last.index)
      return trimmed(*anchor);
    if (from == anchor->last.index + 1)
      return walk(*anchor, visit);
    const std::uint64_t acknowledged = last().index; // Before the look: that must be seen.
    const auto before = entry_at(from - 1);
    if (before)
      return walk(link_of(*before), visit);
    if (before.error().code != errc::not_found)
      return tl::unexpected(before.error());
    if (from - 1 > acknowledged)
      return {};
    return has_moved(*anchor) ? read(from, visit) : lost(from - 1);
  }

  receipt last() const override {
    const std::lock_guard guard{knowing_};
    return known_.newest.last;
  }

  std::uint64_t first() const override {
    const std::lock_guard guard{knowing_};
    return known_.first;
  }

private:
  // Reading ---------------------------------------------------------------------------------------

  /// Returns what is under `key`; mod_revision is 0 if nothing is.
  result<pb::KeyValue> value_of(const std::string& key) const {
    pb::RangeRequest request;
    request.set_key(key);
    return client_.range(request).map([](const pb::RangeResponse& found) {
      return found.kvs_size() == 0 ? pb::KeyValue{} : found.kvs(0);
    });
  }

  static result<chain_link> link_in(const pb::KeyValue& stored, const std::string& name) {
    return stored.mod_revision() == 0 ? chain_link{} : decode_link(stored.value(), name);
  }

  result<chain_link> link_under(const std::string& key, const std::string& name) const {
    const auto stored = value_of(key);
    return stored ? link_in(*stored, name) : tl::unexpected(stored.error());
  }

  /// Returns whether the log was trimmed since its anchor was `before`.
  bool has_moved(const chain_link& before) const {
    const auto anchor = link_under(keys_.anchor(), anchor_name);
    return anchor && anchor->last.index > before.last.index;
  }

  /// Runs `look` with the anchor, and again if the log was trimmed under it.
  template <class Look>
  result<void> while_trimmed(Look look) const {
    for (;;) {
      const auto anchor = link_under(keys_.anchor(), anchor_name);
      if (!anchor)
        return tl::unexpected(anchor.error());
      note_first(anchor->last.index + 1);
      if (auto done = look(*anchor); done || !has_moved(*anchor))
        return done;
    }
  }

  result<void> verify_after(const chain_link& anchor) const {
    const auto checkpoint = link_under(keys_.checkpoint(), checkpoint_name);
    if (!checkpoint)
      return tl::unexpected(checkpoint.error());
    if (checkpoint->last.index <= anchor.last.index)
      return walk(anchor, [](const entry&) { return true; });
    if (auto found = check_entry(*checkpoint); !found)
      return found;
    note_newest(*checkpoint);
    return walk(*checkpoint, [](const entry&) { return true; });
  }

  static result<epoch_record> epoch_in(const pb::KeyValue& stored) {
    if (stored.mod_revision() == 0)
      return epoch_record{};
    const auto decoded = decode_epoch(stored.value());
    return decoded ? result<epoch_record>{*decoded}
                   : fail(errc::corrupt, "the epoch of the log is damaged");
  }

  result<entry> entry_at(std::uint64_t index) const {
    const auto stored = value_of(keys_.entry(index));
    if (!stored)
      return tl::unexpected(stored.error());
    if (stored->mod_revision() == 0)
      return fail(errc::not_found, "there is no log entry " + std::to_string(index));
    return stored_entry(index, stored->value());
  }

  result<void> check_entry(const chain_link& checkpoint) const {
    const auto e = entry_at(checkpoint.last.index);
    if (!e && e.error().code == errc::not_found)
      return lost(checkpoint.last.index);
    if (!e)
      return tl::unexpected(e.error());
    return e->hash == checkpoint.last.hash ? result<void>{}
                                           : damaged(e->index, "is not the one of the checkpoint");
  }

  result<pb::RangeResponse> page_after(std::uint64_t index) const {
    pb::RangeRequest request;
    request.set_key(keys_.entry(index + 1));
    request.set_range_end(keys_.end_of_entries());
    request.set_limit(page_entries);
    return client_.range(request);
  }

  /// Visits the entries after `link`. There are no gaps: an entry is put when the one before it is
  /// known to be there.
  result<void> walk(chain_link link, const std::function<bool(const entry&)>& visit) const {
    for (;;) {
      const std::uint64_t acknowledged = last().index; // Before the page: that must be in it.
      const auto page = page_after(link.last.index);
      if (!page)
        return tl::unexpected(page.error());
      for (const pb::KeyValue& each : page->kvs()) {
        const auto index = keys_.index_in(each.key());
        if (!index)
          return damaged(link.last.index + 1, "is preceded by a key that is no index");
        if (*index != link.last.index + 1)
          return at_gap(link.last.index + 1, *index);
        auto e = stored_entry(*index, each.value());
        if (!e)
          return tl::unexpected(e.error());
        if (auto linked = check_link(link, *e); !linked)
          return linked;
        link = link_of(*e);
        note_newest(link);
        if (!visit(*e))
          return {};
      }
      if (page->kvs_size() < page_entries && !page->more())
        return link.last.index < acknowledged ? lost(link.last.index + 1) : result<void>{};
    }
  }

  /// Says why the entry at `index` is not there, but the one at `found` is.
  result<void> at_gap(std::uint64_t index, std::uint64_t found) const {
    const auto anchor = link_under(keys_.anchor(), anchor_name);
    if (!anchor)
      return tl::unexpected(anchor.error());
    return index <= anchor->last.index ? result<void>{trimmed(*anchor)}
                                       : result<void>{missing(index, found)};
  }

  /// Verifies what has come since the last look.
  result<void> catch_up() const {
    return while_trimmed([this](const chain_link& anchor) {
      const chain_link known = newest_known();
      return walk(known.last.index > anchor.last.index ? known : anchor,
                  [](const entry&) { return true; });
    });
  }

  // Writing ---------------------------------------------------------------------------------------

  static tl::unexpected<error> epoch_lost(epoch writer) {
    return fail(errc::epoch_lost, "epoch " + std::to_string(writer.value) +
                                      " may not append; another one was taken since");
  }

  /// Runs a transaction that has no further effect when it is run again, until it has an answer.
  result<pb::TxnResponse> until_known(const pb::TxnRequest& request) const {
    const auto end = steady_clock::now() + give_up_;
    for (;;) {
      auto done = client_.try_txn(request);
      if (done || done.error().code != errc::outcome_unknown || steady_clock::now() >= end)
        return done;
    }
  }

  /// Begins to write as `number`, at the end of what the writers before it have put.
  result<epoch> granted(std::uint64_t number, std::int64_t revision) {
    if (auto newest = catch_up(); !newest)
      return tl::unexpected(newest.error());
    granted_ = {number};
    epoch_revision_ = revision;
    return granted_;
  }

  /// Returns the transaction that moves the anchor to `e`, if it is still of that revision.
  pb::TxnRequest cut_after(const entry& e, std::int64_t anchor_revision) const {
    pb::TxnRequest cut;
    *cut.add_compare() = mod_is(keys_.anchor(), anchor_revision);
    *cut.add_success() = put(keys_.anchor(), encode_link(link_of(e)));
    *cut.add_success() = remove(keys_.entry(0), keys_.entry(e.index + 1));
    return cut;
  }

  /// Puts the entry if the epoch is still ours and its index free. An attempt without an answer may
  /// have put it: then the next one finds it there.
  result<void> put_entry(const entry& e) {
    const std::string key = keys_.entry(e.index);
    const std::string bytes = encode_entry(e);
    pb::TxnRequest write;
    *write.add_compare() = mod_is(keys_.epoch(), epoch_revision_);
    *write.add_compare() = mod_is(key, 0);
    *write.add_success() = put(key, bytes);
    *write.add_failure() = get(key);
    const auto done = until_known(write);
    if (!done)
      return failed(done.error());
    if (done->succeeded())
      return {};
    const auto& found = done->responses(0).response_range().kvs();
    if (found.empty())
      return epoch_lost(e.writer);
    if (found.Get(0).value() == bytes)
      return {};
    granted_ = {};
    return epoch_lost(e.writer); // A later writer has put its own entry there.
  }

  /// What is too large was refused; whatever else went wrong, it is not known what is in the log.
  result<void> failed(const error& why) {
    if (why.code == errc::invalid_argument)
      return tl::unexpected(why);
    failed_ = true;
    return fail(errc::io, why.message);
  }

  // Knowing ---------------------------------------------------------------------------------------

  chain_link newest_known() const {
    const std::lock_guard guard{knowing_};
    return known_.newest;
  }

  void note_newest(const chain_link& link) const {
    const std::lock_guard guard{knowing_};
    if (link.last.index > known_.newest.last.index)
      known_.newest = link;
  }

  void note_first(std::uint64_t index) const {
    const std::lock_guard guard{knowing_};
    known_.first = std::max(known_.first, index);
  }

  const client client_;
  const keys keys_;
  const std::chrono::milliseconds give_up_;

  std::mutex writing_; ///< Held across appends: they wait for each other.
  bool failed_ = false;
  epoch granted_; ///< 0: none.
  std::int64_t epoch_revision_ = 0;

  mutable std::mutex knowing_; ///< Never held across a call.
  mutable log_state known_;
};

} // namespace

result<std::unique_ptr<log>> open_etcd_log(const etcd_log_options& options) {
  if (options.endpoints.empty())
    return fail(errc::invalid_argument, "etcd has no endpoint");
  for (const std::string& each : options.endpoints)
    if (!each.starts_with("127."))
      return fail(errc::invalid_argument,
                  "an endpoint of etcd is an address of the loopback, 127.0.0.1:PORT, not " + each);
  auto opened = std::make_unique<etcd_log>(options);
  if (auto done = opened->open(); !done)
    return tl::unexpected(done.error());
  return opened;
}

} // namespace ducat
