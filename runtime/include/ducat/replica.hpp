/// A machine and its log, kept in step: a durable actor without the actor.
#pragma once

#include <ducat/grant.hpp>
#include <ducat/log.hpp>
#include <ducat/machine.hpp>
#include <ducat/shared_log.hpp>
#include <ducat/state_store.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ducat {

/// Asks a durable actor to commit a command; answered with `committed`.
/// Errors: invalid_argument (over command_bytes_max; nothing was written), epoch_lost (the group of
/// `token` has another grant by now; nothing was written), outcome_unknown (the actor went down
/// with the command in its hands).
struct commit {
  std::string command;
  std::optional<fencing_token> token{}; ///< If it is committed for a redundancy group.
};

/// Asks a durable actor to grant a group to `node`, if its newest grant is `after` still. Answered
/// with the newest `grant` of the group, durable by then, whether or not it is the one asked for.
/// Errors: invalid_argument (a name is empty or over 255 bytes), outcome_unknown.
struct take_grant {
  std::string group;
  std::string node;
  std::uint64_t after = 0;
};

/// Returns nothing if it can be granted. Errors: invalid_argument.
result<void> check_grant(const take_grant& what);

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

  /// Where the machine keeps its state; null: nowhere.
  std::shared_ptr<state_store> store{};
  std::function<log_time()> now{}; ///< Default: the wall clock. Read once a group.
};

/// Applies to `into` what `from` has after the state that it began with, up to the entry `last`.
/// Returns the time of the last entry seen; 0 if there was none.
/// Errors: what the log answers; corrupt and newer_version for a batch that cannot be read, corrupt
/// for a command that the machine would not have written and for a state that is not of this log.
/// The message names the entry.
result<log_time> replay(const log& from, machine& into,
                        std::uint64_t last = std::numeric_limits<std::uint64_t>::max());

/// Commands that were applied and whose entry is under way.
struct commits_begun {
  std::vector<result<committed>> answers; ///< One for each command. Not to be seen by others yet.
  std::uint64_t index = 0;                ///< Of the entry; 0 if none was needed.
};

/// Not thread-safe: whoever made it, such as its durable actor owns it.
class replica {
public:
  /// Takes the log's epoch and rebuilds the machine from the log. Errors: those of replay().
  static result<replica> open(const replica_options& options);

  /// Rebuilds the machine from the log, to follow it: another one may write. Errors: those of
  /// replay().
  static result<replica> follow(const replica_options& options);

  /// Applies the next entry, which another writer appended. Errors: corrupt, newer_version.
  result<void> apply(const entry& next);

  /// Goes on as the log's writer: `writer` was taken just now. Applies what is left. Errors: those
  /// of replay(), epoch_lost (another one has written since; that is applied: it may follow).
  result<void> lead(epoch writer);

  /// Runs `commands` as run() does, but returns while their entry is under way in `to`, which is
  /// this replica's log; `done` is told what became of it. The machine is ahead of the log until
  /// then. Errors: those of shared_log::begin_append().
  result<commits_begun> begin(shared_log& to, std::span<const commit> commands, log_callback done);

  /// Grants a group, in an entry of its own, unless another grant is newer than `what.after`. Then
  /// and else grant_of() is the newest; it is durable when `done` is told. Returns the index of the
  /// entry, 0 if none was needed: then `done` is not called. Errors: those of begin_append().
  result<std::uint64_t> begin_grant(shared_log& to, const take_grant& what, log_callback done);

  /// The same, durable when it returns. Errors: those of run().
  result<void> run_grant(const take_grant& what);

  /// Returns the newest grant of each group, of what the machine has applied.
  const grant_map& grants() const noexcept { return grants_; }

  grant grant_of(const std::string& group) const;

  /// Lets the machine keep its state. Only while nothing is under way. Errors: io, corrupt.
  result<void> settle();

  /// Runs `commands` as one group: each is answered without an entry, or applied and then made
  /// durable together with the others in one entry. Returns one answer each, in order; nothing is
  /// visible to others before it returns. One whose token is not of its group's newest grant is
  /// answered epoch_lost.
  /// Errors: epoch_lost, io. Then the machine is ahead of the log: throw the replica away.
  result<std::vector<result<committed>>> run(std::span<const commit> commands);

  /// Answers a question from committed state.
  std::string query(std::string_view question) const { return machine_->query(question); }

  const ducat::log& log() const noexcept { return *log_; }

  epoch writer() const noexcept { return writer_; }

  /// Returns the newest entry whose state the machine keeps durably; index 0 if there is none.
  receipt kept() const { return machine_->durable_to(); }

  /// Returns the newest entry that the machine has applied; with begin(), also one under way.
  const receipt& applied() const noexcept { return applied_; }

  /// Returns the receipt of the entry at `index`; of one that this object has applied lately
  /// without a look at the log, and then also of one that is under way or trimmed. Errors:
  /// not_found, and what the log answers.
  result<receipt> receipt_at(std::uint64_t index) const;

private:
  struct group;

  static constexpr std::size_t receipts_kept = 16'384;

  explicit replica(const replica_options& options);
  result<void> catch_up();
  void note_applied(const receipt& newest, log_time at);
  group apply_all(std::span<const commit> commands);
  bool is_fenced(const commit& what) const;
  bool is_late(const take_grant& what) const;
  std::string begin_entry_of(const take_grant& what);
  result<void> start_trim(std::uint64_t needless);
  log_time next_time() const;

  std::shared_ptr<ducat::log> log_;
  std::unique_ptr<machine> machine_;
  std::function<log_time()> now_;
  log_retention retention_ = log_retention::all;
  std::uint64_t checkpoint_ = 0;       ///< The newest that the log was told of.
  std::future<result<void>> trimming_; ///< At work beside the commits; not valid if none.
  epoch writer_;
  grant_map grants_;
  receipt applied_;           ///< Invariant: machine_ has applied exactly the log up to here.
  log_time newest_at_;        ///< Of that entry.
  std::deque<digest> recent_; ///< Of the newest applied entries, in order; no gap.
};

} // namespace ducat
