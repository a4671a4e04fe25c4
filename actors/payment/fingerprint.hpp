/// What makes two requests the same.
#pragma once

#include <ducat/digest.hpp>

#include <google/protobuf/message_lite.h>

namespace ducat::payment {

/// Returns SHA-256 of the request's type and bytes: every field the caller sent counts, and a key
/// used for one operation is not good for another. The messages have no map and the machine lets
/// only one order of their repeated fields pass, so their bytes are canonical.
inline digest fingerprint_of(const google::protobuf::MessageLite& request) {
  return sha256({request.GetTypeName(), request.SerializeAsString()});
}

} // namespace ducat::payment
