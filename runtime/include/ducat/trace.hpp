/// Traces: what they are made of, and how one is told to others (W3C Trace Context, level 1).
/// Pure, any thread.
#pragma once

#include <ducat/time.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ducat::trace {

/// All zeroes: no id.
struct trace_id {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const trace_id&, const trace_id&) = default;
};

/// The same, of a span.
struct span_id {
  std::array<std::uint8_t, 8> bytes{};

  friend auto operator<=>(const span_id&, const span_id&) = default;
};

/// A place in a trace: what goes with a request.
struct context {
  trace_id trace{};        ///< Invariant: not zero.
  span_id span{};          ///< What is begun there has it as its parent. Zero: a trace's begin.
  bool is_sampled = false; ///< Whether this trace is told to anybody.

  friend bool operator==(const context&, const context&) = default;
};

/// Returns what the header `traceparent` says; nothing if it is not valid: then a new trace begins.
/// Of a version to come the fields that are known are taken.
std::optional<context> parse_traceparent(std::string_view text) noexcept;

/// Returns the same as a header of version 00.
std::string to_traceparent(const context& what);

/// Return the id of so many lower-case hex digits; nothing for anything else, or zero.
std::optional<trace_id> parse_trace_id(std::string_view hex) noexcept;
std::optional<span_id> parse_span_id(std::string_view hex) noexcept;

std::string to_hex(const trace_id& id);
std::string to_hex(const span_id& id);

/// How many of all traces are told. Whoever decides about a trace decides the same.
class sampling_ratio {
public:
  /// None.
  constexpr sampling_ratio() = default;

  /// Returns the ratio that is written so: "0", "1", "0.01"; at most six digits behind the point.
  /// Nothing for anything else, or more than 1.
  static std::optional<sampling_ratio> parse(std::string_view text) noexcept;

  /// Returns whether that trace is told. The last seven bytes of its id have to be as good as
  /// random.
  bool takes(const trace_id& id) const noexcept;

private:
  constexpr explicit sampling_ratio(std::uint64_t share) : share_{share} {}

  std::uint64_t share_ = 0; ///< Of the 2^56 values of those bytes.
};

struct attribute {
  std::string key;
  std::variant<std::string, std::int64_t> value;

  friend bool operator==(const attribute&, const attribute&) = default;
};

/// The numbers are those of OTLP.
enum class span_kind : std::uint8_t { internal = 1, server = 2, client = 3 };

/// Something that took its time. It has ended.
struct span {
  context at{};     ///< Its own ids.
  span_id parent{}; ///< Zero: it is a root.
  std::string name{};
  span_kind kind = span_kind::internal;
  log_time begun_at{};
  log_time ended_at{}; ///< Invariant: not before it has begun.
  std::vector<attribute> attributes{};
  std::optional<std::string> problem{}; ///< What went wrong, or cannot be known; nothing: no error.
  std::optional<context> link{};        ///< Another place that belongs to it.
};

} // namespace ducat::trace
