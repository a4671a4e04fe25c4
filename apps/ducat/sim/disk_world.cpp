#include "sim/disk_world.hpp"

#include "sim/answer_of.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <span>
#include <utility>

namespace ducat::cli {

namespace {

constexpr std::uint64_t second_ns = 1'000'000'000;

/// The state is kept after so many records.
constexpr ledger::keeping_limits often{.records = 24, .entries = 1'000'000};

} // namespace

// Lives ------------------------------------------------------------------------------------------

replica_options disk_world::options() {
  return {.log = log_,
          .machine = payment::machines_in(state_, often),
          .retention = log_retention::checkpoint,
          .store = state_,
          .now = [this] { return log_time{now_ns_ += second_ns}; }};
}

result<void> disk_world::open() {
  auto opened = open_embedded_log({.directory = log_directory()});
  if (!opened)
    return tl::unexpected(opened.error());
  log_ = std::move(*opened);
  auto state = ledger::store_directory::open(directory_ / "state");
  if (!state)
    return tl::unexpected(state.error());
  state_ = std::move(*state);
  auto begun = replica::open(options());
  if (!begun) {
    close();
    return tl::unexpected(begun.error());
  }
  replica_.emplace(std::move(*begun));
  return {};
}

void disk_world::close() {
  replica_.reset();
  state_.reset();
  log_.reset();
}

// Commands ---------------------------------------------------------------------------------------

std::optional<committed> disk_world::commit(const v1::Command& command,
                                            const std::optional<fencing_token>& token) {
  const ducat::commit asked{.command = command.SerializeAsString(), .token = token};
  auto done = replica_->run(std::span{&asked, 1});
  if (!done || !done->front())
    return std::nullopt;
  note_entries(done->front()->receipt.index);
  return std::move(*done->front());
}

/// What was appended is read at once: later it may be trimmed.
void disk_world::note_entries(std::uint64_t up_to) {
  if (up_to <= acknowledged_.size())
    return;
  const auto read = log_->read(acknowledged_.size() + 1, [&](const entry& e) {
    acknowledged_.push_back(e);
    return e.index < up_to;
  });
  if (!read)
    wrong.push_back("what was just acknowledged cannot be read: " + to_string(read.error()));
}

std::optional<v1::Outcome> disk_world::commit_one(const v1::Command& command,
                                                  const std::optional<fencing_token>& token) {
  const auto done = commit(command, token);
  v1::Outcome outcome;
  if (!done || !outcome.ParseFromString(done->reply))
    return std::nullopt;
  return outcome;
}

void disk_world::request(const client_request& what) {
  add_invocation(record_, what.id, what.body);
  std::optional<v1::Command> next = what.command;
  v1::Outcome outcome;
  while (next) {
    const auto done = commit(*next);
    if (!done || !outcome.ParseFromString(done->reply)) {
      wrong.push_back(what.id.key + " could not be committed");
      return;
    }
    next = payment::step_after(*next, outcome);
  }
  receipt proof;
  if (outcome.index() > 0 && outcome.index() <= acknowledged_.size())
    proof = {outcome.index(), acknowledged_[outcome.index() - 1].hash};
  add_answer(record_, what.id, answer_of(outcome, proof));
}

// Who may write ----------------------------------------------------------------------------------

fencing_token disk_world::grant(const std::string& group, const std::string& node) {
  const std::uint64_t newest = replica_->grant_of(group).epoch;
  const auto done = replica_->run_grant({.group = group, .node = node, .after = newest});
  if (!done)
    wrong.push_back("a grant was refused: " + to_string(done.error()));
  note_entries(replica_->applied().index);
  return {.group = group, .epoch = replica_->grant_of(group).epoch};
}

bool disk_world::is_refused_after_takeover(const v1::Command& command) {
  const auto taken = log_->take_epoch();
  const ducat::commit asked{.command = command.SerializeAsString()};
  const auto done = replica_->run(std::span{&asked, 1});
  const bool is_refused = taken && !done && done.error().code == errc::epoch_lost;
  replica_.reset(); // It is ahead of the log.
  auto begun = replica::open(options());
  if (begun)
    replica_.emplace(std::move(*begun));
  else
    wrong.push_back("nobody can go on: " + to_string(begun.error()));
  return is_refused;
}

// The log ----------------------------------------------------------------------------------------

bool disk_world::compare_log() {
  std::uint64_t last = log_->first() - 1;
  const auto read = log_->read(log_->first(), [&](const entry& e) {
    last = e.index;
    if (e.index <= acknowledged_.size() && e.hash != acknowledged_[e.index - 1].hash)
      wrong.push_back("entry " + std::to_string(e.index) + " is not the one that was acknowledged");
    return true;
  });
  if (read && last < acknowledged_.size())
    wrong.push_back("entry " + std::to_string(last + 1) +
                    " was acknowledged, and is not in the log");
  return read.has_value();
}

} // namespace ducat::cli
