/// The writer of a shared log at work: commands go in groups into entries, several under way.
#pragma once

#include <ducat/durable.hpp>
#include <ducat/replica.hpp>
#include <ducat/shared_log.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cluster {

template <class T>
using respond_with = std::function<void(result<T>)>;

/// How a call comes back to the one thread that owns a leader: it runs what it is given there,
/// soon.
using poster = std::function<void(std::function<void()>)>;

/// Told once why a leader is done with, and whether its machine is ahead of the log.
using leader_failed = std::function<void(const error&, bool is_ahead)>;

/// What of a log's writer is under way, or waits to be.
struct load {
  std::size_t commands = 0;
  std::size_t bytes = 0;
};

/// Returns whether `waiting` is to go into an entry beside those that hold `commands_under_way`. An
/// entry costs the log much the same whether it holds one command or a hundred: a crowd that is
/// answered together comes back one by one, and goes together again. Nobody waits for longer than
/// an entry takes, nor when there are only two.
constexpr bool is_worth_an_entry(const load& waiting, std::size_t commands_under_way) {
  constexpr std::size_t bytes_enough = group_bytes_max / 4;
  return waiting.commands >= commands_under_way || waiting.bytes >= bytes_enough;
}

/// Owned by one thread. An answer is given when the entry is durable that it tells of, and, if
/// there is none, when the log has confirmed after the question that no other writer has begun.
class leader {
public:
  /// How many entries it has under way at most.
  static constexpr std::size_t in_flight_max = 4;

  /// `writer` was taken from `log` by `state`. `post` may be called from any thread; `failed` is
  /// called once, on the owner's, when the log refused; it must not destroy this.
  leader(replica& state, std::shared_ptr<shared_log> log, poster post, leader_failed failed);

  /// Answers everybody who waits: outcome_unknown if an entry is under way, else unavailable.
  ~leader();

  leader(const leader&) = delete;
  leader& operator=(const leader&) = delete;

  /// Takes a command; flush() commits it.
  void commit(ducat::commit what, respond_with<committed> respond);

  /// Grants a group, which check_grant() has accepted, if it is due; answers with its newest grant.
  void take(take_grant what, respond_with<ducat::grant> respond);

  /// Runs `answer` when what it was made from is known to be the newest state, or `refuse` when
  /// that cannot be known.
  void when_confirmed(std::function<void()> answer, std::function<void(const error&)> refuse);

  /// Begins what there is room for.
  void flush();

  /// Returns whether nothing is under way or waits.
  bool is_idle() const noexcept;

  /// Returns whether an entry is under way.
  bool has_entries_under_way() const noexcept { return !groups_.empty(); }

  /// Returns the newest entry that is durable.
  std::uint64_t durable() const noexcept { return durable_; }

private:
  struct group {
    std::uint64_t index = 0;
    std::vector<result<committed>> answers;
    std::vector<respond_with<committed>> responds;
    std::function<void(const result<void>&)> granted{}; ///< Of an entry that is a grant.
  };

  struct reader {
    std::uint64_t needs = 0;  ///< The entry that must be durable.
    std::uint64_t ticket = 0; ///< The confirmation that it needs, unless a later entry is durable.
    std::function<void()> answer;
    std::function<void(const error&)> refuse;
  };

  struct proposal {
    ducat::commit what;
    respond_with<committed> respond;
  };

  struct grant_wanted {
    take_grant what;
    respond_with<ducat::grant> respond;
  };

  bool has_room() const;
  load next_group() const;
  std::size_t commands_under_way() const;
  void begin_group();
  void begin_grant();
  void confirm_readers();
  static void acknowledge(group& what);
  void on_durable(std::uint64_t index, const result<void>& done);
  void on_confirmed(std::uint64_t ticket, const result<void>& done);
  void answer_readers();
  void refuse_readers(std::uint64_t ticket, const error& why);
  void settle_if_idle();
  void fail(const error& why);
  void refuse_all();
  log_callback told(std::function<void(const result<void>&)> what);

  replica& replica_;
  std::shared_ptr<shared_log> log_;
  poster post_;
  leader_failed failed_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); ///< Only for the owner's thread.

  std::deque<proposal> commands_;   ///< That wait.
  std::deque<grant_wanted> grants_; ///< That wait.
  std::deque<group> groups_;        ///< Under way, in order.
  std::deque<reader> readers_;      ///< That wait, by ticket.
  std::uint64_t durable_ = 0;
  std::uint64_t tickets_ = 1;   ///< The next confirmation to be begun.
  std::uint64_t confirmed_ = 0; ///< The newest that came.
  bool is_confirming_ = false;
  std::size_t unsettled_ = 0; ///< Entries since the machine could keep its state.
};

} // namespace ducat::cluster
