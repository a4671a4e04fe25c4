/// A shared log in memory. Nothing happens in it by itself: the test says when an append is
/// durable, when a confirmation comes and when a follower is told of an entry. One thread.
#pragma once

#include "log/chain.hpp"

#include <ducat/shared_log.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ducat::testing {

/// What all nodes have in common: what etcd would hold.
struct log_store {
  std::vector<entry> entries;
  shared_log::holder newest;
  std::uint64_t checkpoint = 0;
  std::uint64_t trimmed = 0; ///< The newest entry that is not there any more.

  chain_link end() const { return entries.empty() ? chain_link{} : link_of(entries.back()); }
};

/// The way of one node to the store.
class fake_shared_log final : public shared_log {
public:
  fake_shared_log(std::shared_ptr<log_store> store, std::string node)
      : store_{std::move(store)}, node_{std::move(node)} {}

  // What the test does ----------------------------------------------------------------------------

  std::size_t appends_under_way() const { return appends_.size(); }

  std::size_t confirms_under_way() const { return confirms_.size(); }

  bool is_followed() const { return feed_ != nullptr; }

  /// Returns the entries that were begun and are not durable.
  std::vector<entry> begun() const {
    std::vector<entry> all;
    for (const append_begun& each : appends_)
      all.push_back(each.what);
    return all;
  }

  /// The oldest append gets through: durable if its epoch is the newest; if not, it fails and all
  /// after it.
  void complete_append() {
    const append_begun front = take_first(appends_);
    if (front.what.writer != store_->newest.granted) {
      front.done(epoch_lost());
      return fail_appends({errc::epoch_lost, "another writer"});
    }
    store_->entries.push_back(front.what);
    front.done({});
  }

  void complete_appends() {
    while (!appends_.empty())
      complete_append();
  }

  /// Every append under way fails so.
  void fail_appends(const error& why) {
    for (const append_begun& each : std::exchange(appends_, {}))
      each.done(tl::unexpected(why));
  }

  /// The oldest append gets into the log, but its writer is told that nobody knows.
  void lose_answer_of_append() {
    store_->entries.push_back(appends_.at(0).what);
    fail_appends({errc::io, "no answer"});
  }

  /// The oldest confirmation comes, with what is true now.
  void complete_confirm() {
    const confirm_begun front = take_first(confirms_);
    front.done(front.writer == store_->newest.granted ? result<void>{} : epoch_lost());
  }

  void fail_confirm(const error& why) {
    const confirm_begun front = take_first(confirms_);
    front.done(tl::unexpected(why));
  }

  /// Tells the follower of one entry that it has not heard of; returns whether there was one.
  bool deliver_entry() {
    if (feed_ == nullptr || feed_->next > store_->entries.size())
      return false;
    feed_->deliver(store_->entries[feed_->next++ - 1]);
    return true;
  }

  void deliver_entries() {
    while (deliver_entry()) {
    }
  }

  /// Tells the follower something that is not in the log.
  void deliver(result<entry> what) { feed_->deliver(std::move(what)); }

  std::optional<error> refuse_appends_with;    ///< At their begin.
  std::optional<error> refuse_epochs_with;     ///< Every take_epoch…() fails so.
  std::optional<error> refuse_reads_with;      ///< read() and newest_holder().
  std::optional<error> refuse_checkpoint_with; ///< checkpoint().

  bool knows_nothing = false; ///< It has not read yet what the others have appended.

  // What a log does -------------------------------------------------------------------------------

  result<epoch> take_epoch() override { return take_epoch_after(store_->newest.granted); }

  result<epoch> take_epoch_after(epoch seen) override {
    if (refuse_epochs_with)
      return tl::unexpected(*refuse_epochs_with);
    if (store_->newest.granted != seen)
      return tl::unexpected(epoch_lost().error());
    store_->newest = {.granted = {seen.value + 1}, .node = node_};
    granted_ = store_->newest.granted;
    return granted_;
  }

  result<holder> newest_holder() const override {
    if (refuse_reads_with)
      return tl::unexpected(*refuse_reads_with);
    return store_->newest;
  }

  std::size_t in_flight_max() const noexcept override { return 8; }

  result<entry> append(epoch writer, log_time at, std::string payload) override {
    if (writer != store_->newest.granted)
      return tl::unexpected(epoch_lost().error());
    store_->entries.push_back(following(store_->end(), writer, at, std::move(payload)));
    return store_->entries.back();
  }

  result<entry> begin_append(epoch writer, log_time at, std::string payload,
                             log_callback done) override {
    if (refuse_appends_with)
      return tl::unexpected(*refuse_appends_with);
    if (writer != granted_)
      return tl::unexpected(epoch_lost().error());
    const chain_link before = appends_.empty() ? store_->end() : link_of(appends_.back().what);
    appends_.push_back({following(before, writer, at, std::move(payload)), std::move(done)});
    return appends_.back().what;
  }

  void confirm(epoch writer, log_callback done) override {
    confirms_.push_back({writer, std::move(done)});
  }

  std::unique_ptr<log_feed> follow(receipt last, entry_callback deliver) override {
    feed_ = std::make_shared<follower>(last.index + 1, std::move(deliver));
    return std::make_unique<feed>(*this, feed_);
  }

  result<void> checkpoint(std::uint64_t up_to) override {
    if (refuse_checkpoint_with)
      return tl::unexpected(*refuse_checkpoint_with);
    store_->checkpoint = std::max(store_->checkpoint, up_to);
    return {};
  }

  result<void> trim(std::uint64_t up_to) override {
    store_->trimmed = up_to;
    return {};
  }

  result<void> read(std::uint64_t from,
                    const std::function<bool(const entry&)>& visit) const override {
    if (refuse_reads_with)
      return tl::unexpected(*refuse_reads_with);
    if (from <= store_->trimmed)
      return fail(errc::not_found, "it was trimmed away");
    for (const entry& each : store_->entries)
      if (each.index >= from && !visit(each))
        break;
    return {};
  }

  receipt last() const override { return knows_nothing ? receipt{} : store_->end().last; }

  std::uint64_t first() const override { return store_->trimmed + 1; }

private:
  struct append_begun {
    entry what;
    log_callback done;
  };

  struct confirm_begun {
    epoch writer;
    log_callback done;
  };

  struct follower {
    follower(std::uint64_t from, entry_callback to) : next{from}, deliver{std::move(to)} {}

    std::uint64_t next; ///< The index of the entry to be told next.
    entry_callback deliver;
  };

  class feed final : public log_feed {
  public:
    feed(fake_shared_log& of, std::shared_ptr<follower> mine) : of_{of}, mine_{std::move(mine)} {}

    ~feed() override {
      if (of_.feed_ == mine_)
        of_.feed_ = nullptr;
    }

  private:
    fake_shared_log& of_;
    std::shared_ptr<follower> mine_;
  };

  template <class Begun>
  static Begun take_first(std::deque<Begun>& all) {
    if (all.empty())
      throw std::logic_error("nothing is under way in the log");
    Begun first = std::move(all.front());
    all.pop_front();
    return first;
  }

  static result<void> epoch_lost() { return fail(errc::epoch_lost, "another writer"); }

  std::shared_ptr<log_store> store_;
  std::string node_;
  epoch granted_; ///< Here; the store may have granted another one since.
  std::deque<append_begun> appends_;
  std::deque<confirm_begun> confirms_;
  std::shared_ptr<follower> feed_; ///< Null if nobody follows.
};

} // namespace ducat::testing
