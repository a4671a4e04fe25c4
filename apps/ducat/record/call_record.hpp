/// The client's own record of what it asked and what it was answered: the evidence that the checker
/// holds against the log. It is a file of JSON lines, appended to by run after run:
///
///   {"op":"payment","key":"k1","body":"<32 hex digits>","invoke_ns":1}     before it is first sent
///   {"op":"payment","key":"k1","outcome":"ok","payment_id":"pay_...","state":"CAPTURED",
///    "amount":1250,"captured":1250,"refunded":0,"index":7,"hash":"<64 hex digits>",
///    "replayed":false,"error":"","return_ns":2}                            after its final answer
///
/// Times are nanoseconds since the Unix epoch. outcome: ok, declined (a recorded outcome too),
/// refused (nothing was done), unknown, not_done (given up; this run did nothing, which says
/// nothing of what came before it).
#pragma once

#include "record/operation.hpp"

#include <ducat/error.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

enum class call_outcome : std::uint8_t { ok, declined, refused, unknown, not_done };

std::string_view to_string(call_outcome outcome) noexcept;

/// The final answer to one call.
struct call_answer {
  call_outcome outcome = call_outcome::unknown;
  std::string payment_id{};
  std::string state{}; ///< Of the payment, such as CAPTURED; empty for an account.
  std::int64_t amount = 0;
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::uint64_t index = 0; ///< Receipt: the entry that holds the effect.
  std::string hash{};      ///< Receipt: that entry's hash.
  bool replayed = false;
  std::string error{}; ///< Code of the typed error, unless acknowledged.

  bool is_acknowledgement() const noexcept {
    return outcome == call_outcome::ok || outcome == call_outcome::declined;
  }
};

/// Returns whether two acknowledgements of one operation say the same; a replay is as good as the
/// first answer.
bool say_the_same(const call_answer& a, const call_answer& b);

/// All that is on record of one operation.
struct recorded_call {
  operation_id id;           ///< Of the acknowledged invocation, or else of the first.
  std::string body;          ///< Likewise.
  std::string current;       ///< Of the latest invocation.
  bool body_changed = false; ///< The key was used for different requests.
  std::uint64_t invocations = 0;
  std::uint64_t answers = 0;
  std::optional<call_answer> acknowledged;    ///< The first acknowledgement.
  std::optional<call_answer> contradicted;    ///< The first later answer that says something else.
  call_outcome last = call_outcome::not_done; ///< The latest answer that was not not_done.

  /// Returns whether it may have been done, as far as is on record.
  bool is_in_doubt() const noexcept {
    return !acknowledged && (last == call_outcome::unknown || invocations > answers);
  }
};

struct call_record {
  std::vector<recorded_call> calls; ///< In order of first invocation.

  /// Returns the call with this id, or null.
  const recorded_call* find(const operation_id& id) const;
  recorded_call* find(const operation_id& id);

  /// Returns the call with this id, added if need be.
  recorded_call& at(const operation_id& id);

private:
  boost::unordered_flat_map<std::string, std::size_t> index_;
};

/// Adds to the record: `id` was about to be sent, or was answered. The second returns false, and
/// adds nothing, if it was never invoked.
void add_invocation(call_record& to, const operation_id& id, const std::string& body);
bool add_answer(call_record& to, const operation_id& id, const call_answer& answer);

/// Adds a line as record_writer writes most of them. Returns false, and adds nothing, if it is
/// another one, or answers what was never invoked: read_call_record() has to look closer then.
bool add_plain_line(call_record& to, std::string_view line);

/// Reads a record. A last line without its end is what a killed client leaves; it is ignored.
/// Errors: corrupt (a line that is not of a record; the message names it).
result<call_record> read_call_record(std::istream& in);

} // namespace ducat::cli
