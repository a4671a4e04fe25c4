#include "supervision/one_thread.hpp"

#include <memory>
#include <utility>

namespace ducat {

namespace {

thread_local const one_thread_wait* wait_of_thread = nullptr;

} // namespace

const one_thread_wait* put_wait(const one_thread_wait* how) noexcept {
  return std::exchange(wait_of_thread, how);
}

const one_thread_wait* current_wait() noexcept {
  return wait_of_thread;
}

supervisor_spec on_one_thread(supervisor_spec spec) {
  for (child_spec& child : spec.children) {
    child.start.detached = false;
    child.handler_budget = {};
    if (child.supervisor)
      child.supervisor = std::make_shared<const supervisor_spec>(on_one_thread(*child.supervisor));
  }
  return spec;
}

} // namespace ducat
