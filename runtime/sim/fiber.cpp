#include "sim/fiber.hpp"

#include <ducat/check.hpp>

#include <cxxabi.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <new>

#if defined(DUCAT_ADDRESS_SANITIZED)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#elif defined(DUCAT_THREAD_SANITIZED)
#include <sanitizer/tsan_interface.h>
#endif

namespace ducat::sim {

namespace {

constexpr std::size_t stack_bytes = std::size_t{1} << 20; ///< Of addresses: pages come with use.

thread_local fiber* running_fiber = nullptr;

std::size_t page_bytes() {
  return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Below it is a page that nobody may touch.
std::byte* make_stack() {
  const std::size_t guard = page_bytes();
  void* const made = ::mmap(nullptr, guard + stack_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (made == MAP_FAILED)
    throw std::bad_alloc{};
  DUCAT_CHECK(::mprotect(made, guard, PROT_NONE) == 0);
  return static_cast<std::byte*>(made) + guard;
}

void free_stack(std::byte* stack) {
#if defined(DUCAT_ADDRESS_SANITIZED)
  __asan_unpoison_memory_region(stack, stack_bytes);
#endif
  const std::size_t guard = page_bytes();
  ::munmap(stack - guard, guard + stack_bytes);
}

#if defined(DUCAT_ADDRESS_SANITIZED)
void begin_switch(void** fake_stack, const void* bottom, std::size_t bytes) {
  __sanitizer_start_switch_fiber(fake_stack, bottom, bytes);
}

void end_switch(void* fake_stack, const void** bottom, std::size_t* bytes) {
  __sanitizer_finish_switch_fiber(fake_stack, bottom, bytes);
}
#else
void begin_switch(void**, const void*, std::size_t) {}

void end_switch(void*, const void**, std::size_t*) {}
#endif

} // namespace

fiber::fiber() : stack_{make_stack()} {
  DUCAT_CHECK(::getcontext(&beginning_) == 0);
  beginning_.uc_stack.ss_sp = stack_;
  beginning_.uc_stack.ss_size = stack_bytes;
  beginning_.uc_link = nullptr;
  const auto me = reinterpret_cast<std::uintptr_t>(this);
  ::makecontext(&beginning_, reinterpret_cast<void (*)()>(&fiber::enter), 2,
                static_cast<unsigned int>(me >> 32), static_cast<unsigned int>(me & 0xffff'ffffu));
#if defined(DUCAT_THREAD_SANITIZED)
  tsan_inside_ = __tsan_create_fiber(0);
#endif
}

fiber::~fiber() {
  DUCAT_CHECK(is_idle());
#if defined(DUCAT_THREAD_SANITIZED)
  __tsan_destroy_fiber(tsan_inside_);
#endif
  free_stack(stack_);
}

fiber* fiber::running() noexcept {
  return running_fiber;
}

void fiber::begin(std::function<void()> what) {
  DUCAT_CHECK(is_idle());
  what_ = std::move(what);
  switch_in();
}

void fiber::go_on() {
  DUCAT_CHECK(!is_idle());
  switch_in();
}

void fiber::stand_still() {
  DUCAT_CHECK(running_fiber == this);
  switch_out();
}

/// makecontext() passes integers only.
void fiber::enter(unsigned int high, unsigned int low) {
  auto* const me = reinterpret_cast<fiber*>((static_cast<std::uintptr_t>(high) << 32) | low);
  end_switch(nullptr, &me->outside_bottom_, &me->outside_bytes_);
  me->run();
}

void fiber::run() {
  for (;;) {
    try {
      what_();
    } catch (...) {
      thrown_ = std::current_exception();
    }
    what_ = nullptr;
    switch_out();
  }
}

void fiber::exchange_exceptions() {
  static_assert(sizeof(handled_exceptions) == 2 * sizeof(void*));
  handled_exceptions before;
  void* const now = abi::__cxa_get_globals();
  std::memcpy(&before, now, sizeof before);
  std::memcpy(now, &exceptions_, sizeof before);
  exceptions_ = before;
}

#if defined(DUCAT_ADDRESS_SANITIZED) || defined(DUCAT_THREAD_SANITIZED)
// They follow swapcontext() only.
void fiber::jump_in() {
  ::swapcontext(&outside_, &beginning_);
}

void fiber::jump_out() {
  ::swapcontext(&beginning_, &outside_);
}
#else
/// swapcontext() asks the system for the mask of signals, twice at each message: what has begun is
/// gone on with by a jump.
void fiber::jump_in() {
  if (::_setjmp(place_outside_) != 0)
    return;
  if (std::exchange(has_begun_, true))
    ::_longjmp(place_inside_, 1);
  ::setcontext(&beginning_);
}

void fiber::jump_out() {
  if (::_setjmp(place_inside_) == 0)
    ::_longjmp(place_outside_, 1);
}
#endif

void fiber::switch_in() {
  DUCAT_CHECK(running_fiber == nullptr);
  running_fiber = this;
  exchange_exceptions();
#if defined(DUCAT_THREAD_SANITIZED)
  tsan_outside_ = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(tsan_inside_, 0);
#endif
  begin_switch(&fake_stack_outside_, stack_, stack_bytes);
  jump_in();
  end_switch(fake_stack_outside_, nullptr, nullptr);
  exchange_exceptions();
  running_fiber = nullptr;
  if (const auto thrown = std::exchange(thrown_, nullptr))
    std::rethrow_exception(thrown);
}

void fiber::switch_out() {
#if defined(DUCAT_THREAD_SANITIZED)
  __tsan_switch_to_fiber(tsan_outside_, 0);
#endif
  begin_switch(&fake_stack_inside_, outside_bottom_, outside_bytes_);
  jump_out();
  end_switch(fake_stack_inside_, &outside_bottom_, &outside_bytes_);
}

} // namespace ducat::sim
