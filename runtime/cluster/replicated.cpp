#include "cluster/replicated.hpp"

#include "cluster/durable_messages.hpp"
#include "core/logger.hpp"

#include <ducat/fatal.hpp>
#include <ducat/planted.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ducat::cluster {

namespace {

using namespace std::chrono_literals;

/// How long an ask waits for somebody who writes the log.
constexpr duration writer_patience = 3s;

/// Of an ask that was sent to whoever writes the log.
constexpr duration answer_timeout = 10s;

bool is_damage(const error& what) {
  return what.code == errc::corrupt || what.code == errc::newer_version;
}

/// Damage is not survived by another life; everything else is.
[[noreturn]] void give_up(const error& what) {
  if (is_damage(what))
    end_process(what);
  throw std::runtime_error(to_string(what));
}

replica following(const replicated_options& options, replica_options machine) {
  machine.log = options.log;
  auto made = replica::follow(machine);
  if (!made && made.error().code == errc::not_found && machine.store && options.fetch_state) {
    if (const auto fetched = options.fetch_state(*machine.store); !fetched)
      give_up(fetched.error());
    made = replica::follow(machine);
  }
  if (!made)
    give_up(made.error());
  return std::move(*made);
}

/// Returns what encodes an answer for whoever asked.
template <class T>
respond_with<T> encoded(respond_with<std::string> respond) {
  return [respond = std::move(respond)](const result<T>& done) {
    respond(done.map([](const T& value) { return encode(value); }));
  };
}

/// Runs `use` with the message, or refuses it.
template <class T>
void with_decoded(const std::string& body, const respond_with<std::string>& respond,
                  const std::function<void(T)>& use) {
  auto what = decode<T>(body);
  if (!what)
    return respond(tl::unexpected(what.error()));
  use(std::move(*what));
}

} // namespace

replicated::replicated(replicated_options options, const replica_options& machine)
    : options_{std::move(options)}, replica_{following(options_, machine)} {
  if (auto newest = options_.log->newest_holder())
    holder_ = *newest;
  named_logger("cluster")->info("machine_ready applied={}", replica_.applied().index);
  tell_grants();
  follow();
}

replicated::~replicated() {
  *alive_ = false;
  feed_.reset();
  leader_.reset();
  for (const waiting& each : waiting_)
    each.respond(fail(errc::unavailable, "the machine of this node is restarting"));
  for (const auto& [number, each] : forwarded_)
    each.respond(fail(errc::outcome_unknown, "the machine of this node is restarting"));
}

// Following --------------------------------------------------------------------------------------

void replicated::follow() {
  const std::uint64_t number = ++feeds_;
  feed_ = options_.log->follow(
      replica_.applied(), [this, alive = alive_, post = options_.post, number](result<entry> next) {
        post([this, alive, number, next = std::move(next)] {
          if (*alive)
            on_entry(number, next);
        });
      });
}

void replicated::on_entry(std::uint64_t feed, const result<entry>& next) {
  if (feed != feeds_ || leader_ != nullptr)
    return;
  if (!next)
    give_up(next.error());
  if (auto applied = replica_.apply(*next); !applied)
    give_up(applied.error());
  tell_grants();
}

/// While it leads, what is applied may not be durable yet: it is told later then.
void replicated::tell_grants() {
  const std::uint64_t durable = leader_ != nullptr ? leader_->durable() : replica_.applied().index;
  std::uint64_t newest = granted_;
  for (const auto& [group, made] : replica_.grants()) {
    if (made.epoch <= granted_ || made.epoch > durable)
      continue;
    newest = std::max(newest, made.epoch);
    if (options_.on_grant)
      options_.on_grant(group, made);
  }
  granted_ = newest;
}

void replicated::on_holder(const shared_log::holder& newest) {
  if (newest.granted < holder_.granted || newest == holder_)
    return;
  const bool has_moved = newest.node != holder_.node;
  holder_ = newest;
  if (leader_ != nullptr && newest.granted > replica_.writer())
    step_down();
  if (has_moved)
    forget_forwarded();
  route_all_waiting();
}

/// Whoever was asked writes no more: what it did not answer by now is in the log or will never be.
void replicated::forget_forwarded() {
  for (const auto& [number, each] : std::exchange(forwarded_, {}))
    each.respond(fail(errc::outcome_unknown, "another node writes the log now"));
}

// Leading ----------------------------------------------------------------------------------------

void replicated::on_turn(epoch seen) {
  if (draining_ || (leader_ != nullptr && replica_.writer() >= seen))
    return;
  if (leader_ != nullptr)
    step_down();
  lead_after(seen);
}

void replicated::lead_after(epoch seen) {
  const time_point begun = options_.now();
  feed_.reset();
  ++feeds_; // What it has posted comes again from the log.
  const auto taken = options_.log->take_epoch_after(seen);
  if (!taken) {
    if (is_damage(taken.error()))
      give_up(taken.error());
    return follow(); // Somebody else was quicker, or nobody can say: it will be seen.
  }
  if (auto led = replica_.lead(*taken); !led) {
    if (led.error().code == errc::epoch_lost)
      return follow();
    give_up(led.error());
  }
  holder_ = {.granted = *taken, .node = options_.node};
  named_logger("cluster")->info("log_taken epoch={} newest={} took_ms={}", taken->value,
                                replica_.applied().index, (options_.now() - begun) / 1ms);
  leader_ = std::make_unique<leader>(
      replica_, options_.log, options_.post,
      [this](const error& why, bool is_ahead) { on_leader_failed(why, is_ahead); });
  tell_grants();
  forget_forwarded();
  route_all_waiting();
}

/// Called by the leader, which is still needed.
void replicated::on_leader_failed(const error& why, bool is_ahead) {
  const bool is_guess = is_ahead && !planted::is_on(planted::bug::ahead_of_log_goes_on);
  if (is_guess || is_damage(why))
    give_up(why); // The machine may know what the log does not.
  options_.post([this, alive = alive_, led = replica_.writer()] {
    if (*alive && replica_.writer() == led)
      step_down();
  });
}

/// The machine has applied what the log has: it can go on from there. What is under way fails.
void replicated::step_down() {
  if (leader_ == nullptr)
    return;
  if (leader_->has_entries_under_way())
    throw std::runtime_error("the epoch was lost with entries under way");
  leader_.reset();
  follow();
}

void replicated::drain(std::function<void()> done) {
  draining_ = true;
  drained_ = std::move(done);
  finish_drain();
}

void replicated::finish_drain() {
  if (!drained_ || (leader_ != nullptr && !leader_->is_idle()))
    return;
  if (leader_ != nullptr)
    step_down();
  std::exchange(drained_, nullptr)();
}

void replicated::flush() {
  if (leader_ != nullptr)
    leader_->flush();
}

// Asking -----------------------------------------------------------------------------------------

void replicated::ask(std::string type, std::string body, respond_with<std::string> respond) {
  route({.type = std::move(type),
         .body = std::move(body),
         .respond = std::move(respond),
         .until = options_.now() + writer_patience});
}

void replicated::route(waiting what) {
  if (leader_ != nullptr && !draining_)
    return serve(what.type, what.body, std::move(what.respond));
  if (holder_.node.empty() || holder_.node == options_.node)
    return waiting_.push_back(std::move(what));
  forward(std::move(what));
}

void replicated::forward(waiting what) {
  const std::uint64_t number = ++forwards_;
  outgoing_ask ask{.to = options_.path, .type = what.type, .body = what.body};
  forwarded_.emplace(number, std::move(what));
  options_.ask(holder_.node, std::move(ask), options_.now() + answer_timeout,
               [this, number, alive = alive_, post = options_.post](result<std::string> answer) {
                 post([this, number, alive, answer = std::move(answer)] {
                   if (*alive)
                     on_forwarded(number, answer);
                 });
               });
}

/// Nothing was done: it may be asked again, when something has changed.
void replicated::on_forwarded(std::uint64_t number, result<std::string> answer) {
  if (planted::is_on(planted::bug::answers_taken_in_order) && !forwarded_.empty())
    number = forwarded_.begin()->first;
  auto found = forwarded_.extract(number);
  if (found.empty())
    return; // It was answered when another node began to write.
  waiting what = std::move(found.mapped());
  if (!answer && answer.error().code == errc::unavailable && options_.now() < what.until)
    waiting_.push_back(std::move(what));
  else
    what.respond(std::move(answer));
}

void replicated::route_all_waiting() {
  for (waiting& each : std::exchange(waiting_, {}))
    route(std::move(each));
  flush();
}

void replicated::on_tick() {
  std::deque<waiting> late;
  for (waiting& each : std::exchange(waiting_, {}))
    (options_.now() < each.until ? waiting_ : late).push_back(std::move(each));
  for (const waiting& each : late)
    each.respond(fail(errc::unavailable, "nobody writes the log now"));
  if (draining_)
    finish_drain();
  route_all_waiting();
}

void replicated::serve(const std::string& type, const std::string& body,
                       respond_with<std::string> respond) {
  if (leader_ == nullptr || draining_)
    return respond(fail(errc::unavailable, "node " + options_.node + " does not write the log"));
  const auto refuse = [respond](const error& why) { respond(tl::unexpected(why)); };
  if (type == commit_type)
    return with_decoded<commit>(body, respond, [&](commit what) {
      if (what.command.size() > command_bytes_max)
        return refuse({errc::invalid_argument, "the command is too large"});
      leader_->commit(std::move(what), encoded<committed>(respond));
    });
  if (type == grant_type)
    return with_decoded<take_grant>(body, respond, [&](take_grant what) {
      if (const auto good = check_grant(what); !good)
        return refuse(good.error());
      leader_->take(std::move(what), [this, respond](const result<grant>& done) {
        if (done)
          tell_grants();
        encoded<grant>(respond)(done);
      });
    });
  if (type == query_type)
    return with_decoded<query>(body, respond, [&](const query& what) {
      leader_->when_confirmed(
          [respond, found = answer{replica_.query(what.question)}] { respond(encode(found)); },
          refuse);
    });
  if (type == locate_type)
    return with_decoded<locate>(body, respond, [&](const locate& what) {
      const auto found =
          what.index == 0 ? result<receipt>{replica_.applied()} : replica_.receipt_at(what.index);
      if (!found)
        return refuse(found.error());
      leader_->when_confirmed(
          [respond, at = log_position{*found, replica_.writer()}] { respond(encode(at)); }, refuse);
    });
  respond(fail(errc::invalid_argument, "a durable actor does not know " + type));
}

} // namespace ducat::cluster
