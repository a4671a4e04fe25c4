#include <ducat/digest.hpp>
#include <ducat/payment/attempt.hpp>

#include <cstdio>
#include <ostream>

namespace ducat::payment {

std::string_view to_string(attempt_state value) noexcept {
  switch (value) {
    using enum attempt_state;
  case sent:
    return "sent";
  case approved:
    return "approved";
  case partially_approved:
    return "partially_approved";
  case declined:
    return "declined";
  case not_sent:
    return "not_sent";
  case reversing:
    return "reversing";
  case reversed:
    return "reversed";
  case exception:
    return "exception";
  }
  return "unknown";
}

std::string_view to_string(attempt_event value) noexcept {
  switch (value) {
    using enum attempt_event;
  case approved:
    return "approved";
  case partially_approved:
    return "partially_approved";
  case declined:
    return "declined";
  case not_sent:
    return "not_sent";
  case in_doubt:
    return "in_doubt";
  case conflicted:
    return "conflicted";
  case reversal_accepted:
    return "reversal_accepted";
  case reversal_exhausted:
    return "reversal_exhausted";
  case cancelled:
    return "cancelled";
  case late_approval:
    return "late_approval";
  case decided_taken_back:
    return "decided_taken_back";
  case decided_was_paid:
    return "decided_was_paid";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, attempt_state value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, attempt_event value) {
  return out << to_string(value);
}

namespace {

std::optional<attempt_state> after_sent(attempt_event what) noexcept {
  switch (what) {
    using enum attempt_event;
  case approved:
    return attempt_state::approved;
  case partially_approved:
    return attempt_state::partially_approved;
  case declined:
    return attempt_state::declined;
  case not_sent:
    return attempt_state::not_sent;
  case in_doubt:
  case conflicted:
  case late_approval: // Whoever asked was told that nobody knows.
    return attempt_state::reversing;
  case reversal_accepted:
  case reversal_exhausted:
  case cancelled:
  case decided_taken_back:
  case decided_was_paid:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<attempt_state> after_exception(attempt_event what) noexcept {
  switch (what) {
    using enum attempt_event;
  case reversal_accepted:
  case decided_taken_back:
    return attempt_state::reversed;
  case decided_was_paid:
    return attempt_state::approved;
  default:
    return std::nullopt;
  }
}

} // namespace

std::optional<attempt_state> state_after(attempt_state now, attempt_event what) noexcept {
  switch (now) {
    using enum attempt_state;
  case sent:
    return after_sent(what);
  case approved:
  case partially_approved:
    return what == attempt_event::cancelled ? std::optional{reversing} : std::nullopt;
  case reversing:
    if (what == attempt_event::reversal_exhausted)
      return exception;
    return what == attempt_event::reversal_accepted ? std::optional{reversed} : std::nullopt;
  case reversed:
    return what == attempt_event::late_approval ? std::optional{reversing} : std::nullopt;
  case exception:
    return after_exception(what);
  case declined:
  case not_sent:
    return std::nullopt;
  }
  return std::nullopt;
}

bool allows_another(attempt_state now) noexcept {
  return now == attempt_state::declined || now == attempt_state::not_sent ||
         now == attempt_state::reversed;
}

bool is_late_approval(attempt_state now, attempt_event what) noexcept {
  const bool is_approval =
      what == attempt_event::approved || what == attempt_event::partially_approved ||
      what == attempt_event::conflicted || what == attempt_event::late_approval;
  return is_approval && (now == attempt_state::reversing || now == attempt_state::reversed ||
                         now == attempt_state::exception);
}

bool is_late_reversal(const attempt_record& attempt, attempt_event what) noexcept {
  return what == attempt_event::reversal_accepted && attempt.now == attempt_state::approved &&
         attempt.in_doubt_at != log_time{};
}

std::uint32_t stan_of(std::uint64_t number) noexcept {
  constexpr std::uint32_t stan_max = 899'999;
  return static_cast<std::uint32_t>((number - 1) % stan_max + 1);
}

std::string rrn_of(const attempt_record& attempt) {
  constexpr std::uint64_t numbers = 1'000'000'000'000;
  char text[16];
  std::snprintf(text, sizeof text, "%012llu",
                static_cast<unsigned long long>(attempt.number % numbers));
  return text;
}

std::string attempt_id_of(std::string_view payment_id, std::size_t number) {
  constexpr std::size_t digits = 32;
  const std::string_view nul{"\0", 1};
  return "att_" + to_hex(sha256({"attempt", nul, payment_id, nul, std::to_string(number)}))
                      .substr(0, digits);
}

} // namespace ducat::payment
