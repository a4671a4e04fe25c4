#include <ducat/durable.hpp>
#include <ducat/fatal.hpp>
#include <ducat/handle.hpp>
#include <ducat/log_probe.hpp>
#include <ducat/replica.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <chrono>
#include <span>
#include <stdexcept>
#include <utility>

namespace ducat {

namespace {

/// Sent by a durable actor to itself: whatever was in its mailbox before is in the group.
struct flush {};

/// Decides what a failed log means: only a lost epoch is survived, by another life.
[[noreturn]] void give_up(const error& what) {
  if (what.code != errc::epoch_lost)
    end_process(what);
  throw std::runtime_error(to_string(what));
}

replica opened(const replica_options& options) {
  auto opened = replica::open(options);
  if (!opened)
    give_up(opened.error());
  return std::move(*opened);
}

} // namespace
} // namespace ducat

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::flush)

namespace ducat {
namespace {

/// The state of one life of a durable actor.
class committer {
public:
  committer(caf::event_based_actor* self, const replica_options& options)
      : self_{self}, replica_{opened(options)} {}

  caf::response_promise enqueue(commit what) {
    auto promise = self_->make_response_promise();
    if (what.command.size() > command_bytes_max) {
      promise.deliver(to_caf({errc::invalid_argument, "the command is too large"}));
      return promise;
    }
    if (commands_.empty())
      self_->send(self_, flush{});
    commands_.push_back(std::move(what));
    promises_.push_back(promise);
    arrived_.emplace_back();
    return promise;
  }

  /// What waits is committed first or later: a grant is an entry of its own.
  caf::result<grant> take(const take_grant& what) {
    if (auto good = check_grant(what); !good)
      return to_caf(good.error());
    if (auto done = replica_.run_grant(what); !done)
      give_up(done.error());
    return replica_.grant_of(what.group);
  }

  /// Commits what has come, unless more is coming right now.
  void flush_or_linger() {
    if (is_crowd_arriving())
      self_->send(self_, flush{});
    else
      run_group();
  }

  /// Commits one group; what does not fit waits for the next.
  void run_group() {
    arrivals_ = {};
    const std::size_t size = group_size();
    deliver(replica_.run(std::span(commands_).first(size)));
    const auto count = static_cast<std::ptrdiff_t>(size);
    commands_.erase(commands_.begin(), commands_.begin() + count);
    promises_.erase(promises_.begin(), promises_.begin() + count);
    arrived_.erase(arrived_.begin(), arrived_.begin() + count);
    if (!commands_.empty())
      self_->send(self_, flush{});
  }

  /// Answers everybody who waits: nobody is to wait for a timeout because this actor has ended.
  void refuse_all() {
    const error unknown{errc::outcome_unknown, "the durable actor went down with the command"};
    for (caf::response_promise& promise : promises_)
      if (promise.pending())
        promise.deliver(to_caf(unknown));
  }

  const replica& get() const noexcept { return replica_; }

private:
  /// Returns whether commands came until just now. A lone one never waits, a crowd not for long.
  bool is_crowd_arriving() {
    const auto now = std::chrono::steady_clock::now();
    if (arrivals_.seen == 0)
      arrivals_.first = now;
    if (std::exchange(arrivals_.seen, commands_.size()) != commands_.size())
      arrivals_.newest = now;
    return commands_.size() > 1 && now - arrivals_.newest < arrival_gap_max &&
           now - arrivals_.first < linger_max;
  }

  std::size_t group_size() const {
    std::size_t size = 0;
    for (std::size_t bytes = 0; size < commands_.size() && bytes < group_bytes_max; ++size)
      bytes += commands_[size].command.size();
    return size;
  }

  void deliver(result<std::vector<result<committed>>> answers) {
    if (!answers)
      give_up(answers.error());
    for (std::size_t i = 0; i < answers->size(); ++i) {
      result<committed>& each = (*answers)[i];
      probe_of_log().commit.record(arrived_[i].elapsed());
      each ? promises_[i].deliver(std::move(*each)) : promises_[i].deliver(to_caf(each.error()));
    }
  }

  /// Of the commands that wait, as far as a flush has seen them.
  struct arrivals {
    std::size_t seen = 0;
    std::chrono::steady_clock::time_point first;
    std::chrono::steady_clock::time_point newest;
  };

  static constexpr std::chrono::microseconds arrival_gap_max{10};
  static constexpr std::chrono::microseconds linger_max{100};

  caf::event_based_actor* self_;
  replica replica_;
  arrivals arrivals_;
  std::vector<commit> commands_;
  std::vector<caf::response_promise> promises_; ///< Invariant: one for each command.
  std::vector<stopwatch> arrived_;              ///< The same.
};

caf::result<log_position> locate_in(const replica& replica, const locate& what) {
  if (what.index == 0)
    return log_position{replica.log().last(), replica.writer()};
  const auto found = replica.receipt_at(what.index);
  if (!found)
    return to_caf(found.error());
  return log_position{*found, replica.writer()};
}

caf::behavior durable_actor(caf::event_based_actor* self, const replica_options& options) {
  auto state = std::make_shared<committer>(self, options);
  self->attach_functor([state] { state->refuse_all(); });
  return {
      [=](commit& what) { return state->enqueue(std::move(what)); },
      [=](const take_grant& what) { return state->take(what); },
      [=](flush) { state->flush_or_linger(); },
      [=](const query& what) { return answer{state->get().query(what.question)}; },
      [=](const locate& what) { return locate_in(state->get(), what); },
  };
}

} // namespace

child_start durable(replica_options options) {
  child_start start = ducat::start(durable_actor, std::move(options));
  start.detached = true;
  return start;
}

} // namespace ducat
