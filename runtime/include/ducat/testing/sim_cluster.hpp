/// A whole cluster for tests: real nodes, supervisors, routers and machines, on one thread, with a
/// virtual clock, a simulated network and a simulated log.
///
///   ducat::testing::sim_cluster cluster{{.seed = 7}, [](ducat::node& n) { describe(n); }};
///   cluster.kill("node1");
///   EXPECT_EQ(cluster.ask<paid>("node2", "payments", pay{"p1", 100}), paid{...});
///   cluster.restart("node1");
///
/// The same seed gives the same run, message by message: trace() is the proof. It needs no test
/// framework.
#pragma once

#include <ducat/cluster.hpp>
#include <ducat/digest.hpp>
#include <ducat/error.hpp>
#include <ducat/fault.hpp>
#include <ducat/log.hpp>
#include <ducat/node.hpp>
#include <ducat/protocol.hpp>
#include <ducat/testing/sim_disk.hpp>
#include <ducat/testing/virtual_system.hpp>
#include <ducat/time.hpp>

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ducat::testing {

struct sim_options {
  std::uint64_t seed = 1;
  std::vector<std::string> nodes{"node1", "node2", "node3"};
  protocol speaks{}; ///< What children of different nodes say to each other.
  cluster::trim_rule trimming{};

  /// Called with each line of the trace: time in nanoseconds, what happened.
  std::function<void(const std::string& line)> on_trace{};
};

/// Returns the time of an entry that is written at `when`, by the clock of a simulated node's
/// system.
log_time simulated_log_time(time_point when);

/// A child of a node.
struct child_place {
  std::string node;
  std::string path;

  friend auto operator<=>(const child_place&, const child_place&) = default;
};

/// Says what runs on a node, which keeps what it has on that disk.
using describe_on_disk = std::function<void(node&, const std::shared_ptr<sim_disk>&)>;

/// Something that was broken, for mend().
using disturbance = std::uint64_t;

/// Lives for a test. Children that ask for a thread of their own run on the one thread too, and
/// nobody watches a handler_budget. While it lives, fault points break its nodes and not the
/// process. One thread uses it, and there is one at a time in a process.
class sim_cluster {
public:
  /// `describe` says what runs on each node, as for node::start(); it is called for each life of
  /// one. Returns when every node has begun. Throws if one cannot.
  sim_cluster(sim_options options, std::function<void(node&)> describe);
  sim_cluster(sim_options options, describe_on_disk describe);

  sim_cluster(const sim_cluster&) = delete;
  sim_cluster& operator=(const sim_cluster&) = delete;
  ~sim_cluster();

  // ---- time -----------------------------------------------------------------------------------

  time_point now() const;

  void run_for(duration time);

  /// Goes on until `done` returns true; returns whether it did within `limit`.
  bool run_until(const std::function<bool()>& done, duration limit = virtual_patience);

  /// `what` happens after `delay`, from where somebody runs the cluster.
  void after(duration delay, std::function<void()> what);

  /// `what` happens when so many more messages have been handled, on whatever node: between two.
  void after_messages(std::uint64_t messages, std::function<void()> what);

  // ---- requests -------------------------------------------------------------------------------

  /// Empty until the answer is there.
  using pending = std::shared_ptr<std::optional<result<caf::message>>>;

  /// Asks the child at `path` of the node once. If it does not run: unavailable, at once.
  pending ask_later(const std::string& node, const std::string& path, caf::message request);

  /// The same, and runs until the answer is there. Errors: those of error_of(); invalid_argument if
  /// the answer is no T; outcome_unknown if there is none within virtual_patience.
  template <class T, class... Args>
  result<T> ask(const std::string& node, const std::string& path, Args&&... args) {
    const pending answered = ask_later(node, path, caf::make_message(std::forward<Args>(args)...));
    if (!run_until([&] { return answered->has_value(); }))
      return fail(errc::outcome_unknown, path + " did not answer");
    if (!**answered)
      return tl::unexpected{(**answered).error()};
    if (!(**answered)->template match_elements<T>())
      return fail(errc::invalid_argument, path + " answered with something else");
    return (**answered)->template get_as<T>(0);
  }

  // ---- faults ---------------------------------------------------------------------------------

  /// The node's process ends where it stands, as by SIGKILL. It is dead already: no effect.
  void kill(const std::string& node);

  /// A killed node begins a new life, which takes a while. It has one: no effect.
  void restart(const std::string& node);

  /// Has a fault happen to the child at `path` of the node, as inject() does. It does not run: no
  /// effect.
  void crash(const std::string& node, const std::string& path, fault_kind kind = fault_kind::crash,
             std::chrono::milliseconds lease = std::chrono::milliseconds{2'000});

  /// Arms a fault point until it has fired `what.times` times, is mended, or this ends: on that
  /// node, or on whichever comes to it first. After exit and segv the node begins again by itself.
  /// An actor that hangs stands still where it is until the lease is over. Throws if the fault is
  /// impossible.
  disturbance arm(std::string_view point, const fault& what = {}, const std::string& node = {});

  /// Asked each time a node comes to a fault point: what it returns happens there and then. With it
  /// nothing is armed. It ends when it is replaced, with an empty one too, or by heal().
  void at_points(
      std::function<std::optional<fault>(const std::string& node, std::string_view point)> what);

  /// The node's process stands still, as by SIGSTOP.
  disturbance stop(const std::string& node);

  /// However often it was stopped.
  void go_on(const std::string& node);

  /// Nothing gets from one place to the other any more. A place is a node or "log".
  disturbance cut(const std::string& from, const std::string& to);

  /// However often it was cut; isolate() cuts, too.
  void join(const std::string& from, const std::string& to);

  /// Cuts the node off from all others and from the log, both ways.
  disturbance isolate(const std::string& node);

  /// Of what goes to and from the node so many of a thousand are lost: a stream of which something
  /// is lost breaks, and what was under way on it is unknown; a call to the log is answered by
  /// nobody, though it may have been made. As many calls come late.
  disturbance lose(const std::string& node, unsigned of_thousand);

  /// From now on what goes over the network takes from `least` to `most`.
  disturbance slow_down(duration least, duration most);

  /// What the node writes takes long. It outlives the node's process, as all faults of disks.
  disturbance slow_disk(const std::string& node);

  /// The node can write nothing.
  disturbance fill_disk(const std::string& node);

  /// A bit of what the node's disk holds is another one from now on. A node that cannot begin for
  /// damage gets a new disk at the third try. The disk is empty: no effect.
  void flip_a_bit(const std::string& node);

  /// Undoes that one, and no other one that does the same. It was mended already: no effect.
  void mend(disturbance which);

  /// Undoes all of them.
  void mend_all();

  /// Nothing is wrong with the network any more.
  void join_all();

  /// What goes over the network takes from `least` to `most` when nothing slows it down.
  void take_for(duration least, duration most);

  // ---- what there is and what was -------------------------------------------------------------

  const std::vector<std::string>& nodes() const noexcept;

  bool is_alive(const std::string& node) const;

  /// Returns the node that took the log last; empty if none has.
  std::string writer() const;

  /// Returns the life of a node that is alive; throws if it is not.
  ducat::node& at(const std::string& node) const;

  /// Returns the log's entries, also those that were trimmed away.
  const std::vector<entry>& log() const noexcept;

  /// Returns a number below `end` from the seed, for what a test leaves to chance.
  std::uint64_t draw(std::uint64_t end);

  /// Adds a line to the trace.
  void note(const std::string& what);

  /// Returns the digest of all that has happened: equal digests mean equal runs.
  const digest& trace() const noexcept;

  /// Returns how many messages have been handled.
  std::uint64_t messages() const noexcept;

  /// Returns the workers and routers whose lives of now have handled a message since the last call,
  /// in order.
  std::vector<child_place> take_busy_children();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace ducat::testing
