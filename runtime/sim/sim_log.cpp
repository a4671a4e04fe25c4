#include "sim/sim_log.hpp"

#include <utility>

namespace ducat::sim {

namespace {

using namespace std::chrono_literals;

// As of the log on etcd.
constexpr duration attempt_time = 500ms;
constexpr duration give_up = 10s;
constexpr duration pause_between_attempts = 10ms;

/// Until a feed that was broken goes on.
constexpr duration feed_pause = 100ms;

constexpr std::size_t page_entries = 64;

tl::unexpected<error> cut_off() {
  return fail(errc::unavailable, "the log does not answer");
}

tl::unexpected<error> nobody_knows() {
  return fail(errc::outcome_unknown, "the log does not answer");
}

std::string node_in(const std::string& taken_by) {
  return taken_by.substr(0, taken_by.rfind('/'));
}

} // namespace

// Calls ------------------------------------------------------------------------------------------

template <class T>
std::optional<T> sim_log::attempt(std::function<T(log_service&)> what) const {
  if (!*alive_)
    return std::nullopt;
  const auto answer = std::make_shared<std::optional<T>>();
  ways_.call(node_, log_place, [this, what = std::move(what), answer] {
    ways_.call(log_place, node_, [answer, found = what(service_)] { *answer = found; });
  });
  const time_point end = time_.now() + attempt_time;
  time_.after(attempt_time, [] {}); // So that the clock comes by.
  time_.wait_until([this, answer, end] { return answer->has_value() || time_.now() >= end; });
  return std::move(*answer);
}

template <class T>
std::optional<T> sim_log::call(std::function<T(log_service&)> what) const {
  const time_point end = time_.now() + give_up;
  for (;;) {
    auto found = attempt(what);
    if (found || !*alive_ || time_.now() >= end)
      return found;
    time_.wait_for(pause_between_attempts);
  }
}

// Reading and taking -----------------------------------------------------------------------------

result<shared_log::holder> sim_log::newest_holder() const {
  const auto found = call<log_service::epoch_found>([](log_service& log) { return log.newest(); });
  if (!found)
    return cut_off();
  return holder{.granted = found->granted, .node = node_in(found->taken_by)};
}

/// An attempt without an answer may have taken it: the next look says so, by the name.
result<epoch> sim_log::take(std::optional<epoch> seen) {
  const std::string name =
      node_ + "/" + std::to_string(time_.messages()) + "-" + std::to_string(++takes_);
  const time_point end = time_.now() + give_up;
  for (;;) {
    const auto found =
        call<log_service::epoch_found>([](log_service& log) { return log.newest(); });
    if (!found)
      return cut_off();
    if (found->taken_by == name)
      return granted(*found);
    if (seen && found->granted != *seen)
      return fail(errc::epoch_lost, "epoch " + std::to_string(found->granted.value) +
                                        " was granted to " + found->taken_by);
    const auto taken = attempt<std::optional<std::uint64_t>>(
        [revision = found->revision, name](log_service& log) { return log.take(revision, name); });
    if (taken && *taken)
      return granted(
          {.granted = {found->granted.value + 1}, .taken_by = name, .revision = **taken});
    if (!taken && (!*alive_ || time_.now() >= end))
      return nobody_knows();
  }
}

/// Begins to write at the end of what the writers before have put. If the epoch is lost by now, the
/// next append will say so.
result<epoch> sim_log::granted(const log_service::epoch_found& mine) {
  if (auto done = catch_up(); !done)
    return tl::unexpected(done.error());
  const auto closed = call<log_service::epoch_found>(
      [revision = mine.revision](log_service& log) { return log.close_gap(revision); });
  if (!closed)
    return nobody_knows();
  granted_ = mine;
  if (closed->taken_by == mine.taken_by)
    granted_.revision = closed->revision;
  items_.clear();
  failed_.reset();
  begun_ = newest_;
  return mine.granted;
}

result<void> sim_log::catch_up() {
  return read(newest_.last.index + 1, [](const entry&) { return true; });
}

void sim_log::note(const chain_link& link) const {
  if (link.last.index > newest_.last.index)
    newest_ = link;
}

result<void> sim_log::read(std::uint64_t from,
                           const std::function<bool(const entry&)>& visit) const {
  for (std::uint64_t next = std::max<std::uint64_t>(from, 1);;) {
    const auto found =
        call<log_service::page>([next](log_service& log) { return log.read(next, page_entries); });
    if (!found)
      return cut_off();
    first_ = std::max(first_, found->first);
    if (next < found->first)
      return fail(errc::not_found, "the log begins at entry " + std::to_string(found->first));
    for (const entry& each : found->entries) {
      note(link_of(each));
      if (!visit(each))
        return {};
    }
    if (found->is_last)
      return {};
    next += found->entries.size();
  }
}

result<void> sim_log::checkpoint(std::uint64_t up_to) {
  const auto found =
      call<bool>([up_to](log_service& log) { return up_to <= log.end().last.index; });
  if (!found)
    return cut_off();
  return *found ? result<void>{}
                : fail(errc::not_found, "there is no log entry " + std::to_string(up_to));
}

result<void> sim_log::trim(std::uint64_t up_to) {
  const auto found = call<std::uint64_t>([up_to](log_service& log) {
    log.trim(up_to);
    return log.first();
  });
  if (!found)
    return cut_off();
  first_ = std::max(first_, *found);
  return {};
}

// Appending --------------------------------------------------------------------------------------

result<entry> sim_log::append(epoch, log_time, std::string) {
  return fail(errc::not_permitted, "nobody waits for an entry in a simulation");
}

result<entry> sim_log::begin_append(epoch writer, log_time at, std::string payload,
                                    log_callback done) {
  if (writer.value == 0 || writer != granted_.granted)
    return fail(errc::epoch_lost, "the epoch is not this node's");
  if (failed_)
    return tl::unexpected(*failed_);
  entry begun = following(begun_, writer, at, std::move(payload));
  begun_ = link_of(begun);
  items_.push_back(std::make_shared<item>(item{.what = begun,
                                               .revision = granted_.revision,
                                               .done = std::move(done),
                                               .until = time_.now() + give_up}));
  put(items_.back());
  return begun;
}

/// An attempt without an answer may have put the entry: the next one finds it there.
void sim_log::put(const std::shared_ptr<item>& what) {
  if (!*alive_ || what->is_known)
    return;
  if (time_.now() >= what->until)
    return answered(what, fail(errc::io, "nobody knows what became of the entry"));
  ways_.call(node_, log_place, [this, what] {
    ways_.call(log_place, node_, [this, what, how = service_.add(what->what, what->revision)] {
      answered(what, how);
    });
  });
  time_.after(attempt_time, [this, what] { put(what); });
}

void sim_log::answered(const std::shared_ptr<item>& what, const result<void>& how) {
  if (!*alive_ || std::exchange(what->is_known, true))
    return;
  what->outcome = how;
  while (!items_.empty() && (failed_ || items_.front()->is_known)) {
    const auto front = items_.front();
    items_.pop_front();
    front->is_known = true;
    if (!failed_ && !front->outcome)
      failed_ = front->outcome.error();
    if (!failed_)
      note(link_of(front->what));
    front->done(failed_ ? result<void>{tl::unexpected(*failed_)} : result<void>{});
  }
}

void sim_log::confirm(epoch writer, log_callback done) {
  const auto told = std::make_shared<log_callback>(std::move(done));
  const auto tell = [told, alive = alive_](const result<void>& how) {
    if (const auto tell_now = *alive ? std::exchange(*told, nullptr) : nullptr)
      tell_now(how);
  };
  if (writer.value == 0 || writer != granted_.granted)
    return tell(fail(errc::epoch_lost, "the epoch is not this node's"));
  ways_.call(node_, log_place, [this, revision = granted_.revision, tell] {
    const result<void> how = service_.newest().revision == revision
                                 ? result<void>{}
                                 : fail(errc::epoch_lost, "another writer has begun");
    ways_.call(log_place, node_, [tell, how] { tell(how); });
  });
  time_.after(attempt_time, [tell] { tell(cut_off()); });
}

// Following --------------------------------------------------------------------------------------

class sim_log::feed final : public log_feed {
public:
  feed(sim_log& of, receipt last, entry_callback deliver)
      : mine_{std::make_shared<state>(of, last.index + 1, std::move(deliver))} {
    of.service_.watch_entries([weak = std::weak_ptr{mine_}] {
      const auto still = weak.lock();
      if (still != nullptr)
        state::pump(still);
      return still != nullptr;
    });
    state::pump(mine_);
  }

private:
  struct state {
    state(sim_log& o, std::uint64_t from, entry_callback to)
        : of{o}, next{from}, deliver{std::move(to)} {}

    /// Sends the next entry if there is one and none is under way.
    static void pump(const std::shared_ptr<state>& me) {
      const auto& all = me->of.service_.entries();
      if (me->is_under_way || me->next > all.size() || !*me->of.alive_)
        return;
      me->is_under_way = true;
      const bool is_gone = me->next < me->of.service_.first();
      const std::weak_ptr weak = me;
      me->of.ways_.send(
          log_place, me->of.node_,
          [weak, is_gone, what = all[me->next - 1]] {
            if (const auto still = weak.lock(); still != nullptr && *still->of.alive_)
              is_gone ? take_end(*still) : take(still, what);
          },
          [weak, &time = me->of.time_] {
            time.after(feed_pause, [weak] {
              if (const auto still = weak.lock()) {
                still->is_under_way = false;
                pump(still);
              }
            });
          });
    }

    static void take(const std::shared_ptr<state>& me, const entry& what) {
      me->is_under_way = false;
      ++me->next;
      pump(me);
      me->of.note(link_of(what));
      me->deliver(what);
    }

    static void take_end(state& me) {
      me.deliver(fail(errc::not_found, "the next entry was trimmed away"));
    }

    sim_log& of;
    std::uint64_t next;
    entry_callback deliver;
    bool is_under_way = false;
  };

  std::shared_ptr<state> mine_;
};

std::unique_ptr<log_feed> sim_log::follow(receipt last, entry_callback deliver) {
  return std::make_unique<feed>(*this, last, std::move(deliver));
}

} // namespace ducat::sim
