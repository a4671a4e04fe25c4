/// What a link to an acquirer may be told: how long it waits, and what it takes for a failure.
#pragma once

#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::device {

enum class link_state : std::uint8_t {
  down = 1,      ///< No connection: it was not asked for one, or the first is being made.
  connected = 2, ///< The sign-on is not answered yet.
  signed_on = 3, ///< Takes payments. The only state that does.
  suspect = 4,   ///< Connected, but it does not answer as it should.
  failed = 5,    ///< The connection was refused, lost or given up; it is tried again.
  draining = 6,  ///< Waits for what is under way, then signs off.
};

std::string_view to_string(link_state value) noexcept;
std::ostream& operator<<(std::ostream& out, link_state value);

/// A wait before a new try: `initial`, doubled at each, at most `max`; then less by a share of up
/// to `jitter_percent`, at random.
struct backoff_options {
  std::chrono::milliseconds initial{500}; ///< > 0.
  std::chrono::milliseconds max{30'000};  ///< >= initial.
  std::uint32_t jitter_percent = 20;      ///< <= 100.
};

/// When a link that answers echoes is suspected nonetheless, because it does not answer requests.
struct grey_options {
  std::uint32_t sample = 20;                   ///< How many requests it looks back at; > 0.
  std::uint32_t timeouts_max = 5;              ///< Suspect at that many timeouts among them; > 0.
  duration silence = std::chrono::seconds{30}; ///< Suspect if no request was answered for so long
  std::uint32_t silence_timeouts = 2;          ///< and that many timed out meanwhile; > 0.
  /// After so long without another timeout it takes payments again, one at a time until one is
  /// answered.
  duration pause = std::chrono::seconds{60};
};

/// Which answer belongs to which request, besides the message type. No field that holds data of a
/// card.
struct match_options {
  std::vector<int> required{11};         ///< Both have them, with the same value.
  std::vector<int> if_echoed{7, 37, 41}; ///< The same value, if both have them.
};

/// Trace numbers (field 11) of sign-ons, sign-offs and echoes: callers keep out of that range.
struct stan_range {
  std::uint32_t first = 900'000; ///< > 0.
  std::uint32_t last = 999'999;  ///< >= first; <= 999,999.
};

struct link_options {
  duration connect_timeout = std::chrono::seconds{10};
  duration sign_on_timeout = std::chrono::seconds{10};
  duration sign_off_timeout = std::chrono::seconds{5};

  duration echo_every = std::chrono::seconds{30};   ///< After that long without an answer.
  duration echo_timeout = std::chrono::seconds{10}; ///< Then it is missed, and the next one sent.
  std::uint32_t echoes_missed_suspect = 2;          ///< > 0.
  std::uint32_t echoes_missed_failed = 3;           ///< >= echoes_missed_suspect.

  /// Of a request. Less than what the caller waits for it, and more than what the host needs.
  duration answer_timeout = std::chrono::seconds{25};
  std::size_t in_flight_max = 64; ///< Unanswered requests; > 0.
  std::uint32_t garbled_max = 3;  ///< That many unreadable messages end a connection; > 0.

  backoff_options backoff{};
  grey_options grey{};
  match_options match{};
  stan_range network_stans{};
  std::map<int, std::string> network_fields{}; ///< Of each sign-on, sign-off and echo, besides 7,
                                               ///< 11 and 70.

  duration unknown_kept = std::chrono::hours{24};    ///< What may still be answered late.
  duration answered_kept = std::chrono::minutes{10}; ///< What may be answered twice.
  std::size_t kept_max = 100'000; ///< Of each of the two; the oldest are forgotten first.
};

/// Returns nothing if a link can be run so. Errors: invalid_argument, naming the field.
result<void> check(const link_options& options);

} // namespace ducat::device
