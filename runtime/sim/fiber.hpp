/// Functions that stand still in the middle and go on later, on one thread.
#pragma once

#include <setjmp.h>
#include <ucontext.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <utility>

namespace ducat::sim {

/// A stack of its own, on which one function after the other runs. One thread uses it. It ends only
/// while none is in the middle.
class fiber {
public:
  fiber();
  ~fiber();

  fiber(const fiber&) = delete;
  fiber& operator=(const fiber&) = delete;

  /// Runs `what` until it stands still or has returned. What it throws is thrown here. Requires
  /// is_idle(), and that no fiber runs.
  void begin(std::function<void()> what);

  /// Goes on where it stands still. Requires that it does.
  void go_on();

  /// Returns whether it has nothing in the middle.
  bool is_idle() const noexcept { return !what_; }

  /// Returns the one that runs now; null: none.
  static fiber* running() noexcept;

  /// Called in the one that runs: goes back to whoever called begin() or go_on().
  void stand_still();

private:
  /// Exceptions that are being handled belong to a stack, and the language keeps them by thread.
  struct handled_exceptions {
    void* caught = nullptr;
    unsigned int uncaught = 0;
  };

  static void enter(unsigned int high, unsigned int low);
  [[noreturn]] void run();
  void switch_in();
  void switch_out();
  void jump_in();
  void jump_out();
  void exchange_exceptions();

  std::byte* stack_;
  ucontext_t beginning_{};
  [[maybe_unused]] ucontext_t outside_{};   ///< If a sanitizer follows, see fiber.cpp.
  [[maybe_unused]] jmp_buf place_inside_{}; ///< If none does.
  [[maybe_unused]] jmp_buf place_outside_{};
  [[maybe_unused]] bool has_begun_ = false;
  handled_exceptions exceptions_;
  std::function<void()> what_;
  std::exception_ptr thrown_;

  // What the sanitizers are to know.
  [[maybe_unused]] void* fake_stack_inside_ = nullptr;
  [[maybe_unused]] void* fake_stack_outside_ = nullptr;
  [[maybe_unused]] const void* outside_bottom_ = nullptr;
  [[maybe_unused]] std::size_t outside_bytes_ = 0;
  [[maybe_unused]] void* tsan_inside_ = nullptr;
  [[maybe_unused]] void* tsan_outside_ = nullptr;
};

} // namespace ducat::sim
