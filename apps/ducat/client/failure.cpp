#include "client/failure.hpp"

#include <ducat/payment/retry.hpp>

#include <ostream>
#include <string_view>

namespace ducat::cli {

namespace {

failure_kind kind_of(v1::Error::Type type) {
  switch (type) {
  case v1::Error::INVALID_REQUEST:
  case v1::Error::IDEMPOTENCY:
  case v1::Error::NOT_FOUND:
  case v1::Error::CONFLICT:
  case v1::Error::PERMISSION:
  case v1::Error::UNAUTHENTICATED:
    return failure_kind::refused;
  case v1::Error::UNAVAILABLE:
    return failure_kind::nothing_done;
  default: // A type of a later version is no promise that nothing was done.
    return failure_kind::unknown;
  }
}

/// The transport's UNAVAILABLE also stands for a connection lost in mid-call. Only this sentence
/// says that there was none; should a later version word it differently, the answer is the safe
/// one: unknown.
bool was_never_connected(const grpc::Status& status) {
  return status.error_message().find("failed to connect") != std::string::npos;
}

failure plain(failure_kind kind, v1::Error::Type type, std::string_view code,
              const grpc::Status& status) {
  failure made{.kind = kind, .error = {}};
  made.error.set_type(type);
  made.error.set_code(std::string{code});
  made.error.set_message(status.error_message());
  made.error.set_retry(payment::retry_of(type));
  return made;
}

failure from_code(const grpc::Status& status) {
  using enum grpc::StatusCode;
  switch (status.error_code()) {
  case UNAVAILABLE:
    if (was_never_connected(status))
      return plain(failure_kind::unreachable, v1::Error::UNAVAILABLE, "unreachable", status);
    return plain(failure_kind::unknown, v1::Error::UNKNOWN_OUTCOME, "connection_lost", status);
  case INVALID_ARGUMENT:
  case OUT_OF_RANGE:
  case UNIMPLEMENTED:
    return plain(failure_kind::refused, v1::Error::INVALID_REQUEST, "invalid_request", status);
  case NOT_FOUND:
    return plain(failure_kind::refused, v1::Error::NOT_FOUND, "not_found", status);
  case ALREADY_EXISTS:
  case FAILED_PRECONDITION:
    return plain(failure_kind::refused, v1::Error::CONFLICT, "conflict", status);
  case PERMISSION_DENIED:
    return plain(failure_kind::refused, v1::Error::PERMISSION, "permission", status);
  case UNAUTHENTICATED:
    return plain(failure_kind::refused, v1::Error::UNAUTHENTICATED, "unauthenticated", status);
  case DEADLINE_EXCEEDED:
    return plain(failure_kind::unknown, v1::Error::UNKNOWN_OUTCOME, "deadline_exceeded", status);
  default:
    return plain(failure_kind::unknown, v1::Error::UNKNOWN_OUTCOME, "transport_failed", status);
  }
}

} // namespace

std::ostream& operator<<(std::ostream& out, failure_kind value) {
  switch (value) {
  case failure_kind::refused:
    return out << "refused";
  case failure_kind::nothing_done:
    return out << "nothing_done";
  case failure_kind::unknown:
    return out << "unknown";
  case failure_kind::unreachable:
    return out << "unreachable";
  }
  return out << "?";
}

failure failure_of(const grpc::Status& status) {
  v1::Error typed;
  if (!status.error_details().empty() && typed.ParseFromString(status.error_details()) &&
      typed.type() != v1::Error::TYPE_UNSPECIFIED) {
    const failure_kind kind = kind_of(typed.type());
    typed.set_retry(payment::retry_of(typed));
    return {.kind = kind, .error = std::move(typed), .is_verdict = kind == failure_kind::refused};
  }
  return from_code(status);
}

} // namespace ducat::cli
