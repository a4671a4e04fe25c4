#include "etcd/append_queue.hpp"
#include "etcd/client.hpp"
#include "etcd/feed.hpp"
#include "etcd/keys.hpp"
#include "etcd/page.hpp"
#include "log/chain.hpp"
#include "log/entry_codec.hpp"

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

namespace ducat {

namespace {

using namespace etcd;
using std::chrono::steady_clock;

constexpr const char* anchor_name = "the anchor of the trimmed log";
constexpr const char* checkpoint_name = "the checkpoint of the log";

std::string random_name() {
  std::random_device noise;
  return std::to_string(noise()) + "-" + std::to_string(noise());
}

/// What is known of the log.
struct log_state {
  chain_link newest; ///< That was read.
  std::uint64_t first = 1;
  std::shared_ptr<append_queue> queue; ///< Knows what was written here; null before an epoch.
};

class etcd_log final : public shared_log {
public:
  explicit etcd_log(const etcd_log_options& options)
      : client_{options}, keys_{options.prefix}, node_{options.node}, give_up_{options.give_up} {}

  /// Verifies what is there, from the checkpoint on.
  result<void> open() {
    return while_trimmed([this](const chain_link& anchor) { return verify_after(anchor); });
  }

  result<epoch> take_epoch() override { return take({}); }

  result<epoch> take_epoch_after(epoch seen) override { return take(seen); }

  result<holder> newest_holder() const override {
    const auto stored = client_.value_of(keys_.epoch());
    if (!stored)
      return tl::unexpected(stored.error());
    return epoch_in(*stored).map([](const epoch_record& newest) {
      return holder{.granted = {newest.number}, .node = node_in(newest)};
    });
  }

  std::size_t in_flight_max() const noexcept override { return etcd_in_flight_max; }

  result<entry> append(epoch writer, log_time at, std::string payload) override {
    auto known = std::make_shared<std::promise<result<void>>>();
    auto outcome = known->get_future();
    auto begun = begin_append(writer, at, std::move(payload),
                              [known](result<void> done) { known->set_value(std::move(done)); });
    if (!begun)
      return begun;
    if (auto done = outcome.get(); !done)
      return tl::unexpected(done.error());
    return begun;
  }

  result<entry> begin_append(epoch writer, log_time at, std::string payload,
                             log_callback done) override {
    const std::lock_guard guard{writing_};
    if (writer.value == 0 || queue_ == nullptr || queue_->granted() != writer)
      return epoch_lost(writer);
    if (payload.size() > payload_bytes_max)
      return fail(errc::invalid_argument,
                  "a payload of " + std::to_string(payload.size()) + " bytes is too large");
    return queue_->begin(at, std::move(payload), std::move(done));
  }

  void confirm(epoch writer, log_callback done) override {
    const std::lock_guard guard{writing_};
    if (writer.value == 0 || queue_ == nullptr || queue_->granted() != writer)
      return done(epoch_lost(writer));
    pb::RangeRequest request;
    request.set_key(keys_.epoch());
    client_.try_range(request, [writer, revision = queue_->revision(),
                                done = std::move(done)](const result<pb::RangeResponse>& found) {
      if (!found)
        return done(tl::unexpected(found.error()));
      const bool same = found->kvs_size() == 1 && found->kvs(0).mod_revision() == revision;
      done(same ? result<void>{} : epoch_lost(writer));
    });
  }

  std::unique_ptr<log_feed> follow(receipt last, entry_callback deliver) override {
    return make_feed(client_, keys_, last, [this, deliver = std::move(deliver)](result<entry> e) {
      if (e)
        note_newest(link_of(*e)); // Who takes the epoch later has not to read it again.
      deliver(std::move(e));
    });
  }

private:
  /// Takes the epoch after `seen`, or after whatever it is now.
  result<epoch> take(std::optional<epoch> seen) {
    const std::lock_guard guard{writing_};
    const std::string name = node_ + "/" + random_name();
    const auto end = steady_clock::now() + give_up_;
    for (;;) {
      const auto stored = client_.value_of(keys_.epoch());
      if (!stored)
        return tl::unexpected(stored.error());
      const auto newest = epoch_in(*stored);
      if (!newest)
        return tl::unexpected(newest.error());
      if (newest->taken_by == name)
        return granted(newest->number, stored->mod_revision());
      if (seen && newest->number != seen->value)
        return fail(errc::epoch_lost, "epoch " + std::to_string(newest->number) +
                                          " was granted to " + node_in(*newest));
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

public:
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
    return client_.txn(note).map([](const pb::TxnResponse&) {});
  }

  result<void> trim(std::uint64_t up_to) override {
    const std::uint64_t newest = last().index;
    const std::uint64_t gone = std::min(up_to, newest - std::min<std::uint64_t>(newest, 1));
    for (;;) {
      const auto stored = client_.value_of(keys_.anchor());
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
      const auto done = client_.txn(cut_after(*e, stored->mod_revision()));
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

  receipt last() const override { return newest_known().last; }

  std::uint64_t first() const override {
    const std::lock_guard guard{knowing_};
    return known_.first;
  }

private:
  // Reading ---------------------------------------------------------------------------------------

  static result<chain_link> link_in(const pb::KeyValue& stored, const std::string& name) {
    return stored.mod_revision() == 0 ? chain_link{} : decode_link(stored.value(), name);
  }

  result<chain_link> link_under(const std::string& key, const std::string& name) const {
    const auto stored = client_.value_of(key);
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
    const auto stored = client_.value_of(keys_.entry(index));
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

  result<pb::RangeResponse> page_after(std::uint64_t index, std::int64_t entries) const {
    pb::RangeRequest request;
    request.set_key(keys_.entry(index + 1));
    request.set_range_end(keys_.end_of_entries());
    request.set_limit(entries);
    return client_.range(request);
  }

  /// Visits the entries after `link`, to the end of the log: what stands after a gap does not
  /// belong to it.
  result<void> walk(chain_link link, const std::function<bool(const entry&)>& visit) const {
    for (page_size size;;) {
      const std::uint64_t acknowledged = last().index; // Before the page: that must be in it.
      const std::int64_t wanted = size.entries();
      const auto page = page_after(link.last.index, wanted);
      if (!page)
        return tl::unexpected(page.error());
      size.note(*page);
      for (const pb::KeyValue& each : page->kvs()) {
        const auto index = keys_.index_in(each.key());
        if (!index)
          return damaged(link.last.index + 1, "is preceded by a key that is no index");
        if (*index != link.last.index + 1)
          return at_gap(link.last.index + 1, *page, acknowledged);
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
      if (page->kvs_size() < wanted && !page->more())
        return link.last.index < acknowledged ? lost(link.last.index + 1) : result<void>{};
    }
  }

  /// Says why the entry at `index` is not there, but some after it are: it may be under way, or
  /// have died with its writer.
  result<void> at_gap(std::uint64_t index, const pb::RangeResponse& page,
                      std::uint64_t acknowledged) const {
    const auto anchor = link_under(keys_.anchor(), anchor_name);
    if (!anchor)
      return tl::unexpected(anchor.error());
    if (index <= anchor->last.index)
      return trimmed(*anchor);
    const auto furthest = keys_.index_in(page.kvs().rbegin()->key());
    if (index > acknowledged && furthest && *furthest - index < etcd_in_flight_max)
      return {};
    return missing(index, furthest.value_or(0));
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

  static std::string node_in(const epoch_record& of) {
    return of.taken_by.substr(0, of.taken_by.rfind('/'));
  }

  /// Begins to write as `number`, at the end of what the writers before it have put.
  result<epoch> granted(std::uint64_t number, std::int64_t revision) {
    if (auto newest = catch_up(); !newest)
      return tl::unexpected(newest.error());
    const chain_link newest = newest_known();
    const auto closed = close_gap(newest.last.index, revision);
    if (!closed)
      return tl::unexpected(closed.error());
    queue_ = std::make_shared<append_queue>(
        client_, keys_,
        append_queue::begin_options{
            .granted = {number}, .revision = *closed, .newest = newest, .give_up = give_up_});
    const std::lock_guard guard{knowing_};
    known_.queue = queue_;
    return epoch{number};
  }

  /// Removes what the writer before may have left after a gap: it can put nothing more. The epoch
  /// is written again by the same transaction, so that an attempt of it that is late finds another
  /// revision, and removes nothing of what was appended since. Returns the revision of the epoch
  /// from now on. If the epoch is lost by now, the next append will say so.
  result<std::int64_t> close_gap(std::uint64_t newest, std::int64_t revision) const {
    const auto mine = client_.value_of(keys_.epoch());
    if (!mine)
      return tl::unexpected(mine.error());
    if (mine->mod_revision() != revision)
      return revision;
    pb::TxnRequest close;
    *close.add_compare() = mod_is(keys_.epoch(), revision);
    *close.add_success() = put(keys_.epoch(), mine->value());
    *close.add_success() = remove(keys_.entry(newest + 1), keys_.end_of_entries());
    *close.add_failure() = get(keys_.epoch());
    const auto done = client_.txn(close);
    if (!done)
      return tl::unexpected(done.error());
    if (done->succeeded())
      return done->header().revision();
    const auto& found = done->responses(0).response_range().kvs();
    const bool is_closed = !found.empty() && found.Get(0).value() == mine->value();
    return is_closed ? found.Get(0).mod_revision() : revision;
  }

  /// Returns the transaction that moves the anchor to `e`, if it is still of that revision.
  pb::TxnRequest cut_after(const entry& e, std::int64_t anchor_revision) const {
    pb::TxnRequest cut;
    *cut.add_compare() = mod_is(keys_.anchor(), anchor_revision);
    *cut.add_success() = put(keys_.anchor(), encode_link(link_of(e)));
    *cut.add_success() = remove(keys_.entry(0), keys_.entry(e.index + 1));
    return cut;
  }

  // Knowing ---------------------------------------------------------------------------------------

  chain_link newest_known() const {
    const std::lock_guard guard{knowing_};
    if (known_.queue == nullptr)
      return known_.newest;
    const chain_link written = known_.queue->newest();
    return written.last.index > known_.newest.last.index ? written : known_.newest;
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
  const std::string node_;
  const std::chrono::milliseconds give_up_;

  std::mutex writing_;                  ///< Held while an epoch is taken and an append begun.
  std::shared_ptr<append_queue> queue_; ///< Of the newest epoch that was granted here.

  mutable std::mutex knowing_; ///< Never held across a call.
  mutable log_state known_;
};

} // namespace

result<std::unique_ptr<shared_log>> open_etcd_log(const etcd_log_options& options) {
  if (auto checked = check(options); !checked)
    return tl::unexpected(checked.error());
  auto opened = std::make_unique<etcd_log>(options);
  if (auto done = opened->open(); !done)
    return tl::unexpected(done.error());
  return opened;
}

} // namespace ducat
