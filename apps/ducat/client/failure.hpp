/// Why a call was not answered, in terms of what the caller may do next.
#pragma once

#include <ducat/v1/common.pb.h>

#include <grpcpp/support/status.h>

#include <cstdint>
#include <iosfwd>

namespace ducat::cli {

enum class failure_kind : std::uint8_t {
  refused,      ///< The node said no; the same request gets the same answer.
  nothing_done, ///< The node said that nothing was done; retry.
  unknown,      ///< It may or may not have been done; retry with the same key.
  unreachable,  ///< Nothing was sent, because there is no connection; retry.
};

struct failure {
  failure_kind kind = failure_kind::unknown;
  v1::Error error; ///< The node's own, or one made from the transport's status.

  /// The service has looked at the key and refused: an earlier attempt had no effect either. A
  /// refusal of the transport says nothing about earlier attempts.
  bool is_verdict = false;
};

std::ostream& operator<<(std::ostream& out, failure_kind value);

/// Returns what a status that is not OK means. The typed error in its details decides; without one
/// the transport's code does. Whatever may have reached the node, and a type of error that is not
/// known here, is `unknown`.
failure failure_of(const grpc::Status& status);

} // namespace ducat::cli
