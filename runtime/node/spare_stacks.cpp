#include "node/spare_stacks.hpp"

#include <signal.h>

#include <cstddef>
#include <memory>

namespace ducat {

namespace {

constexpr std::size_t stack_bytes = 64 * 1024;

thread_local std::unique_ptr<std::byte[]> stack;

} // namespace

void spare_stacks::thread_started() {
  stack_t now{};
  if (::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0)
    return; // A sanitizer has made one.
  stack = std::make_unique<std::byte[]>(stack_bytes);
  const stack_t ours{.ss_sp = stack.get(), .ss_flags = 0, .ss_size = stack_bytes};
  ::sigaltstack(&ours, nullptr);
}

void spare_stacks::thread_terminates() {
  if (stack == nullptr)
    return;
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  ::sigaltstack(&none, nullptr);
  stack = nullptr;
}

} // namespace ducat
