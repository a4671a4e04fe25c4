#include "supervision/child_slot.hpp"

#include <ducat/handle.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <ostream>

namespace ducat {

child_slot::extras& child_slot::make_extras() {
  if (!extras_)
    extras_ = std::make_unique<extras>();
  return *extras_;
}

void child_slot::publish(const caf::actor_addr& life, std::uint64_t incarnation, time_point began) {
  const std::lock_guard lock{guard_};
  life_ = life;
  began_ = began;
  running_.store(incarnation, std::memory_order_release);
  tell_watchers(life_began{.watch = 0, .incarnation = incarnation, .life = life});
}

/// Guarded by the caller. Returns whether the path meant that life until now.
bool child_slot::withdraw(std::uint64_t incarnation) {
  if (running_ != incarnation)
    return false;
  life_ = nullptr;
  running_.store(0, std::memory_order_release);
  return true;
}

void child_slot::clear(std::uint64_t incarnation, const exit_reason& why) {
  const std::lock_guard lock{guard_};
  if (withdraw(incarnation))
    tell_watchers(life_over{.watch = 0, .incarnation = incarnation, .why = why});
}

void child_slot::rest(std::uint64_t incarnation) {
  const std::lock_guard lock{guard_};
  if (withdraw(incarnation))
    tell_watchers(life_over{.watch = 0, .incarnation = incarnation, .why = {}, .answers = true});
}

void child_slot::end(std::uint64_t incarnation, const exit_reason& why) {
  const std::lock_guard lock{guard_};
  tell_watchers(life_over{.watch = 0, .incarnation = incarnation, .why = why});
}

void child_slot::watch(const caf::actor_addr& who, std::uint64_t watch) {
  const std::lock_guard lock{guard_};
  make_extras().watchers.push_back({.who = who, .watch = watch});
  if (const std::uint64_t incarnation = running_)
    caf::anon_send<caf::message_priority::high>(
        caf::actor_cast<caf::actor>(who),
        life_began{.watch = watch, .incarnation = incarnation, .life = life_});
}

/// Forgets those that have ended.
template <class Message>
void child_slot::tell_watchers(Message what) {
  if (!extras_)
    return;
  std::erase_if(extras_->watchers, [&what](const watcher& each) {
    const auto who = caf::actor_cast<caf::actor>(each.who);
    if (!who)
      return true;
    what.watch = each.watch;
    caf::anon_send<caf::message_priority::high>(who, what);
    return false;
  });
}

caf::actor child_slot::current() const {
  const std::lock_guard lock{guard_};
  return caf::actor_cast<caf::actor>(life_);
}

void child_slot::set_mailbox(const caf::actor_addr& mailbox) {
  const std::lock_guard lock{guard_};
  if (mailbox || extras_)
    make_extras().mailbox = mailbox;
}

caf::actor child_slot::inbox() const {
  const std::lock_guard lock{guard_};
  return caf::actor_cast<caf::actor>(extras_ && extras_->mailbox ? extras_->mailbox : life_);
}

void child_slot::set_front(std::shared_ptr<child_slot> front) {
  const std::lock_guard lock{guard_};
  if (front || extras_)
    make_extras().front = std::move(front);
}

std::shared_ptr<mailbox_count> child_slot::count_messages() {
  auto made = std::make_shared<mailbox_count>();
  const std::lock_guard lock{guard_};
  make_extras().messages = made;
  return made;
}

std::shared_ptr<router_probe> child_slot::router_probe() {
  const std::lock_guard lock{guard_};
  auto& probe = make_extras().router;
  if (!probe)
    probe = std::make_shared<ducat::router_probe>();
  return probe;
}

void child_slot::set_kept(std::uint64_t messages) {
  const std::lock_guard lock{guard_};
  make_extras().kept = messages;
}

void child_slot::set_restarts(std::vector<time_point> in_window) {
  const std::lock_guard lock{guard_};
  if (extras_ || !in_window.empty())
    make_extras().restarts = std::move(in_window);
}

void child_slot::add_zombie() {
  const std::lock_guard lock{guard_};
  make_extras().zombies += 1;
}

void child_slot::remove_zombie() {
  const std::lock_guard lock{guard_};
  make_extras().zombies -= 1;
}

child_figures child_slot::figures() const {
  const std::lock_guard lock{guard_};
  child_figures found;
  if (running_ != 0 && began_ != time_point{})
    found.began = began_;
  if (!extras_)
    return found;
  found.is_named = extras_->messages != nullptr;
  if (found.is_named && running_ != 0)
    found.waiting = extras_->messages->waiting();
  if (extras_->mailbox)
    found.kept = extras_->kept.value_or(0);
  found.zombies = extras_->zombies;
  found.restarts = extras_->restarts;
  if (extras_->router)
    found.router = extras_->router->read();
  return found;
}

std::shared_ptr<child_slot> child_slot::front() const {
  const std::lock_guard lock{guard_};
  return extras_ ? extras_->front : nullptr;
}

const std::string& handle::path() const noexcept {
  static const std::string nothing;
  return slot_ ? slot_->path() : nothing;
}

std::uint64_t handle::incarnation() const noexcept {
  if (!slot_)
    return 0;
  const auto front = slot_->front();
  return front ? front->incarnation() : slot_->incarnation();
}

caf::actor handle::current() const {
  if (!slot_)
    return {};
  const auto front = slot_->front();
  return front ? front->inbox() : slot_->inbox();
}

caf::actor handle::own() const {
  return slot_ ? slot_->current() : caf::actor{};
}

std::shared_ptr<child_slot> slot_of(const handle& name) {
  return name.slot_;
}

std::ostream& operator<<(std::ostream& out, const handle& value) {
  return out << value.path();
}

} // namespace ducat
