#include "sim/sim_echo.hpp"

#include "check/history.hpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration listen_every = 10ms;
constexpr std::uint64_t echo_pause_max_ns = 120'000'000;

/// What is decided by how things stand then, and not by a key or a number, may come true once more:
/// an approval that comes after the reversal was accepted is reversed again.
bool is_done_once(const v1::Command& command) {
  return command.resolve_attempt().event() != v1::ResolveAttempt::LATE_APPROVAL;
}

} // namespace

sim_cluster::pending sim_echo::commit_somewhere(const v1::Command& command) {
  return on_.ask_later(on_.nodes()[on_.draw(on_.nodes().size())], "ledger",
                       caf::make_message(commit{command.SerializeAsString()}));
}

// Terms ------------------------------------------------------------------------------------------

void sim_echo::begin(std::vector<v1::Command> terms) {
  terms_ = std::move(terms);
  std::ranges::reverse(terms_);
  commit_terms();
  echo_next();
}

void sim_echo::commit_terms() {
  if (!terms_.empty())
    hear_terms(commit_somewhere(terms_.back()));
}

void sim_echo::hear_terms(const sim_cluster::pending& answer) {
  if (!answer->has_value())
    return on_.after(listen_every, [this, answer] { hear_terms(answer); });
  v1::Outcome outcome;
  if ((*answer)->has_value() && (**answer)->match_elements<committed>() &&
      outcome.ParseFromString((**answer)->get_as<committed>(0).reply) && !outcome.has_error())
    terms_.pop_back();
  on_.after(listen_every, [this] { commit_terms(); });
}

// Echoes -----------------------------------------------------------------------------------------

void sim_echo::echo_next() {
  on_.after(duration{static_cast<duration::rep>(on_.draw(echo_pause_max_ns))}, [this] {
    if (is_ended_)
      return;
    if (!on_.log().empty())
      echo();
    echo_next();
  });
}

void sim_echo::echo() {
  const entry& drawn = on_.log()[on_.draw(on_.log().size())];
  const auto commands = commands_in(drawn.payload);
  if (!commands || commands->empty())
    return;
  const v1::Command& chosen = (*commands)[on_.draw(commands->size())];
  if (is_done_once(chosen))
    hear_echo(drawn.index, commit_somewhere(chosen));
}

/// What is not answered, or with an error, says nothing.
void sim_echo::hear_echo(std::uint64_t entry, const sim_cluster::pending& answer) {
  if (!answer->has_value())
    return on_.after(listen_every, [this, entry, answer] { hear_echo(entry, answer); });
  if (!(*answer)->has_value() || !(**answer)->match_elements<committed>())
    return;
  const receipt& made = (**answer)->get_as<committed>(0).receipt;
  if (made.index != 0)
    violations_.push_back("a command of entry " + std::to_string(entry) +
                          " had an effect once more, in entry " + std::to_string(made.index));
}

} // namespace ducat::cli
