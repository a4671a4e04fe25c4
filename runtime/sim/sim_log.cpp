#include "sim/sim_log.hpp"

#include <utility>

namespace ducat::sim {

namespace {

using namespace std::chrono_literals;

constexpr duration retry_pause = 100ms; ///< Until what was not answered is tried again.
constexpr duration give_up = 5s;        ///< What is not known by then is called unknown.

tl::unexpected<error> cut_off() {
  return fail(errc::unavailable, "the log does not answer");
}

} // namespace

// Reading and taking -----------------------------------------------------------------------------

result<epoch> sim_log::take_epoch_after(epoch seen) {
  if (is_cut_off())
    return cut_off();
  auto taken = service_.take(seen, node_);
  if (taken) {
    granted_ = *taken;
    newest_ = service_.end();
  }
  return taken;
}

result<shared_log::holder> sim_log::newest_holder() const {
  if (is_cut_off())
    return cut_off();
  return service_.newest();
}

result<void> sim_log::read(std::uint64_t from,
                           const std::function<bool(const entry&)>& visit) const {
  if (is_cut_off())
    return cut_off();
  const auto& all = service_.entries();
  for (std::size_t at = from == 0 ? 0 : from - 1; at < all.size(); ++at)
    if (!visit(all[at]))
      break;
  return {};
}

// Appending --------------------------------------------------------------------------------------

result<entry> sim_log::append(epoch, log_time, std::string) {
  return fail(errc::not_permitted, "nobody waits in a simulation");
}

result<entry> sim_log::begin_append(epoch writer, log_time at, std::string payload,
                                    log_callback done) {
  if (writer.value == 0 || writer != granted_)
    return fail(errc::epoch_lost, "the epoch is not this node's");
  entry begun = following(newest_, writer, at, std::move(payload));
  newest_ = link_of(begun);
  items_.push_back(std::make_shared<item>(
      item{.what = begun, .done = std::move(done), .until = time_.now() + give_up}));
  attempt(items_.back());
  return begun;
}

void sim_log::attempt(const std::shared_ptr<item>& what) {
  const auto retry = [this, what] { attempt_later(what); };
  ways_.send(
      node_, log_place,
      [this, what, retry] {
        const auto added = service_.add(what->what);
        if (added && !*added)
          return retry(); // One before it is on its way again.
        const result<void> how = added.map([](const auto&) {});
        ways_.send(log_place, node_, [this, what, how] { answered(what, how); }, retry);
      },
      retry);
}

void sim_log::attempt_later(const std::shared_ptr<item>& what) {
  time_.after(retry_pause, [this, what, alive = alive_] {
    if (!*alive || what->is_known)
      return;
    if (time_.now() < what->until)
      return attempt(what);
    answered(what, fail(errc::io, "nobody knows what became of the entry"));
  });
}

void sim_log::answered(const std::shared_ptr<item>& what, const result<void>& how) {
  if (!*alive_ || std::exchange(what->is_known, true))
    return;
  what->outcome = how;
  while (!items_.empty() && items_.front()->is_known) {
    const auto front = items_.front();
    items_.pop_front();
    front->done(front->outcome);
  }
}

void sim_log::confirm(epoch writer, log_callback done) {
  auto told = std::make_shared<log_callback>(std::move(done));
  const auto tell = [told, alive = alive_](const result<void>& how) {
    if (const auto tell_now = *alive ? std::exchange(*told, nullptr) : nullptr)
      tell_now(how);
  };
  const auto lost = [this, tell, alive = alive_] {
    time_.after(retry_pause, [tell] { tell(cut_off()); });
  };
  ways_.send(
      node_, log_place,
      [this, writer, tell, lost] {
        const bool same = service_.newest().granted == writer;
        const result<void> how =
            same ? result<void>{} : fail(errc::epoch_lost, "another writer has begun");
        ways_.send(log_place, node_, [tell, how] { tell(how); }, lost);
      },
      lost);
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
      const std::weak_ptr weak = me;
      me->of.ways_.send(
          log_place, me->of.node_,
          [weak, what = all[me->next - 1]] {
            if (const auto still = weak.lock(); still != nullptr && *still->of.alive_) {
              still->is_under_way = false;
              ++still->next;
              pump(still);
              still->deliver(what);
            }
          },
          [weak, &time = me->of.time_] {
            time.after(retry_pause, [weak] {
              if (const auto still = weak.lock()) {
                still->is_under_way = false;
                pump(still);
              }
            });
          });
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
