#include "supervision/child_slot.hpp"

#include <ducat/handle.hpp>

#include <caf/actor_cast.hpp>

#include <ostream>

namespace ducat {

void child_slot::publish(const caf::actor_addr& life, std::uint64_t incarnation) {
  const std::lock_guard lock{guard_};
  life_ = life;
  running_.store(incarnation, std::memory_order_release);
}

void child_slot::clear(std::uint64_t incarnation) {
  const std::lock_guard lock{guard_};
  if (running_ != incarnation)
    return;
  life_ = nullptr;
  running_.store(0, std::memory_order_release);
}

caf::actor child_slot::current() const {
  const std::lock_guard lock{guard_};
  return caf::actor_cast<caf::actor>(life_);
}

void child_slot::set_front(std::shared_ptr<child_slot> front) {
  const std::lock_guard lock{guard_};
  front_ = std::move(front);
}

std::shared_ptr<child_slot> child_slot::front() const {
  const std::lock_guard lock{guard_};
  return front_;
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
  return front ? front->current() : slot_->current();
}

caf::actor handle::own() const {
  return slot_ ? slot_->current() : caf::actor{};
}

std::ostream& operator<<(std::ostream& out, const handle& value) {
  return out << value.path();
}

} // namespace ducat
