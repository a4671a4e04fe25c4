#include "fleet.hpp"

#include "field_text.hpp"

#include <algorithm>
#include <array>

namespace ducat::terminals {

namespace {

using iso8583::message;

/// Numbers that card schemes publish for tests.
constexpr std::array test_cards{"4111111111111111", "4012888888881881", "5555555555554444",
                                "378282246310005", "6011111111111117"};

void count(const finished_payment& what, fleet_stats& into) {
  const bool is_timed_out = what.reversals_sent > 0 || what.result == outcome::in_doubt;
  into.timed_out += is_timed_out ? 1 : 0;
  into.repeats += what.reversals_sent > 1 ? what.reversals_sent - 1 : 0;
  into.late_answers += what.was_late ? 1 : 0;
  switch (what.result) {
  case outcome::approved:
    ++into.approved;
    return;
  case outcome::declined:
    ++into.declined;
    return;
  case outcome::reversed:
    ++into.reversed;
    return;
  case outcome::in_doubt:
    ++into.in_doubt;
    return;
  }
}

} // namespace

fleet::fleet(const fleet_options& options)
    : options_{options}, links_(options.connections == 0 ? options.terminals : options.connections),
      deadlines_(options.terminals), random_{options.seed} {
  for (std::uint32_t i = 0; i < options.terminals; ++i) {
    terminal_options each = options.each;
    each.number = options.first_terminal + i;
    by_id_.emplace(terminals_.emplace_back(each).id(), i);
  }
}

std::vector<outgoing> fleet::opened(std::size_t connection, moment now) {
  links_.at(connection).heard_at = now.steady;
  return {sign_on(connection, now)};
}

outgoing fleet::sign_on(std::size_t connection, moment now) {
  schedule_sign_on(connection, now.steady + options_.each.repeat_after);
  const auto [date, time] = utc(now.unix_s);
  message request{"0800"};
  request.set(7, date + time);
  request.set(11, digits(++sign_ons_ % 1'000'000, 6));
  request.set(70, "001");
  return {connection, std::move(request)};
}

void fleet::schedule_sign_on(std::size_t connection, std::optional<time_point> at) {
  auto& known = links_.at(connection).sign_on_again;
  if (known)
    sign_ons_due_.erase({*known, connection});
  known = at;
  if (known)
    sign_ons_due_.insert({*known, connection});
}

void fleet::closed(std::size_t connection) {
  schedule_sign_on(connection, std::nullopt);
  links_[connection].is_signed_on = false;
  std::erase_if(idle_, [&](std::size_t each) { return link_of(each) == connection; });
}

std::vector<outgoing> fleet::take(std::size_t connection, const message& answer, moment now) {
  links_.at(connection).heard_at = now.steady;
  if (answer.mti() == "0810")
    return take_sign_on(connection, answer, now);
  const auto found = by_id_.find(std::string{answer.find(41).value_or("")});
  if (found == by_id_.end()) {
    ++stats_.stray_answers;
    return {};
  }
  terminal& to = terminals_[found->second];
  auto taken = to.take(answer, now);
  stats_.stray_answers += taken.is_stray ? 1 : 0;
  settle(found->second);
  if (!taken.reply)
    return {};
  return {{link_of(found->second), std::move(*taken.reply)}};
}

std::vector<outgoing> fleet::take_sign_on(std::size_t connection, const message& answer,
                                          moment now) {
  link& of = links_.at(connection);
  std::vector<outgoing> out;
  if (answer.find(39) != "00" || !of.sign_on_again)
    return out;
  schedule_sign_on(connection, std::nullopt);
  of.is_signed_on = true;
  signed_on_once_ += of.was_signed_on ? 0 : 1;
  of.was_signed_on = true;
  if (!begins_ && signed_on_once_ == links_.size())
    begins_ = now.steady;
  for (std::size_t i = connection; i < terminals_.size(); i += links_.size())
    if (terminals_[i].is_idle())
      idle_.push_back(i);
    else
      expire(i, now, out);
  return out;
}

std::vector<outgoing> fleet::advance(moment now) {
  std::vector<outgoing> out;
  while (!sign_ons_due_.empty() && sign_ons_due_.begin()->first <= now.steady) {
    const std::size_t connection = sign_ons_due_.begin()->second;
    out.push_back(sign_on(connection, now));
    suspect_if_silent(connection, now);
  }
  while (!due_.empty() && due_.begin()->first <= now.steady) {
    const std::size_t terminal = due_.begin()->second;
    expire(terminal, now, out);
    suspect_if_silent(link_of(terminal), now);
  }
  start_payments(now, out);
  return out;
}

/// As long as a payment and three repeats of its reversal take.
void fleet::suspect_if_silent(std::size_t connection, moment now) {
  const duration silence_max = options_.each.answer_time_max + 3 * options_.each.repeat_after;
  link& of = links_[connection];
  if (now.steady - of.heard_at < silence_max)
    return;
  of.heard_at = now.steady; // So that it is said once.
  suspects_.push_back(connection);
}

void fleet::expire(std::size_t terminal, moment now, std::vector<outgoing>& out) {
  if (links_[link_of(terminal)].is_signed_on)
    out.push_back({link_of(terminal), terminals_[terminal].expire(now)});
  else
    terminals_[terminal].postpone(now);
  settle(terminal);
}

/// The one that has been idle for longest pays next.
void fleet::start_payments(moment now, std::vector<outgoing>& out) {
  while (begins_ && !has_sent_all() && !idle_.empty() && due_at(stats_.sent) <= now.steady) {
    const std::size_t chosen = idle_.front();
    idle_.pop_front();
    out.push_back({link_of(chosen), terminals_[chosen].pay(next_values(), now)});
    ++stats_.sent;
    ++open_;
    settle(chosen);
  }
}

time_point fleet::due_at(std::uint64_t payment) const {
  const auto after = std::chrono::nanoseconds{payment * 1'000'000'000 / options_.per_second};
  return *begins_ + std::chrono::duration_cast<duration>(after);
}

/// Two draws: small amounts are more frequent.
payment_values fleet::next_values() {
  const auto range = static_cast<std::uint64_t>(options_.amount_max - options_.amount_min) + 1;
  const std::uint64_t more = random_.below(random_.below(range) + 1);
  return {.amount_minor = options_.amount_min + static_cast<std::int64_t>(more),
          .pan = test_cards.at(random_.below(test_cards.size()))};
}

/// Brings the fleet's lists up to date with a terminal.
void fleet::settle(std::size_t terminal) {
  auto& known = deadlines_[terminal];
  if (known)
    due_.erase({*known, terminal});
  known = terminals_[terminal].deadline();
  if (known)
    due_.insert({*known, terminal});
  if (auto finished = terminals_[terminal].take_finished()) {
    count(*finished, stats_);
    finished_.push_back(std::move(*finished));
    --open_;
    if (links_[link_of(terminal)].is_signed_on)
      idle_.push_back(terminal);
  }
}

std::optional<time_point> fleet::next_wake() const {
  std::optional<time_point> earliest;
  const auto consider = [&](time_point at) { earliest = earliest ? std::min(*earliest, at) : at; };
  if (!sign_ons_due_.empty())
    consider(sign_ons_due_.begin()->first);
  if (!due_.empty())
    consider(due_.begin()->first);
  if (begins_ && !has_sent_all() && !idle_.empty())
    consider(due_at(stats_.sent));
  return earliest;
}

void fleet::give_up(moment now) {
  for (std::size_t i = 0; i < terminals_.size(); ++i) {
    terminals_[i].give_up(now);
    settle(i);
  }
}

} // namespace ducat::terminals
