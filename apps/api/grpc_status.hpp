/// How errors of the service look over gRPC. Pure; any thread.
#pragma once

#include <ducat/v1/common.pb.h>

#include <grpcpp/support/status.h>

namespace ducat::api {

/// Returns the status for `why`: its message, and the serialised v1::Error as binary details
/// (trailer `grpc-status-details-bin`, here a v1::Error and not a google.rpc.Status),
/// which always says what the caller may do about it.
///
/// INVALID_REQUEST INVALID_ARGUMENT · IDEMPOTENCY ALREADY_EXISTS (the key exists, with another
/// request) · NOT_FOUND NOT_FOUND · CONFLICT FAILED_PRECONDITION · UNAVAILABLE UNAVAILABLE (nothing
/// was done, so a client library may retry by itself) · UNKNOWN_OUTCOME DEADLINE_EXCEEDED, the one
/// code whose definition says that the operation may have been completed, which no library retries
/// by itself, and which the client makes itself when it stops waiting · INTERNAL INTERNAL ·
/// PERMISSION PERMISSION_DENIED.
grpc::Status grpc_status_of(const v1::Error& why);

} // namespace ducat::api
