/// A payment terminal: one payment at a time, and none is left in doubt. Pure.
#pragma once

#include <ducat/iso8583/message.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::terminals {

/// Now, on both clocks.
struct moment {
  time_point steady;
  std::int64_t unix_s = 0; ///< Seconds since the Unix epoch, for fields 7, 12 and 13.
};

/// Names are in records, so they stay.
enum class outcome : std::uint8_t {
  approved,
  declined,
  reversed, ///< No good answer came in time; the reversal was accepted.
  in_doubt, ///< The run ended before the reversal was accepted.
};

std::string_view to_string(outcome what) noexcept;

struct finished_payment {
  std::string terminal{};       ///< Field 41
  std::string stan{};           ///< Field 11 of the payment
  std::string transmitted_at{}; ///< Field 7 of the payment
  std::string rrn{};            ///< Field 37
  std::int64_t amount_minor = 0;
  std::string currency{};
  outcome result = outcome::in_doubt;
  std::string code{};               ///< Field 39 of the answer that counted; empty: none.
  std::string approval_code{};      ///< Field 38 of it.
  duration took{};                  ///< From the payment's first byte to the answer that counted.
  std::uint32_t reversals_sent = 0; ///< With repeats.
  bool was_late = false;            ///< An approval came after the reversal was sent.

  friend bool operator==(const finished_payment&, const finished_payment&) = default;
};

struct terminal_options {
  std::uint32_t number = 1;     ///< Up to 999,999; names the terminal.
  std::uint32_t first_stan = 1; ///< 1 to 999,999.
  duration answer_time_max = std::chrono::seconds{5};
  duration repeat_after = std::chrono::seconds{2}; ///< Of a reversal without an answer.
  std::string currency = "978";                    ///< Field 49: EUR.
};

struct payment_values {
  std::int64_t amount_minor = 0; ///< Over 0.
  std::string pan{};
};

class terminal {
public:
  explicit terminal(const terminal_options& options);

  const std::string& id() const noexcept { return id_; }

  bool is_idle() const noexcept { return !payment_; }

  bool is_reversing() const noexcept { return reversal_.has_value(); }

  /// Returns the payment to be sent: 0200. The terminal must be idle.
  iso8583::message pay(const payment_values& values, moment now);

  /// Takes an answer; returns what is to be sent because of it: a reversal if it names another
  /// amount. `is_stray` says that the answer was for nothing that is open.
  struct taken {
    std::optional<iso8583::message> reply{};
    bool is_stray = false;
  };

  taken take(const iso8583::message& answer, moment now);

  /// When expire() is to be called; nothing if idle.
  std::optional<time_point> deadline() const noexcept { return deadline_; }

  /// Nothing came in time, or nothing can come any more: returns the reversal, or its repeat. The
  /// terminal must not be idle.
  iso8583::message expire(moment now);

  /// Nothing can be sent now: expire() is to be called later. The terminal must not be idle.
  void postpone(moment now);

  /// Returns what was finished since the last call.
  std::optional<finished_payment> take_finished();

  /// Ends what is open as in doubt.
  void give_up(moment now);

private:
  taken take_payment_answer(const iso8583::message& answer, moment now);
  taken take_reversal_answer(const iso8583::message& answer, moment now);
  bool has_the_amount(const iso8583::message& answer) const;
  void finish(outcome how, const iso8583::message* answer, moment now);
  iso8583::message begin(std::string mti, moment now);

  terminal_options options_;
  std::string id_;
  std::uint32_t next_stan_;
  std::optional<iso8583::message> payment_;  ///< The one that is open.
  std::optional<iso8583::message> reversal_; ///< Invariant: only with payment_.
  std::optional<time_point> deadline_;       ///< Invariant: as payment_.
  time_point began_{};
  std::uint32_t reversals_sent_ = 0;
  bool was_late_ = false;
  std::optional<finished_payment> finished_;
};

} // namespace ducat::terminals
