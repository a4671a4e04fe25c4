/// A machine on a shared log: it follows, and leads when it is its turn. The actor around it is in
/// replicated_actor.cpp.
#pragma once

#include "cluster/leader.hpp"
#include "cluster/link.hpp"

#include <ducat/replica.hpp>
#include <ducat/shared_log.hpp>
#include <ducat/time.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ducat::cluster {

/// What a replicated machine needs of its surroundings.
struct replicated_options {
  std::string node; ///< This one.
  std::string path; ///< Of the child, the same on every node.
  std::shared_ptr<shared_log> log;
  poster post; ///< Comes back to the thread that owns the machine.
  clock_function now = std::chrono::steady_clock::now;
  std::function<void(const std::string& node, outgoing_ask, time_point deadline, ask_callback)> ask;

  /// Puts the state of another node into the store: the log does not begin early enough for the
  /// state there is. Null: there is no other node to ask.
  std::function<result<void>(state_store&)> fetch_state{};

  /// Told each newest grant of a group, when it is durable, at least once.
  std::function<void(const std::string& group, const grant&)> on_grant{};
};

/// Owned by one thread. A member that finds that it cannot go on throws: then this is done with,
/// and another one is made from the log. If going on would be a guess, it ends the process.
class replicated {
public:
  /// Rebuilds the machine from the log, and follows.
  replicated(replicated_options options, const replica_options& machine);

  ~replicated();

  replicated(const replicated&) = delete;
  replicated& operator=(const replicated&) = delete;

  /// Has an ask of this node answered by whoever writes the log. While that is nobody it waits,
  /// some seconds at most. `type` and `body` are those of durable_messages.hpp.
  void ask(std::string type, std::string body, respond_with<std::string> respond);

  /// Answers an ask of another node: only if this one writes the log. Errors: unavailable (it does
  /// not; nothing was done).
  void serve(const std::string& type, const std::string& body, respond_with<std::string> respond);

  /// Begins what has been collected.
  void flush();

  void on_holder(const shared_log::holder& newest);

  /// This node is to take the log after the epoch `seen`.
  void on_turn(epoch seen);

  /// To be called often: gives up what has waited for too long.
  void on_tick();

  /// Hands the log over: finishes what is under way, takes nothing new, and calls `done` when it
  /// writes no more. Until resume() it does not lead.
  void drain(std::function<void()> done);

  void resume() { draining_ = false; }

  bool is_leading() const noexcept { return leader_ != nullptr; }

  std::uint64_t applied() const noexcept { return replica_.applied().index; }

  /// Returns the newest entry whose state the machine keeps on disk.
  std::uint64_t kept() const { return replica_.kept().index; }

private:
  struct waiting {
    std::string type;
    std::string body;
    respond_with<std::string> respond;
    time_point until;
  };

  void follow();
  void on_entry(std::uint64_t feed, const result<entry>& next);
  void lead_after(epoch seen);
  void on_leader_failed(const error& why, bool is_ahead);
  void step_down();
  void finish_drain();
  void route(waiting what);
  void forward(waiting what);
  void on_forwarded(std::uint64_t number, result<std::string> answer);
  void forget_forwarded();
  void route_all_waiting();
  void tell_grants();

  replicated_options options_;
  replica replica_;
  shared_log::holder holder_;
  bool draining_ = false;
  std::function<void()> drained_;
  std::deque<waiting> waiting_;                ///< For somebody who writes the log.
  std::map<std::uint64_t, waiting> forwarded_; ///< To whoever writes it, and not yet answered.
  std::uint64_t forwards_ = 0;
  std::uint64_t granted_ = 0; ///< The newest epoch of a grant that was told.

  std::uint64_t feeds_ = 0; ///< How often it began to follow: what an older feed said is late.
  std::unique_ptr<log_feed> feed_; ///< Null while it leads.
  std::unique_ptr<leader> leader_; ///< Null while it follows.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace ducat::cluster
