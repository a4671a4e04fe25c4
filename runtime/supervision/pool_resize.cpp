#include "supervision/pool_resize.hpp"

#include "routing/pool.hpp"
#include "routing/router.hpp"
#include "supervision/child_slot.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/spawn.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/local_actor.hpp>
#include <caf/response_promise.hpp>

#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace ducat::supervision {

namespace {

class resizer {
public:
  resizer(caf::event_based_actor* self, resizer_link link)
      : self_{self}, link_{std::move(link)}, size_{link_.size},
        router_{link_.directory->find(router_path(link_.pool_path))} {
    slot_of(router_)->watch(self_->address(), 0);
  }

  caf::response_promise on_resize(const resize_to& what) {
    jobs_.push_back({.size = what.size, .caller = self_->make_response_promise()});
    const auto caller = jobs_.back().caller;
    if (jobs_.size() == 1)
      step();
    return caller;
  }

  /// A router begins with the workers that the pool had at first.
  void on_router_began() {
    tell_router([] {});
  }

private:
  struct job {
    std::uint32_t size;
    caf::response_promise caller;
  };

  using next = std::function<void()>;

  void step() {
    const std::uint32_t wanted = jobs_.front().size;
    if (size_ < wanted)
      grow();
    else if (size_ > wanted)
      shrink();
    else
      tell_router([this] { finish({}); });
  }

  void grow() {
    child_spec worker = link_.worker;
    worker.id = worker_id(size_ + 1);
    change(start_child(std::move(worker)), [this](const change_reply& reply) {
      if (reply.outcome == change_outcome::start_failed)
        return tell_router([this, reply] { finish(reply); });
      ++size_; // Or there is one of that id, which is as good.
      step();
    });
  }

  /// The last workers get nothing more; then they are stopped, the last one first.
  void shrink() {
    const std::uint32_t last = std::exchange(size_, jobs_.front().size);
    tell_router([this, last] { remove(last); });
  }

  void remove(std::uint32_t number) {
    if (number == size_)
      return finish({});
    const std::string id = worker_id(number);
    change(terminate_child(id), [this, id, number](const change_reply&) {
      change(delete_child(id), [this, number](const change_reply&) { remove(number - 1); });
    });
  }

  void change(change_request what, std::function<void(const change_reply&)> then) {
    const auto supervisor = caf::actor_cast<caf::actor>(link_.supervisor);
    self_->request(supervisor, caf::infinite, std::move(what))
        .then(then, [this](const caf::error& why) { give_up(why); });
  }

  /// Goes on with `then` when the router has nothing in flight at workers that are gone. One that
  /// is down is told when it begins.
  void tell_router(next then) {
    routing::set_workers now;
    for (std::uint32_t number = 1; number <= size_; ++number)
      now.workers.push_back(link_.directory->find(link_.pool_path + "/" + worker_id(number)));
    self_->request(router_.current(), caf::infinite, std::move(now))
        .then(then, [then](const caf::error&) { then(); });
  }

  void finish(const change_reply& reply) {
    auto done = std::move(jobs_.front().caller);
    jobs_.pop_front();
    done.deliver(reply);
    if (!jobs_.empty())
      step();
  }

  /// The supervisor has ended, and its children with it.
  void give_up(const caf::error& why) {
    for (job& each : std::exchange(jobs_, {}))
      each.caller.deliver(why);
  }

  caf::event_based_actor* self_;
  resizer_link link_;
  std::uint32_t size_; // How many workers the router may use, or will.
  handle router_;
  std::deque<job> jobs_; // The first one is being done.
};

} // namespace

caf::actor spawn_resizer(caf::local_actor& by, resizer_link link) {
  return spawn_function(by, [link = std::move(link)](caf::event_based_actor* self) {
    auto state = std::make_shared<resizer>(self, link);
    return caf::behavior{
        [state](const resize_to& what) { return state->on_resize(what); },
        [state](const life_began&) { state->on_router_began(); },
        [](const life_over&) {},
    };
  });
}

} // namespace ducat::supervision
