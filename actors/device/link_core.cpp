#include "device/link_core.hpp"

#include "device/backoff.hpp"
#include "device/network_message.hpp"

namespace ducat::device {

namespace {

std::uint32_t any_of(const stan_range& range, std::mt19937_64& chance) {
  return range.first + static_cast<std::uint32_t>(chance() % (range.last - range.first + 1));
}

} // namespace

link_core::link_core(link_options options, std::uint64_t seed)
    : options_{std::move(options)}, chance_{seed},
      next_stan_{any_of(options_.network_stans, chance_)}, grey_{options_.grey},
      waiting_{options_.match},
      unknown_{options_.match, {.kept = options_.unknown_kept, .count_max = options_.kept_max}},
      answered_{options_.match, {.kept = options_.answered_kept, .count_max = options_.kept_max}} {}

void link_core::resume(time_point now) {
  if (std::exchange(is_wanted_, true))
    return;
  if (!is_open_)
    return begin_connecting(now);
  if (own_ && own_->about == talk::sign_off)
    return; // It cannot be taken back; the link comes back after it.
  enter(is_mute_ || trial_at_ ? link_state::suspect : link_state::signed_on, "resumed");
}

void link_core::drain(time_point now) {
  if (!std::exchange(is_wanted_, false))
    return;
  connect_at_.reset();
  if (is_up()) {
    enter(link_state::draining, "asked for");
    own_.reset(); // An echo, at most.
    return sign_off_if_idle(now);
  }
  if (is_open_ && state_ != link_state::draining)
    return give_up_connection("drained", unknown_reason::disconnected, now);
  if (!is_open_)
    enter(link_state::down, "drained");
}

void link_core::connected(connection_number connection, time_point now) {
  if (!is_current(connection) || !connect_expires_)
    return;
  connect_expires_.reset();
  garbled_here_ = 0;
  enter(link_state::connected, "connected");
  say(talk::sign_on, now);
}

void link_core::disconnected(connection_number connection, const std::string& why, time_point now) {
  if (is_current(connection))
    lose(why, unknown_reason::disconnected, now);
}

void link_core::garbled(connection_number connection, const std::string& why, bool is_stream_lost,
                        time_point now) {
  if (!is_current(connection) || connect_expires_)
    return;
  ++counts_.garbled;
  if (is_stream_lost || ++garbled_here_ >= options_.garbled_max)
    return give_up_connection("unreadable: " + why, unknown_reason::garbled, now);
  // With one request under way it was its answer, or might have been.
  if (under_way_.size() == 1)
    request_unknown(under_way_.begin()->first, unknown_reason::garbled, why, now);
  sign_off_if_idle(now);
}

void link_core::tick(time_point now) {
  if (connect_expires_ && now >= *connect_expires_)
    give_up_connection("no connection in time", unknown_reason::disconnected, now);
  if (connect_at_ && now >= *connect_at_)
    begin_connecting(now);
  expire_requests(now);
  if (own_ && now >= own_->expires)
    own_timeout(now);
  if (trial_at_ && now >= *trial_at_) {
    is_on_trial_ = true;
    trust_requests("the pause is over: one request at a time");
  }
  if (const auto why = grey_.suspicion(now); why && is_up() && !trial_at_)
    suspect_requests(*why, now);
  if (is_up() && !own_ && now - heard_at_ >= options_.echo_every)
    say(talk::echo, now);
  unknown_.forget_old(now);
  answered_.forget_old(now);
}

std::optional<time_point> link_core::wake_at() const {
  std::optional<time_point> soonest;
  const auto consider = [&](const std::optional<time_point>& at) {
    if (at && (!soonest || *at < *soonest))
      soonest = at;
  };
  consider(connect_expires_);
  consider(connect_at_);
  consider(trial_at_);
  if (own_)
    consider(own_->expires);
  if (!expiry_.empty())
    consider(expiry_.begin()->first);
  if (is_up() && !own_)
    consider(heard_at_ + options_.echo_every);
  if (is_up() && !trial_at_)
    consider(grey_.look_again_at());
  return soonest;
}

void link_core::begin_connecting(time_point now) {
  connect_at_.reset();
  is_open_ = true;
  connect_expires_ = now + options_.connect_timeout;
  if (state_ == link_state::down)
    why_ = "connecting";
  actions_.emplace_back(connect{++connection_});
}

/// The connection is no more.
void link_core::lose(const std::string& why, unknown_reason fate, time_point now) {
  is_open_ = false;
  connect_expires_.reset();
  own_.reset();
  signed_on_since_.reset();
  trial_at_.reset();
  is_mute_ = is_on_trial_ = false;
  echoes_missed_ = 0;
  grey_.reset();
  const bool was_draining = state_ == link_state::draining;
  enter(was_draining || !is_wanted_ ? link_state::down : link_state::failed, why);
  all_unknown(fate, why, now);
  if (!is_wanted_)
    return;
  if (was_draining)
    return begin_connecting(now);
  connect_at_ = now + wait_after(options_.backoff, tries_failed_++, chance_());
}

void link_core::give_up_connection(const std::string& why, unknown_reason fate, time_point now) {
  actions_.emplace_back(close{connection_});
  lose(why, fate, now);
}

void link_core::signed_on(time_point now) {
  tries_failed_ = 0;
  heard_at_ = now;
  signed_on_since_ = now;
  enter(link_state::signed_on, "the sign-on was accepted");
}

void link_core::sign_off_if_idle(time_point now) {
  if (state_ == link_state::draining && !own_ && under_way_.empty() && !is_wanted_)
    say(talk::sign_off, now);
}

void link_core::say(talk about, time_point now) {
  const bool is_on = about == talk::sign_on;
  const std::string_view code = is_on                     ? network_code::sign_on
                                : about == talk::sign_off ? network_code::sign_off
                                                          : network_code::echo;
  const duration patience = is_on                     ? options_.sign_on_timeout
                            : about == talk::sign_off ? options_.sign_off_timeout
                                                      : options_.echo_timeout;
  auto request = network_request(code, next_stan_, options_.network_fields);
  next_stan_ =
      next_stan_ == options_.network_stans.last ? options_.network_stans.first : next_stan_ + 1;
  own_ = own_request{about, std::string{request.find(11).value()}, now + patience};
  actions_.emplace_back(write{.connection = connection_, .what = std::move(request)});
}

void link_core::own_answer(const iso8583::message& answer, time_point now) {
  const talk about = std::exchange(own_, std::nullopt)->about;
  if (about == talk::sign_off)
    return give_up_connection("signed off", unknown_reason::disconnected, now);
  const bool is_good = is_accepted(answer);
  if (about == talk::echo)
    return is_good ? heard(now) : echo_missed(now);
  if (is_good)
    return signed_on(now);
  const auto code = answer.find(39);
  give_up_connection("the sign-on was refused: " + std::string{code.value_or("no code")},
                     unknown_reason::disconnected, now);
}

void link_core::own_timeout(time_point now) {
  const talk about = std::exchange(own_, std::nullopt)->about;
  if (about == talk::echo)
    return echo_missed(now);
  give_up_connection(about == talk::sign_on ? "the sign-on was not answered"
                                            : "the sign-off was not answered",
                     unknown_reason::disconnected, now);
}

void link_core::echo_missed(time_point now) {
  ++echoes_missed_;
  const std::string why = std::to_string(echoes_missed_) + " echoes missed";
  if (echoes_missed_ >= options_.echoes_missed_failed)
    return give_up_connection(why, unknown_reason::disconnected, now);
  is_mute_ = echoes_missed_ >= options_.echoes_missed_suspect;
  reconsider(why);
  say(talk::echo, now);
}

/// The host has answered something.
void link_core::heard(time_point now) {
  heard_at_ = now;
  echoes_missed_ = 0;
  if (std::exchange(is_mute_, false))
    reconsider("it answers again");
}

/// Is suspect if there is a reason to be, and signed on otherwise.
void link_core::reconsider(const std::string& why) {
  if (is_up())
    enter(is_mute_ || trial_at_ ? link_state::suspect : link_state::signed_on, why);
}

void link_core::suspect_requests(const std::string& why, time_point now) {
  suspected_at_ = now;
  trial_at_ = now + options_.grey.pause;
  grey_.reset();
  reconsider(why);
}

void link_core::trust_requests(const std::string& why) {
  trial_at_.reset();
  grey_.reset();
  reconsider(why);
}

void link_core::enter(link_state next, const std::string& why) {
  if (state_ == next)
    return;
  actions_.emplace_back(changed{.from = state_, .to = next, .why = why});
  state_ = next;
  why_ = why;
}

} // namespace ducat::device
