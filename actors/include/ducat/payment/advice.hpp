/// An advice: something that is done here, and that an acquirer is told until it acknowledges it.
/// It comes into being in the log with what it tells of, so that neither is there without the
/// other.
#pragma once

#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::payment {

/// Values are stored and on the wire (ducat.v1.Advice.Kind): never renumber.
enum class advice_kind : std::uint8_t {
  capture = 1, ///< Of a payment that was only authorised.
  refund = 2,  ///< Of what the acquirer has captured.
};

/// Values are stored and on the wire (ducat.v1.Advice.State): never renumber.
enum class advice_state : std::uint8_t {
  owed = 1,         ///< It is sent until it is acknowledged.
  acknowledged = 2, ///< Final.
  exhausted = 3,    ///< Sent too often or for too long: it stays until somebody decides.
  settled = 4,      ///< Somebody has settled it by other means. Final, unless it was heard of.
};

/// Values are stored (ducat.v1.ResolveAdvice.Event): never renumber.
enum class advice_event : std::uint8_t {
  acknowledged = 1,
  exhausted = 2,
  retried = 3,
  settled = 4
};

std::string_view to_string(advice_kind value) noexcept;
std::string_view to_string(advice_state value) noexcept;
std::string_view to_string(advice_event value) noexcept;
std::ostream& operator<<(std::ostream& out, advice_kind value);
std::ostream& operator<<(std::ostream& out, advice_state value);
std::ostream& operator<<(std::ostream& out, advice_event value);

/// Returns the state after `what`; nothing if that changes nothing. An acknowledgement counts
/// however late it comes.
std::optional<advice_state> state_after(advice_state now, advice_event what) noexcept;

struct advice_record {
  advice_kind kind = advice_kind::capture;
  advice_state now = advice_state::owed;
  std::uint32_t attempt = 1; ///< What it is about, from 1.
  std::uint64_t number = 0;  ///< In the order of all attempts and advices; makes the STAN.
  std::int64_t amount = 0;   ///< Minor units.
  std::string response_code{};
  std::string reason{}; ///< Why it is exhausted, or how it was settled.
  log_time at;
  log_time since;         ///< Its age counts from there: its creation, or somebody's retry.
  log_time resolved_at{}; ///< 0: it is not.
};

/// "adv_" and the first 32 hex digits of SHA-256("advice" NUL payment id NUL number), where the
/// first advice of a payment has the number 1.
std::string advice_id_of(std::string_view payment_id, std::size_t number);

} // namespace ducat::payment
