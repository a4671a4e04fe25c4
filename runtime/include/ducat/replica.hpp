/// A machine and its log, kept in step: a durable actor without the actor.
#pragma once

#include <ducat/log.hpp>
#include <ducat/machine.hpp>

#include <cstdint>
#include <functional>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ducat {

/// The machine's reply, and the entry that holds the effect; index 0 if nothing was written.
struct committed {
  std::string reply;
  ducat::receipt receipt;
};

/// Which entries of the log are kept.
enum class log_retention : std::uint8_t {
  all,        ///< Every one.
  checkpoint, ///< Those after the checkpoint before the newest one.
};

struct replica_options {
  std::shared_ptr<ducat::log> log;
  machine_factory machine;
  log_retention retention = log_retention::all;
  std::function<log_time()> now{}; ///< Default: the wall clock. Read once a group.
};

/// Applies to `into` what `from` has after the state that it began with, up to the entry `last`.
/// Returns the time of the last entry seen; 0 if there was none.
/// Errors: what the log answers; corrupt and newer_version for a batch that cannot be read, corrupt
/// for a command that the machine would not have written and for a state that is not of this log.
/// The message names the entry.
result<log_time> replay(const log& from, machine& into,
                        std::uint64_t last = std::numeric_limits<std::uint64_t>::max());

/// Not thread-safe: whoever made it, such as its durable actor owns it.
class replica {
public:
  /// Takes the log's epoch and rebuilds the machine from the log. Errors: those of replay().
  static result<replica> open(const replica_options& options);

  /// Runs `commands` as one group: each is answered without an entry, or applied and then made
  /// durable together with the others in one entry. Returns one answer each, in order; nothing is
  /// visible to others before it returns.
  /// Errors: epoch_lost, io. Then the machine is ahead of the log: throw the replica away.
  result<std::vector<committed>> run(std::span<const std::string> commands);

  /// Answers a question from committed state.
  std::string query(std::string_view question) const { return machine_->query(question); }

  const ducat::log& log() const noexcept { return *log_; }

  epoch writer() const noexcept { return writer_; }

  /// Returns the receipt of the entry at `index`. Errors: not_found, and what the log answers.
  result<receipt> receipt_at(std::uint64_t index) const;

private:
  replica() = default;
  result<void> settle(const receipt& newest);
  result<void> start_trim(std::uint64_t needless);
  log_time next_time() const;

  std::shared_ptr<ducat::log> log_;
  std::unique_ptr<machine> machine_;
  std::function<log_time()> now_;
  log_retention retention_ = log_retention::all;
  std::uint64_t checkpoint_ = 0;       ///< The newest that the log was told of.
  std::future<result<void>> trimming_; ///< At work beside the commits; not valid if none.
  epoch writer_;
  log_time newest_at_; ///< Of the newest entry. Invariant: machine_ has applied exactly the log.
};

} // namespace ducat
