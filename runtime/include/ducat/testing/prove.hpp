/// Proof of a flow: everything that can break in it breaks, at each place and one after another, in
/// a simulated cluster.
///
///   ducat::testing::flow tips_flow();   // What runs, what is asked, what must hold.
///
///   TEST(Tips, ArePaidOnceWhateverBreaks) {
///     const auto proof = ducat::testing::prove(tips_flow, {.pairs_max = 500});
///     EXPECT_TRUE(proof.holds()) << proof;
///   }
///
/// A run is the same each time up to what breaks first, so that "after message 17" is one state of
/// the whole cluster. It needs no test framework.
#pragma once

#include <ducat/error.hpp>
#include <ducat/fault_schedule.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/time.hpp>

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ducat::testing {

// What is proven ---------------------------------------------------------------------------------

/// What a client asks. It waits 2 s, and then asks another node, under the same id, until it is
/// answered.
struct flow_request {
  std::string id;
  std::string path; ///< Of the child that is asked, on whichever node.

  /// Makes the message: the same one each time, but for the deadline.
  std::function<caf::message(time_point deadline)> ask;

  /// Returns an answer as text. An error: it is none yet.
  std::function<result<std::string>(const caf::message& answer)> read;
};

/// Returns a request that is answered with a T: `make(deadline)` is the message, and `read(T)` the
/// answer as text, or an error.
template <class T, class Make, class Read>
flow_request ask_for(std::string id, std::string path, Make make, Read read) {
  return {.id = std::move(id),
          .path = std::move(path),
          .ask = [make](time_point deadline) { return caf::make_message(make(deadline)); },
          .read = [read](const caf::message& answer) -> result<std::string> {
            if (!answer.match_elements<T>())
              return fail(errc::invalid_argument, "it answers with something else");
            return read(answer.get_as<T>(0));
          }};
}

/// Something that must hold in the end, when all is healed and answered: before everything is asked
/// again, and after that.
struct flow_claim {
  std::string name; ///< As a sentence: "the waiter has it once".

  /// Returns what is wrong; empty: nothing. It may ask, and let time pass.
  std::function<std::string(sim_cluster& on)> judge;
};

struct flow {
  std::string name;                    ///< Of a test suite: "Tips".
  std::string maker;                   ///< The function that returns this: "tips_flow".
  protocol speaks{};                   ///< As in sim_options.
  std::function<void(node&)> describe; ///< What runs on each node: what production runs, too.
  std::vector<std::string> nodes{"node1", "node2", "node3"};

  /// What there is before anything breaks, such as accounts.
  std::function<void(sim_cluster& on)> prepare{};

  std::vector<flow_request> requests; ///< Asked one after another.

  /// How long things break after the last answer: what the flow does then is broken, too.
  duration aftermath = std::chrono::milliseconds{20};

  /// Returns one name for each effect that there is, say of each payment in the log. None may be
  /// there twice.
  std::function<std::vector<std::string>(sim_cluster& on)> effects{};

  /// Returns what a node says of its state. In the end all say the same.
  std::function<std::string(sim_cluster& on, const std::string& node)> view{};

  std::vector<flow_claim> claims{};
};

/// Makes a flow for each run anew: what it keeps outside of the nodes, such as a counterparty's
/// journal, begins empty.
using flow_maker = std::function<flow()>;

// One run ----------------------------------------------------------------------------------------

/// Something breaks once.
struct flow_fault {
  /// At a fault point: crash (it throws), exit, segv, hang. In a child: crash, hang. Of a node:
  /// kill, pause, partition, deaf, slow.
  fault_action what = fault_action::kill;

  /// Between two messages: when so many have been handled since the first request was asked. At a
  /// fault point: at its hit of that number since then, from 1, on whichever node.
  std::uint64_t at = 0;
  std::string node{};
  std::string child{};
  std::string point{};

  friend bool operator==(const flow_fault&, const flow_fault&) = default;
};

std::ostream& operator<<(std::ostream& out, const flow_fault& what);

struct trial {
  std::uint64_t seed = 1;
  std::vector<flow_fault> faults{};
  std::chrono::milliseconds lease{1'500}; ///< What is broken for a time is so for so long.
};

/// A claim that does not hold.
struct broken_claim {
  std::string claim;
  std::string why;

  friend bool operator==(const broken_claim&, const broken_claim&) = default;
};

/// A node came to a fault point.
struct point_hit {
  std::string point;
  std::uint64_t number = 1; ///< Among the hits of that point.
  std::uint64_t after = 0;  ///< So many messages.
};

struct trial_result {
  std::uint64_t messages = 0; ///< From the first request until the end of the aftermath.
  std::vector<point_hit> hits{};
  std::vector<child_place> children{}; ///< That handled messages, in order.
  std::uint64_t struck = 0;            ///< Of the faults; the others came too late.
  std::vector<std::string> answers{}; ///< The first of each request that was answered, as ID: TEXT.
  std::vector<broken_claim> broken{};
  digest trace{};

  bool holds() const noexcept { return broken.empty(); }
};

std::ostream& operator<<(std::ostream& out, const trial_result& run);

/// Runs the flow once, and breaks what is said. Then all is healed, what is not answered is asked
/// until it is, everything is asked again under its id, and the claims are judged. Throws if a
/// node cannot begin.
trial_result run_trial(const flow_maker& make, const trial& what);

// Many runs --------------------------------------------------------------------------------------

struct prove_options {
  std::vector<std::uint64_t> seeds{1};
  std::uint64_t pairs_max = 0; ///< Most runs with two faults, for each seed.

  /// What happens between two messages; crash and hang to each child that takes part, the others
  /// to each node.
  std::vector<fault_action> between{fault_action::crash, fault_action::kill, fault_action::pause,
                                    fault_action::partition, fault_action::deaf};
  std::chrono::milliseconds lease{1'500};

  /// Runs all of them and returns what came of each, in their order. Default: one after another.
  std::function<std::vector<trial_result>(const flow_maker&, const std::vector<trial>&)> run{};
};

/// A run that broke a claim.
struct failed_trial {
  trial what;
  std::vector<broken_claim> broken;
};

/// What a seed's run without faults came to.
struct explored_seed {
  std::uint64_t seed = 1;
  std::uint64_t messages = 0;                    ///< As many boundaries.
  std::map<std::string, std::uint64_t> points{}; ///< How often each fault point was come to.
  std::vector<child_place> children{};           ///< That take part.
  std::uint64_t pairs_possible = 0;
};

struct claim_count {
  std::string claim;
  std::uint64_t held = 0;
  std::uint64_t broken = 0;
};

/// What was explored and what held. The same flow and options give the same certificate.
struct certificate {
  std::string flow;
  std::string maker;
  std::vector<std::string> requests; ///< By id.
  std::vector<explored_seed> seeds{};
  std::chrono::milliseconds lease{};
  std::uint64_t without = 0;                        ///< Runs without a fault,
  std::uint64_t singles = 0;                        ///< with one: all that there are,
  std::uint64_t pairs = 0;                          ///< and with two: these are drawn.
  std::uint64_t faults = 0;                         ///< In all runs,
  std::uint64_t came_too_late = 0;                  ///< and of these, those that did not strike.
  std::map<std::string, std::uint64_t> broken_by{}; ///< Faults, by action.
  std::map<std::string, std::uint64_t> answers{};   ///< In how many runs, as ID: TEXT.
  std::vector<claim_count> claims{};
  std::uint64_t failed = 0;             ///< Runs.
  std::vector<failed_trial> shortest{}; ///< Some of them; the shortest, then earliest first.

  std::uint64_t runs() const noexcept { return without + singles + pairs; }

  bool holds() const noexcept { return failed == 0 && singles > 0; }
};

/// Most failed runs that a certificate shows.
constexpr std::size_t failed_trials_shown = 10;

/// Runs the flow without faults; with each fault at each boundary between two messages and at each
/// hit of a fault point; and with a second one after each of these, wherever the run with the first
/// one comes to: if there are more than pairs_max they are drawn by the seed. What fails with one
/// fault is not tried with a second.
certificate prove(const flow_maker& make, const prove_options& options = {});

/// Returns a GoogleTest test that runs `what`, ready to paste.
std::string test_of(const certificate& of, const failed_trial& what);

/// Prints it for people, with the shortest failing run as a test.
std::ostream& operator<<(std::ostream& out, const certificate& what);

} // namespace ducat::testing
