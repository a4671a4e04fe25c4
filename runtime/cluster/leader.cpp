#include "cluster/leader.hpp"

#include <ducat/planted.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ducat::cluster {

namespace {

/// A machine may keep its state only while nothing is under way. After that many entries it is made
/// so.
constexpr std::size_t unsettled_max = 64;

} // namespace

leader::leader(replica& state, std::shared_ptr<shared_log> log, poster post, leader_failed failed)
    : replica_{state}, log_{std::move(log)}, post_{std::move(post)}, failed_{std::move(failed)},
      durable_{state.applied().index} {}

leader::~leader() {
  *alive_ = false;
  refuse_all();
}

void leader::commit(ducat::commit what, respond_with<committed> respond) {
  commands_.push_back({std::move(what), std::move(respond)});
}

void leader::take(take_grant what, respond_with<ducat::grant> respond) {
  grants_.push_back({std::move(what), std::move(respond)});
}

void leader::when_confirmed(std::function<void()> answer,
                            std::function<void(const error&)> refuse) {
  const bool is_believed = planted::is_on(planted::bug::read_not_confirmed);
  readers_.push_back({.needs = replica_.applied().index,
                      .ticket = is_believed ? confirmed_ : tickets_,
                      .answer = std::move(answer),
                      .refuse = std::move(refuse)});
  if (is_believed)
    answer_readers();
}

void leader::flush() {
  while (!grants_.empty() && has_room() && *alive_)
    begin_grant();
  while (!commands_.empty() && has_room() && *alive_ &&
         is_worth_an_entry(next_group(), commands_under_way()))
    begin_group();
  confirm_readers();
}

bool leader::is_idle() const noexcept {
  return commands_.empty() && grants_.empty() && groups_.empty() && readers_.empty();
}

bool leader::has_room() const {
  return groups_.size() < in_flight_max && (unsettled_ < unsettled_max || groups_.empty());
}

load leader::next_group() const {
  load next;
  for (; next.commands < commands_.size() && next.bytes < group_bytes_max; ++next.commands)
    next.bytes += commands_[next.commands].what.command.size();
  return next;
}

std::size_t leader::commands_under_way() const {
  std::size_t commands = 0;
  for (const group& each : groups_)
    commands += each.responds.size();
  return commands;
}

/// Returns what the log is to call: it comes back here, unless this is gone by then.
log_callback leader::told(std::function<void(const result<void>&)> what) {
  return [post = post_, alive = alive_, what = std::move(what)](const result<void>& done) {
    post([alive, what, done] {
      if (*alive)
        what(done);
    });
  };
}

void leader::begin_group() {
  std::size_t left = next_group().commands;
  std::vector<ducat::commit> commands;
  group& made = groups_.emplace_back(); // At once: it is answered, too, if the machine throws.
  for (; left > 0; --left) {
    commands.push_back(std::move(commands_.front().what));
    made.responds.push_back(std::move(commands_.front().respond));
    commands_.pop_front();
  }
  const std::uint64_t index = replica_.applied().index + 1;
  auto begun = replica_.begin(*log_, commands,
                              told([this, index](const auto& done) { on_durable(index, done); }));
  if (!begun)
    return fail(begun.error());
  made.answers = std::move(begun->answers);
  made.index = begun->index;
  if (made.index != 0) {
    ++unsettled_;
    if (planted::is_on(planted::bug::acknowledge_before_commit))
      acknowledge(made);
    return;
  }
  auto all = std::make_shared<group>(std::move(made)); // It needs no entry.
  groups_.pop_back();
  when_confirmed(
      [all] {
        for (std::size_t i = 0; i < all->responds.size(); ++i)
          all->responds[i](std::move(all->answers[i]));
      },
      [all](const error& why) {
        for (const auto& respond : all->responds)
          respond(tl::unexpected(why));
      });
}

void leader::begin_grant() {
  const grant_wanted wanted = std::move(grants_.front());
  grants_.pop_front();
  group& made = groups_.emplace_back();
  made.granted = [respond = wanted.respond](const result<void>& done) {
    respond(tl::unexpected(done.error()));
  };
  const std::uint64_t index = replica_.applied().index + 1;
  const auto begun = replica_.begin_grant(
      *log_, wanted.what, told([this, index](const auto& done) { on_durable(index, done); }));
  if (!begun)
    return fail(begun.error());
  const auto answer = [respond = wanted.respond, newest = replica_.grant_of(wanted.what.group)](
                          const result<void>& done) { respond(done.map([&] { return newest; })); };
  made.granted = answer;
  made.index = *begun;
  if (made.index != 0) {
    ++unsettled_;
    return;
  }
  groups_.pop_back();
  when_confirmed([answer] { answer({}); },
                 [answer](const error& why) { answer(tl::unexpected(why)); });
}

void leader::confirm_readers() {
  if (is_confirming_ || readers_.empty() || readers_.back().ticket < tickets_)
    return;
  is_confirming_ = true;
  const std::uint64_t ticket = tickets_++;
  log_->confirm(replica_.writer(),
                told([this, ticket](const auto& done) { on_confirmed(ticket, done); }));
}

/// Gives the answers of a group, once.
void leader::acknowledge(group& what) {
  const auto responds = std::exchange(what.responds, {});
  for (std::size_t i = 0; i < responds.size(); ++i)
    responds[i](std::move(what.answers[i]));
}

void leader::on_durable(std::uint64_t index, const result<void>& done) {
  if (!done)
    return fail(done.error());
  group front = std::move(groups_.front());
  groups_.pop_front();
  durable_ = index;
  acknowledge(front);
  if (front.granted)
    front.granted({});
  answer_readers();
  settle_if_idle();
  flush();
}

void leader::on_confirmed(std::uint64_t ticket, const result<void>& done) {
  is_confirming_ = false;
  const bool is_lost = !done && done.error().code == errc::epoch_lost;
  if (is_lost && !planted::is_on(planted::bug::lost_epoch_ignored))
    return fail(done.error());
  if (done || is_lost) {
    confirmed_ = ticket;
    answer_readers();
  } else {
    refuse_readers(ticket, {errc::unavailable, done.error().message});
  }
  confirm_readers();
}

/// Nobody could say: whoever waited for that confirmation, and not for an entry only, is told so.
void leader::refuse_readers(std::uint64_t ticket, const error& why) {
  const auto begin = std::ranges::upper_bound(readers_, confirmed_, {}, &reader::ticket);
  const auto end = std::ranges::upper_bound(readers_, ticket, {}, &reader::ticket);
  std::vector<reader> refused{std::move_iterator(begin), std::move_iterator(end)};
  readers_.erase(begin, end);
  for (const reader& each : refused)
    each.refuse(why);
}

/// An entry that is durable and was begun after a question confirms it too.
void leader::answer_readers() {
  while (!readers_.empty()) {
    const reader& first = readers_.front();
    const bool is_durable =
        durable_ >= first.needs || planted::is_on(planted::bug::read_of_uncommitted);
    if (!is_durable || (durable_ <= first.needs && confirmed_ < first.ticket))
      return;
    const auto answer = std::move(readers_.front().answer);
    readers_.pop_front();
    answer();
  }
}

void leader::settle_if_idle() {
  if (!groups_.empty() || unsettled_ == 0)
    return;
  unsettled_ = 0;
  if (auto done = replica_.settle(); !done)
    fail(done.error());
}

void leader::fail(const error& why) {
  if (!std::exchange(*alive_, false))
    return;
  const bool is_ahead = !groups_.empty();
  refuse_all();
  failed_(why, is_ahead);
}

void leader::refuse_all() {
  const error unknown{errc::outcome_unknown, "the log's writer went down with the command"};
  const error nothing{errc::unavailable, "the log's writer is no writer any more"};
  for (group& each : std::exchange(groups_, {})) {
    if (planted::is_on(planted::bug::acknowledge_refused) && each.index != 0)
      acknowledge(each);
    for (const auto& respond : each.responds)
      respond(tl::unexpected(unknown));
    if (each.granted)
      each.granted(tl::unexpected(unknown));
  }
  for (proposal& each : std::exchange(commands_, {}))
    each.respond(tl::unexpected(nothing));
  for (grant_wanted& each : std::exchange(grants_, {}))
    each.respond(tl::unexpected(nothing));
  for (reader& each : std::exchange(readers_, {}))
    each.refuse(nothing);
}

} // namespace ducat::cluster
