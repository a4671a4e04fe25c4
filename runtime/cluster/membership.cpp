#include "cluster/membership.hpp"

#include "cluster/link_server.hpp"
#include "cluster/member_view.hpp"
#include "cluster/writer_watch.hpp"
#include "etcd/client.hpp"
#include "etcd/watch.hpp"

#include <ducat/wall_clock.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace ducat::cluster {

namespace {

namespace pb = ducat::link::v1;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::chrono::seconds lease_time{10};
constexpr milliseconds time_between_ticks{20};
constexpr unsigned puts_under_way_max = 8;
constexpr std::uint64_t beats_unseen_max = 8;

} // namespace

class membership::state {
public:
  explicit state(membership_options options)
      : options_{std::move(options)}, keys_{options_.joined.cluster}, client_{options_.joined.etcd},
        view_{options_.joined, keys_} {
    record_.set_id(me());
    record_.set_link(options_.link_address);
    record_.set_link_version(link_version);
    record_.set_program_version(DUCAT_VERSION);
    record_.set_started_at_ns(wall_clock().nanoseconds);
    record_.set_api(options_.joined.api);
    record_.set_priority(options_.joined.priority);
  }

  void stop() {
    {
      const std::lock_guard lock{guard_};
      ending_ = true;
      changed_.notify_all();
    }
    for (std::thread* each : {&ticker_, &keeper_})
      if (each->joinable())
        each->join();
    watch_.reset();
  }

  ~state() {
    stop();
    std::map<std::string, std::shared_ptr<link>> links;
    {
      const std::lock_guard lock{guard_};
      links.swap(links_);
    }
    links.clear();
    if (lease_ != 0)
      client_.revoke_lease(lease_);
  }

  result<void> join() {
    if (auto done = register_now(); !done)
      return done;
    watch_.emplace(
        client_, etcd::watch::options{.begin = keys_.epoch(),
                                      .end = keys_.end(),
                                      .look = [this] { return look(); },
                                      .take = [this](const auto& events) { return take(events); }});
    ticker_ = std::thread{[this] { tick_until_end(); }};
    keeper_ = std::thread{[this] { keep_lease_until_end(); }};
    return wait_for_own_beats();
  }

  void ask(const std::string& node, outgoing_ask what, time_point deadline, ask_callback done) {
    const auto way = link_to(node);
    if (way == nullptr)
      return done(fail(errc::unavailable, "node " + node + " is not there now"));
    way->ask(std::move(what), deadline, std::move(done));
  }

  result<bool> cut_link(const std::string& node, time_point until) {
    const auto way = link_to(node);
    if (way == nullptr)
      return fail(errc::not_found, "there is no link to node " + node);
    return way->cut(until);
  }

  std::vector<member_status> members() const {
    const std::lock_guard lock{guard_};
    return view_.statuses();
  }

  bool is_heard() const {
    const std::lock_guard lock{guard_};
    const auto patience = options_.joined.beat * options_.joined.beats_missed_max;
    return steady_clock::now() - heard_at_ < patience;
  }

  result<void> set_draining(bool draining) {
    const std::lock_guard one{registering_};
    const bool before = draining_.exchange(draining);
    record_.set_draining(draining);
    auto done = write_record();
    if (!done) {
      draining_ = before;
      record_.set_draining(before);
    }
    return done;
  }

  result<void> forget(const std::string& id) {
    {
      const std::lock_guard lock{guard_};
      const auto all = view_.statuses();
      const auto found = std::ranges::find(all, id, &member_status::id);
      if (found == all.end())
        return fail(errc::not_found, "there is no node " + id);
      if (found->now == member_status::state::alive || found->now == member_status::state::draining)
        return fail(errc::not_permitted, "node " + id + " is alive: stop it first");
    }
    const auto stored = client_.value_of(keys_.member(id));
    if (!stored)
      return tl::unexpected(stored.error());
    etcd::pb::TxnRequest change;
    *change.add_compare() = etcd::mod_is(keys_.member(id), stored->mod_revision());
    for (const std::string& key : {keys_.member(id), keys_.beat(id), keys_.kept(id)})
      *change.add_success() = etcd::remove(key, key + '\0');
    const auto done = client_.txn(change);
    if (!done)
      return tl::unexpected(done.error());
    if (!done->succeeded())
      return fail(errc::unavailable, "node " + id + " has changed meanwhile");
    const std::lock_guard lock{guard_};
    view_.forget(id);
    return {};
  }

  void wait_for_successor(duration limit) const {
    std::unique_lock lock{guard_};
    changed_.wait_for(lock, limit, [this] {
      const auto all = view_.statuses();
      return view_.holder().node != me() || std::ranges::none_of(all, [this](const auto& each) {
               return each.id != me() && each.now == member_status::state::alive;
             });
    });
  }

private:
  const std::string& me() const { return options_.joined.node; }

  // Registering ----------------------------------------------------------------------------------

  etcd::pb::RequestOp put_record() const {
    return etcd::put(keys_.member(me()), record_.SerializeAsString(), lease_);
  }

  /// Writes this node's record over the one that it wrote before. An attempt that is late has no
  /// effect.
  result<void> write_record() const {
    for (;;) {
      const auto stored = client_.value_of(keys_.member(me()));
      if (!stored)
        return tl::unexpected(stored.error());
      if (!is_me(*stored))
        return fail(errc::unavailable, "this node is no member now");
      if (stored->value() == record_.SerializeAsString())
        return {};
      etcd::pb::TxnRequest change;
      *change.add_compare() = etcd::mod_is(keys_.member(me()), stored->mod_revision());
      *change.add_success() = put_record();
      if (const auto done = client_.txn(change); !done)
        return tl::unexpected(done.error());
    }
  }

  result<void> register_now() {
    const std::lock_guard one{registering_};
    const auto lease = client_.grant_lease(lease_time);
    if (!lease)
      return tl::unexpected(lease.error());
    lease_ = *lease;
    kept_told_ = -1; // It may have been removed, and what it keeps with it.
    for (std::int64_t seen = 0;;) {
      etcd::pb::TxnRequest enter;
      *enter.add_compare() = etcd::mod_is(keys_.member(me()), seen);
      *enter.add_success() = put_record();
      *enter.add_failure() = etcd::get(keys_.member(me()));
      const auto done = client_.txn(enter);
      if (!done)
        return tl::unexpected(done.error());
      if (done->succeeded())
        return {};
      const auto& found = done->responses(0).response_range().kvs();
      seen = found.empty() ? 0 : found.Get(0).mod_revision();
      if (!found.empty() && is_me(found.Get(0)))
        continue; // An attempt whose answer was lost, or a lease that ran out.
      if (!found.empty() && !is_of_the_past(found.Get(0)) && is_alive())
        return fail(errc::in_use, "a node with the id " + me() + " is alive in this cluster");
    }
  }

  bool is_me(const etcd::pb::KeyValue& stored) const {
    pb::Member other;
    return other.ParseFromString(stored.value()) &&
           other.started_at_ns() == record_.started_at_ns() && other.link() == record_.link();
  }

  /// Returns whether it stood for a life of this node at this address, which is ours now.
  bool is_of_the_past(const etcd::pb::KeyValue& stored) const {
    pb::Member other;
    return other.ParseFromString(stored.value()) && other.link() == record_.link();
  }

  /// Returns whether somebody beats with this node's id.
  bool is_alive() const {
    const auto before = stored_beat();
    const auto patience = options_.joined.beat * (options_.joined.beats_missed_max + 2);
    const auto end = steady_clock::now() + patience;
    while (steady_clock::now() < end) {
      std::this_thread::sleep_for(options_.joined.beat);
      const auto now = stored_beat();
      if (before && now && !now->empty() && *now != *before)
        return true;
    }
    return false;
  }

  /// Returns the newest beat, empty if there is none; nothing if etcd does not answer.
  std::optional<std::string> stored_beat() const {
    const auto found = client_.value_of(keys_.beat(me()));
    return found ? std::optional{found->value()} : std::nullopt;
  }

  /// Until this node's own beats come back: then it has seen those of the others.
  result<void> wait_for_own_beats() {
    std::unique_lock lock{guard_};
    const bool seen = changed_.wait_for(lock, options_.joined.etcd.give_up,
                                        [this] { return view_.own_beats() >= beats_to_join; });
    if (!seen)
      return fail(errc::unavailable, "etcd does not pass on what this node writes");
    return check_clock();
  }

  /// Guarded by the caller.
  result<void> check_clock() const {
    const auto limit =
        std::chrono::duration_cast<std::chrono::nanoseconds>(options_.joined.clock_off_max).count();
    for (const auto& [id, off] : clocks_off_)
      if (off > limit || off < -limit)
        return fail(errc::invalid_argument, "the clock of this node is off by " +
                                                std::to_string(off / 1'000'000'000) +
                                                " s against that of node " + id);
    return {};
  }

  // Knowing --------------------------------------------------------------------------------------

  std::int64_t look() {
    etcd::pb::RangeRequest request;
    request.set_key(keys_.epoch());
    request.set_range_end(keys_.end());
    for (;;) {
      const auto found = client_.try_range(request);
      const std::unique_lock lock{guard_};
      if (ending_)
        return 0;
      if (!found)
        continue;
      view_.begin_anew();
      for (const auto& each : found->kvs())
        view_.put(each.key(), each.value());
      view_.end_anew();
      return after_news(found->header().revision());
    }
  }

  bool take(const etcd::pb::WatchResponse& events) {
    const std::lock_guard lock{guard_};
    for (const etcd::pb::Event& each : events.events()) {
      if (each.type() == etcd::pb::Event::DELETE) {
        view_.remove(each.kv().key());
      } else {
        view_.put(each.kv().key(), each.kv().value());
        note_clock(each.kv());
      }
    }
    after_news(0);
    return !ending_;
  }

  /// A beat that has just come tells the time of its node.
  void note_clock(const etcd::pb::KeyValue& put) {
    const std::string prefix = keys_.beat("");
    pb::Beat beat;
    if (!put.key().starts_with(prefix) || !beat.ParseFromString(put.value()))
      return;
    const std::string id = put.key().substr(prefix.size());
    if (id != me())
      clocks_off_[id] = static_cast<std::int64_t>(wall_clock().nanoseconds - beat.clock_ns());
  }

  std::int64_t after_news(std::int64_t revision) {
    if (std::exchange(beats_heard_, view_.own_beats()) != view_.own_beats())
      heard_at_ = steady_clock::now();
    has_news_ = true;
    changed_.notify_all();
    return revision;
  }

  // Acting: all of it on the ticker's thread -----------------------------------------------------

  void tick_until_end() {
    auto beat_at = steady_clock::now();
    std::unique_lock lock{guard_};
    while (!ending_) {
      const auto now = steady_clock::now();
      lock.unlock();
      arrange_links();
      for (const auto& [id, each] : links_of_now())
        each->tick(now);
      decide(now);
      options_.on_round();
      if (now >= beat_at) {
        beat();
        options_.on_tick();
        beat_at = now + options_.joined.beat;
      }
      lock.lock();
      changed_.wait_for(lock, time_between_ticks, [this] { return ending_ || has_news_; });
      has_news_ = false;
    }
  }

  /// Null: there is none.
  std::shared_ptr<link> link_to(const std::string& node) const {
    const std::lock_guard lock{guard_};
    const auto found = links_.find(node);
    return found == links_.end() ? nullptr : found->second;
  }

  std::map<std::string, std::shared_ptr<link>> links_of_now() const {
    const std::lock_guard lock{guard_};
    return links_;
  }

  /// There is a link to each other member, at the address that it says.
  void arrange_links() {
    std::unique_lock lock{guard_};
    auto wanted = view_.addresses();
    if (std::exchange(linked_, wanted) == wanted)
      return;
    std::vector<std::shared_ptr<link>> needless; // They end without the lock: they tell of it.
    for (auto& [id, each] : links_)
      if (const auto found = wanted.find(id);
          found == wanted.end() || found->second != addresses_[id])
        needless.push_back(std::exchange(each, nullptr));
    std::erase_if(links_, [](const auto& each) { return each.second == nullptr; });
    lock.unlock();
    needless.clear();
    for (const auto& [id, address] : wanted)
      if (!has_link(id))
        add_link(id, address);
  }

  bool has_link(const std::string& id) const {
    const std::lock_guard lock{guard_};
    return links_.contains(id);
  }

  void add_link(const std::string& id, const std::string& address) {
    {
      const std::lock_guard lock{guard_};
      view_.set_link(id, link_state::connecting);
    }
    auto made = std::make_shared<link>(
        link_options{.peer = id,
                     .address = address,
                     .tls = options_.joined.tls,
                     .on_change = [this, id](link_state now) { link_changed(id, now); }});
    const std::lock_guard lock{guard_};
    addresses_[id] = address;
    links_[id] = std::move(made);
  }

  void link_changed(const std::string& id, link_state now) {
    const std::lock_guard lock{guard_};
    view_.set_link(id, now);
    after_news(0);
  }

  void decide(time_point now) {
    std::unique_lock lock{guard_};
    const writer_news news = writer_.look(view_, me(), draining_, now);
    lock.unlock();
    options_.on_holder(news.holder);
    if (news.turn)
      options_.on_turn(*news.turn);
  }

  /// Beats that etcd has taken come back. If they do not, the member that passes them on stands
  /// still, though calls go to others by now.
  void watch_the_watch() {
    const std::lock_guard lock{guard_};
    const std::uint64_t seen = view_.own_beats();
    if (std::exchange(seen_before_, seen) != seen)
      taken_at_news_ = beats_taken_;
    if (beats_taken_ - taken_at_news_ < beats_unseen_max)
      return;
    taken_at_news_ = beats_taken_;
    watch_->restart();
  }

  void beat() {
    watch_the_watch();
    const auto come = options_.progress();
    if (!come || puts_under_way_ >= puts_under_way_max)
      return;
    pb::Beat made;
    made.set_count(++beats_);
    made.set_clock_ns(wall_clock().nanoseconds);
    made.set_applied(come->applied);
    etcd::pb::TxnRequest request;
    *request.add_success() = etcd::put(keys_.beat(me()), made.SerializeAsString(), lease_);
    if (static_cast<std::int64_t>(come->kept) != kept_told_) {
      pb::Kept kept;
      kept.set_index(come->kept);
      *request.add_success() = etcd::put(keys_.kept(me()), kept.SerializeAsString());
    }
    ++puts_under_way_;
    client_.try_txn(request, [this, kept = come->kept](const auto& done) {
      --puts_under_way_;
      if (!done)
        return;
      ++beats_taken_;
      kept_told_ = static_cast<std::int64_t>(kept);
    });
  }

  bool is_member() const {
    const std::lock_guard lock{guard_};
    return view_.is_member(me());
  }

  // Keeping the lease ----------------------------------------------------------------------------

  void keep_lease_until_end() {
    std::unique_lock lock{guard_};
    while (!changed_.wait_for(lock, lease_time / 5, [this] { return ending_; })) {
      lock.unlock();
      const auto kept = client_.keep_alive(lease_);
      const bool is_over = !kept && kept.error().code == errc::not_found;
      if (is_over || !is_member())
        if (const auto again = register_now(); !again && again.error().code == errc::in_use)
          options_.on_lost(again.error());
      lock.lock();
    }
  }

  const membership_options options_;
  const member_keys keys_;

  std::mutex registering_; ///< Held while the record is written.
  pb::Member record_;
  std::atomic<bool> draining_{false};
  std::atomic<std::int64_t> lease_{0};

  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  bool ending_ = false;
  bool has_news_ = false;
  std::map<std::string, std::int64_t> clocks_off_; ///< Nanoseconds that this node is ahead.

  std::uint64_t beats_heard_ = 0; ///< Own ones that came back.
  time_point heard_at_{};         ///< When the last one did.

  std::atomic<unsigned> puts_under_way_{0};
  std::atomic<std::uint64_t> beats_taken_{0}; ///< By etcd.
  std::atomic<std::int64_t> kept_told_{-1};   ///< What etcd has taken; of an earlier life: -1.
  std::uint64_t taken_at_news_ = 0;           ///< When the last own beat came back.
  std::uint64_t seen_before_ = 0;
  std::uint64_t beats_ = 0;

  etcd::client client_; ///< Waits for what it was asked: after what that uses.
  member_view view_;
  writer_watch writer_;
  std::map<std::string, std::string> linked_;    ///< The addresses when links were arranged last.
  std::map<std::string, std::string> addresses_; ///< Of the links.
  std::map<std::string, std::shared_ptr<link>> links_;
  std::thread ticker_;
  std::thread keeper_;
  std::optional<etcd::watch> watch_;
};

membership::membership(std::unique_ptr<state> made) : state_{std::move(made)} {}

membership::~membership() = default;

result<std::unique_ptr<membership>> membership::join(membership_options options) {
  auto made = std::make_unique<state>(std::move(options));
  if (auto done = made->join(); !done)
    return tl::unexpected(done.error());
  return std::unique_ptr<membership>{new membership{std::move(made)}};
}

void membership::stop() {
  state_->stop();
}

void membership::ask(const std::string& node, outgoing_ask what, time_point deadline,
                     ask_callback done) {
  state_->ask(node, std::move(what), deadline, std::move(done));
}

result<bool> membership::cut_link(const std::string& node, time_point until) {
  return state_->cut_link(node, until);
}

std::vector<member_status> membership::members() const {
  return state_->members();
}

bool membership::is_heard() const {
  return state_->is_heard();
}

result<void> membership::set_draining(bool draining) {
  return state_->set_draining(draining);
}

result<void> membership::forget(const std::string& id) {
  return state_->forget(id);
}

void membership::wait_for_successor(duration limit) const {
  state_->wait_for_successor(limit);
}

} // namespace ducat::cluster
