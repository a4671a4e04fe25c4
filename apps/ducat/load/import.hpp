/// Sends a file of payments to a node, many at a time, each until it is answered.
#pragma once

#include "client/backoff.hpp"

#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace ducat::cli {

struct import_options {
  std::string endpoint;                          ///< HOST:PORT.
  std::size_t in_flight = 64;                    ///< Calls at the same time, 1 or more.
  std::filesystem::path record{};                ///< Read, and appended to; may be empty.
  duration retry_for = std::chrono::seconds{60}; ///< Until one operation is given up.
  duration attempt = std::chrono::seconds{2};    ///< Deadline of each attempt.
  backoff between{};                             ///< Pauses between attempts.
  duration progress_every = std::chrono::milliseconds{200}; ///< 0: after each answer.
  std::function<bool()> is_over{}; ///< Once it is, nothing more is begun; what is, is finished,
  std::function<bool()> is_vain{}; ///< until it is vain: then what fails once more is given up.
};

struct import_summary {
  std::uint64_t operations = 0;   ///< In the file.
  std::uint64_t acknowledged = 0; ///< Answered with an effect, a decline included.
  std::uint64_t replayed = 0;     ///< Of the acknowledged: had been done before.
  std::uint64_t declined = 0;     ///< Of the acknowledged.
  std::uint64_t refused = 0;      ///< Answered with an error that a retry does not change.
  std::uint64_t in_doubt = 0;     ///< Given up; this run or one on record may have done it.
  std::uint64_t not_done = 0;     ///< Given up or never sent; not done by this run.
  std::uint64_t retries = 0;      ///< Attempts that were not the first of their operation.
  duration elapsed{};
  std::vector<std::string> refusals{}; ///< The first few, for people.

  std::uint64_t finished() const noexcept { return acknowledged + refused + in_doubt + not_done; }
};

/// Called by the thread of run_import(), which it may hold up: from time to time, and at the end.
using import_progress = std::function<void(const import_summary& so_far)>;

/// Reads `in`, which can be rewound, twice: once to validate all of it, so that a bad file sends
/// nothing, and once to send it. Uses memory for a few times `in_flight` operations, and at first
/// for those on record. An operation that an earlier run has left in doubt stays so until it is
/// answered. One that depends on an earlier one waits for it. Retries keep their key, so that
/// running it again changes nothing. If the node answers nothing at all for `retry_for`, the rest
/// is not sent. Errors: invalid_argument (a malformed line of `in` or of the record, named; or `in`
/// cannot be rewound; nothing was sent), io (the record cannot be written: what was not on record
/// was not sent).
result<import_summary> run_import(const import_options& options, std::istream& in,
                                  const import_progress& progress);

} // namespace ducat::cli
