/// A disk that fails under a running node. Catalogue 20, 21: it acknowledges nothing from then on
/// and ends itself; when the disk is well again everything acknowledged is there.

#include "log/log_helpers.hpp"
#include "program/program_fixture.hpp"
#include "support/child_program.hpp"

#include <ducat/fatal.hpp>

#include <gmock/gmock.h>
#include <sys/mount.h>

#include <algorithm>
#include <cstring>

namespace ducat::cli {
namespace {

using testing::child_program;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

class FailingDisk : public Program {
protected:
  /// Pays without waiting long for a node that is gone.
  printed pay_briefly(const std::string& key) {
    return run({"--timeout", "1", "pay", "create", "--from", "world", "--to", "alice", "--amount",
                "1", "--currency", "EUR", "--key", key});
  }

  void expect_end_with_io() {
    EXPECT_EQ(node_.wait_for_end(), fatal_exit_code);
    EXPECT_THAT(node_log(), HasSubstr("process_ended reason=\"io: "));
    EXPECT_THAT(node_log(), HasSubstr(std::string{advice_for(errc::io)}));
  }

  /// Starts the node on a disk that works again, and expects each of `payments`, and no more than
  /// `asked`.
  void expect_on_a_good_disk(int payments, int asked) {
    const printed verified = run({"log", "verify", "--data", options_.data});
    EXPECT_EQ(verified.code, exit_code::done) << verified.err;
    start();
    const std::string balance = run({"account", "show", "alice"}).document()["balance"];
    EXPECT_GE(std::stoi(balance), payments);
    EXPECT_LE(std::stoi(balance), asked);
    EXPECT_EQ(pay_briefly("k" + std::to_string(payments + 1)).code, exit_code::done);
    EXPECT_EQ(run({"account", "show", "alice"}).document()["balance"],
              std::to_string(payments + 1));
  }
};

// One system call that fails --------------------------------------------------------------------

struct failing_call {
  const char* name;
  const char* call;
  const char* code;
  bool in_wal; ///< Else in ACKNOWLEDGED.
};

std::ostream& operator<<(std::ostream& out, const failing_call& value) {
  return out << value.name;
}

class FailingCall : public FailingDisk, public ::testing::WithParamInterface<failing_call> {
protected:
  /// Lets the next call of its kind fail, and only that one: a second try would succeed. Returns
  /// why that cannot be done here, or nothing.
  std::optional<std::string> arm() {
    const failing_call& given = GetParam();
    const fs::path file =
        given.in_wal ? testing::wal_in(options_.data) : options_.data / "ACKNOWLEDGED";
    const std::string call{given.call};
    const std::string strace = "exec strace -f -o " + trace_.string() + " -P " + file.string() +
                               " -e trace=" + call + " -e inject=" + call + ":error=" + given.code +
                               ":when=1 -p " + std::to_string(node_.pid()) + " 2>&1";
    injector_.emplace(testing::child_program_options{.words = {"sh", "-c", strace}});
    while (const auto line = injector_->read_line()) {
      if (line->find(" attached") != std::string::npos)
        return std::nullopt;
      if (line->find("not found") != std::string::npos ||
          line->find("not permitted") != std::string::npos)
        return *line;
    }
    return "strace ended";
  }

  /// Returns how many calls were made to the file while strace looked.
  std::ptrdiff_t calls_made() {
    injector_->wait();
    const std::string trace = testing::bytes_in(trace_);
    std::istringstream lines{trace};
    std::ptrdiff_t calls = 0;
    for (std::string line; std::getline(lines, line);)
      calls += line.find(std::string{GetParam().call} + "(") != std::string::npos ? 1 : 0;
    return calls;
  }

  fs::path trace_ = directory_.path() / "trace";
  std::optional<child_program> injector_;
};

TEST_P(FailingCall, EndsTheNodeAtOnceAndLosesNothingAcknowledged) {
  open_accounts();
  ASSERT_EQ(pay_briefly("k1").code, exit_code::done);
  if (const auto why = arm())
    GTEST_SKIP() << "no system call can be made to fail here: " << *why;
  EXPECT_EQ(pay_briefly("k2").code, exit_code::unknown);
  expect_end_with_io();
  EXPECT_EQ(calls_made(), 1) << "what failed once is not tried again";
  expect_on_a_good_disk(1, 2);
}

INSTANTIATE_TEST_SUITE_P(
    , FailingCall,
    ::testing::Values(failing_call{"SyncOfTheLogEio", "fdatasync", "EIO", true},
                      failing_call{"SyncOfTheLogFull", "fdatasync", "ENOSPC", true},
                      failing_call{"WriteOfTheLogEio", "write", "EIO", true},
                      failing_call{"WriteOfTheLogFull", "write", "ENOSPC", true},
                      failing_call{"WriteOfTheMarkEio", "pwrite64", "EIO", false},
                      failing_call{"WriteOfTheMarkFull", "pwrite64", "ENOSPC", false}),
    [](const auto& given) { return given.param.name; });

// A disk without space ----------------------------------------------------------------------------

/// A file system in memory, mounted while the object lives.
class small_disk {
public:
  explicit small_disk(const fs::path& at) : path_{at} {
    fs::create_directory(at);
    if (::mount("ducat-test", at.c_str(), "tmpfs", 0, "size=2m") != 0)
      refusal_ = std::strerror(errno);
  }

  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  ~small_disk() {
    if (refusal_.empty())
      ::umount2(path_.c_str(), MNT_DETACH);
  }

  /// Returns why it could not be mounted; empty if it was.
  const std::string& refusal() const noexcept { return refusal_; }

  /// Takes all the space that is left.
  void fill() const {
    std::ofstream filler{path_ / "filler"};
    for (const std::string page(4096, 'x'); filler << page << std::flush;) {
    }
  }

  void free() const { fs::remove(path_ / "filler"); }

private:
  fs::path path_;
  std::string refusal_;
};

TEST_F(FailingDisk, WithoutSpaceEndsTheNodeAndLosesNothingAcknowledged) {
  const small_disk disk{directory_.path() / "small"};
  if (!disk.refusal().empty())
    GTEST_SKIP() << "no file system can be mounted here: " << disk.refusal();
  node_.kill();
  options_.data = directory_.path() / "small" / "data";
  start();
  open_accounts();
  ASSERT_EQ(pay_briefly("k1").code, exit_code::done);
  disk.fill();
  int paid = 1; // What was written goes on to fit for a while: the last page is not full.
  while (paid < 1000 && pay_briefly("k" + std::to_string(paid + 1)).code == exit_code::done)
    ++paid;
  expect_end_with_io();
  EXPECT_THAT(node_log(), HasSubstr("No space left on device"));
  EXPECT_FALSE(node_.start(options_)) << "there still is no space";
  EXPECT_THAT(node_log(), HasSubstr("\nducat: io: cannot open the log"));
  disk.free();
  expect_on_a_good_disk(paid, paid + 1);
  node_.kill(); // It must not hold the disk.
}

} // namespace
} // namespace ducat::cli
