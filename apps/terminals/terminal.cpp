#include "terminal.hpp"

#include "field_text.hpp"

#include <ducat/check.hpp>
#include <ducat/iso8583/elements.hpp>
#include <ducat/iso8583/mti.hpp>

#include <utility>

namespace ducat::terminals {

namespace {

using iso8583::message;

constexpr std::uint32_t stan_max = 999'999;

std::string text_of(const message& from, int field) {
  return std::string{from.find(field).value_or("")};
}

bool answers(const message& answer, const message& request) {
  return answer.mti() == iso8583::response_to(request.mti()) &&
         answer.find(11) == request.find(11) && answer.find(7) == request.find(7);
}

} // namespace

std::string_view to_string(outcome what) noexcept {
  switch (what) {
  case outcome::approved:
    return "approved";
  case outcome::declined:
    return "declined";
  case outcome::reversed:
    return "reversed";
  case outcome::in_doubt:
    return "in_doubt";
  }
  return "";
}

terminal::terminal(const terminal_options& options)
    : options_{options}, id_{"T" + digits(options.number, 7)}, next_stan_{options.first_stan} {}

message terminal::begin(std::string mti, moment now) {
  const auto [date, time] = utc(now.unix_s);
  message made{std::move(mti)};
  made.set(7, date + time);
  made.set(11, digits(next_stan_, 6));
  made.set(41, id_);
  next_stan_ = next_stan_ == stan_max ? 1 : next_stan_ + 1;
  return made;
}

message terminal::pay(const payment_values& values, moment now) {
  DUCAT_CHECK(is_idle());
  message made = begin("0200", now);
  const auto [date, time] = utc(now.unix_s);
  made.set(2, values.pan);
  made.set(3, "000000");
  made.set(4, iso8583::amount_text(values.amount_minor).value());
  made.set(12, time);
  made.set(13, date);
  made.set(22, "051"); // Chip, with a PIN pad.
  made.set(25, "00");
  made.set(37, digits(options_.number, 6) + text_of(made, 11));
  made.set(42, "DUCAT TERMINALS");
  made.set(49, options_.currency);
  began_ = now.steady;
  deadline_ = now.steady + options_.answer_time_max;
  payment_ = made;
  return made;
}

message terminal::expire(moment now) {
  DUCAT_CHECK(payment_.has_value());
  deadline_ = now.steady + options_.repeat_after;
  ++reversals_sent_;
  if (reversal_) { // The same message, said to be a repeat.
    reversal_->set_mti("0421");
    return *reversal_;
  }
  message made = begin("0420", now);
  for (const int field : {2, 3, 4, 12, 13, 22, 25, 37, 42, 49})
    made.set(field, text_of(*payment_, field));
  made.set(90, to_text(iso8583::original_data_of(*payment_).value()).value());
  reversal_ = made;
  return made;
}

void terminal::postpone(moment now) {
  DUCAT_CHECK(payment_.has_value());
  deadline_ = now.steady + options_.repeat_after;
}

terminal::taken terminal::take(const message& answer, moment now) {
  if (payment_ && answers(answer, *payment_))
    return take_payment_answer(answer, now);
  if (reversal_ && answers(answer, *reversal_))
    return take_reversal_answer(answer, now);
  return {.is_stray = true};
}

bool terminal::has_the_amount(const message& answer) const {
  return answer.find(4) == payment_->find(4) && answer.find(49) == payment_->find(49);
}

terminal::taken terminal::take_payment_answer(const message& answer, moment now) {
  const bool is_approval = answer.find(39) == "00";
  if (reversal_) { // Whatever it says, it comes too late.
    was_late_ = was_late_ || is_approval;
    return {};
  }
  if (is_approval && !has_the_amount(answer))
    return {.reply = expire(now)};
  finish(is_approval ? outcome::approved : outcome::declined, &answer, now);
  return {};
}

terminal::taken terminal::take_reversal_answer(const message& answer, moment now) {
  if (answer.find(39) == "00") // Otherwise it is repeated.
    finish(outcome::reversed, &answer, now);
  return {};
}

void terminal::finish(outcome how, const message* answer, moment now) {
  finished_ = {.terminal = id_,
               .stan = text_of(*payment_, 11),
               .transmitted_at = text_of(*payment_, 7),
               .rrn = text_of(*payment_, 37),
               .amount_minor = iso8583::parse_amount(text_of(*payment_, 4)).value(),
               .currency = text_of(*payment_, 49),
               .result = how,
               .code = answer == nullptr ? "" : text_of(*answer, 39),
               .approval_code = answer == nullptr ? "" : text_of(*answer, 38),
               .took = now.steady - began_,
               .reversals_sent = std::exchange(reversals_sent_, 0),
               .was_late = std::exchange(was_late_, false)};
  payment_.reset();
  reversal_.reset();
  deadline_.reset();
}

void terminal::give_up(moment now) {
  if (payment_)
    finish(outcome::in_doubt, nullptr, now);
}

std::optional<finished_payment> terminal::take_finished() {
  return std::exchange(finished_, std::nullopt);
}

} // namespace ducat::terminals
