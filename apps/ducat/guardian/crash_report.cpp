#include "guardian/crash_report.hpp"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <tuple>

namespace ducat::guardian {

namespace {

constexpr std::string_view word{"crash "};
constexpr std::size_t digits = 16;

volatile sig_atomic_t reports = -1;
alignas(16) std::array<char, 64 * 1024> spare_stack;

/// A line in the making. Everything here is async-signal-safe: it allocates nothing and locks
/// nothing. Invariant: a line is shorter than PIPE_BUF, so it arrives in one piece.
class line {
public:
  void add(std::string_view text) {
    for (const char c : text)
      add(c);
  }

  void add(int number) {
    if (number < 0)
      add('-');
    add_magnitude(number < 0 ? 0u - static_cast<unsigned>(number) : static_cast<unsigned>(number));
  }

  void add_address(std::uint64_t address) {
    for (std::size_t i = digits; i-- > 0;)
      add("0123456789abcdef"[address >> (4 * i) & 0xf]);
  }

  void add(char c) {
    if (size_ < text_.size())
      text_[size_++] = c;
  }

  void write_to(int pipe) const { std::ignore = ::write(pipe, text_.data(), size_); }

private:
  void add_magnitude(unsigned number) {
    if (number > 9)
      add_magnitude(number / 10);
    add(static_cast<char>('0' + number % 10));
  }

  std::array<char, 96> text_{};
  std::size_t size_ = 0;
};

/// The signal is blocked here and has its default again: raised, it ends the process when this
/// returns. An instruction that raised it would do that by itself, abort() and kill() would not.
void on_crash(int signal, siginfo_t* info, void*) {
  const int saved = errno;
  line text;
  text.add(word);
  text.add(signal);
  text.add(' ');
  text.add(info->si_code);
  text.add(' ');
  text.add_address(info->si_code > 0 ? reinterpret_cast<std::uintptr_t>(info->si_addr) : 0);
  text.add('\n');
  text.write_to(reports);
  ::raise(signal);
  errno = saved;
}

/// Takes a number and what follows it off the front of `text`.
template <class Number>
bool take(std::string_view& text, Number& into, int base) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), into, base);
  if (code != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  return true;
}

std::string hexadecimal(std::uint64_t address) {
  std::array<char, digits> text{};
  const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), address, 16);
  const std::string shown{text.data(), end};
  return "0x" + std::string(digits - shown.size(), '0') + shown;
}

} // namespace

void report_crashes_to(int pipe) noexcept {
  reports = pipe;
  const stack_t spare{.ss_sp = spare_stack.data(), .ss_flags = 0, .ss_size = spare_stack.size()};
  ::sigaltstack(&spare, nullptr);
  struct sigaction action{};
  action.sa_sigaction = on_crash;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_SIGINFO | SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
    ::sigaction(signal, &action, nullptr);
}

std::optional<crash_report> parse_crash_report(std::string_view line) {
  if (!line.starts_with(word))
    return std::nullopt;
  line.remove_prefix(word.size());
  crash_report report;
  const bool whole = take(line, report.signal, 10) && take(line, report.code, 10) &&
                     take(line, report.address, 16) && line.empty();
  return whole ? std::optional{report} : std::nullopt;
}

std::string to_string(const crash_report& report) {
  const char* const name = ::sigabbrev_np(report.signal);
  std::string text = "native crash: ";
  text += name != nullptr ? "SIG" + std::string{name} : "signal " + std::to_string(report.signal);
  return report.code > 0 ? text + " at " + hexadecimal(report.address) : text;
}

} // namespace ducat::guardian
