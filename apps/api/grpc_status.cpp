#include "api/grpc_status.hpp"

#include <ducat/payment/retry.hpp>

namespace ducat::api {

namespace {

grpc::StatusCode code_of(v1::Error::Type type) {
  switch (type) {
  case v1::Error::INVALID_REQUEST:
    return grpc::StatusCode::INVALID_ARGUMENT;
  case v1::Error::IDEMPOTENCY:
    return grpc::StatusCode::ALREADY_EXISTS;
  case v1::Error::NOT_FOUND:
    return grpc::StatusCode::NOT_FOUND;
  case v1::Error::CONFLICT:
    return grpc::StatusCode::FAILED_PRECONDITION;
  case v1::Error::UNAVAILABLE:
    return grpc::StatusCode::UNAVAILABLE;
  case v1::Error::UNKNOWN_OUTCOME:
    return grpc::StatusCode::DEADLINE_EXCEEDED;
  case v1::Error::PERMISSION:
    return grpc::StatusCode::PERMISSION_DENIED;
  case v1::Error::UNAUTHENTICATED:
    return grpc::StatusCode::UNAUTHENTICATED;
  default:
    return grpc::StatusCode::INTERNAL;
  }
}

} // namespace

grpc::Status grpc_status_of(const v1::Error& why) {
  v1::Error shown = why;
  shown.set_retry(payment::retry_of(why));
  return {code_of(why.type()), why.message(), shown.SerializeAsString()};
}

} // namespace ducat::api
