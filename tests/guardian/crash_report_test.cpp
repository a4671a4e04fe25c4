/// What a process says of the signal that ends it.

#include "guardian/crash_report.hpp"
#include "guardian/process_end.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>

namespace ducat::guardian {
namespace {

/// Runs `act` in a process that reports its crashes, and returns how that is described.
std::string end_of(const std::function<void()>& act) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    report_crashes_to(ends[1]);
    act();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';)
    text += c;
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return describe(exit_status_of(status), parse_crash_report(text));
}

void write_to(std::uintptr_t address) {
  static volatile std::uintptr_t where;
  where = address;
  *reinterpret_cast<volatile char*>(where) = 1;
}

int use_up_the_stack(int depth) {
  static volatile bool enough = false; // No compiler sees that it never is.
  volatile char page[4096];
  page[0] = static_cast<char>(depth);
  return enough ? 0 : use_up_the_stack(depth + 1) + page[0];
}

TEST(CrashReport, NamesTheSignalAndTheAddress) {
  EXPECT_EQ(end_of([] { write_to(0xabc); }), "native crash: SIGSEGV at 0x0000000000000abc");
}

TEST(CrashReport, HasNoAddressIfNoInstructionRaisedTheSignal) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
    EXPECT_EQ(end_of([=] { ::raise(signal); }),
              "native crash: SIG" + std::string{::sigabbrev_np(signal)});
  EXPECT_EQ(end_of([] { std::abort(); }), "native crash: SIGABRT");
}

TEST(CrashReport, IsWrittenWhenTheStackIsUsedUp) {
  EXPECT_TRUE(end_of([] { use_up_the_stack(0); }).starts_with("native crash: SIGSEGV at 0x"));
}

TEST(CrashReport, IsReadAsItIsWritten) {
  EXPECT_EQ(parse_crash_report("crash 11 1 00007f00deadbeef"),
            (crash_report{.signal = 11, .code = 1, .address = 0x7f00deadbeef}));
  EXPECT_EQ(parse_crash_report("crash 6 -6 0000000000000000"),
            (crash_report{.signal = 6, .code = -6, .address = 0}));
  for (const char* line : {"", "beat", "crash", "crash ", "crash 11", "crash 11 1",
                           "crash 11 1 xyz", "crash 11 1 10 more", "crash 11 1 100007f00deadbeef"})
    EXPECT_EQ(parse_crash_report(line), std::nullopt) << line;
}

TEST(ProcessEnd, IsTheExitCodeOrTheSignal) {
  EXPECT_EQ(end_of([] { ::_exit(70); }), "exit 70");
  EXPECT_EQ(end_of([] { ::raise(SIGKILL); }), "killed by SIGKILL");
}

TEST(ProcessEnd, IsWhatTheProcessSaidOfTheSignalThatEndedIt) {
  const crash_report report{.signal = SIGSEGV, .code = 1, .address = 16};
  EXPECT_EQ(describe({.signal = SIGSEGV}, report), to_string(report));
  EXPECT_EQ(describe({.signal = SIGKILL}, report), "killed by SIGKILL");
  EXPECT_EQ(describe({.code = 3}, report), "exit 3");
}

} // namespace
} // namespace ducat::guardian
