/// Errors that the edges make themselves, before a request reaches the service.
#pragma once

#include <ducat/payment/retry.hpp>
#include <ducat/v1/common.pb.h>

#include <tl/expected.hpp>

#include <string>

namespace ducat::api {

/// A value, or what the client did wrong.
template <class T>
using checked = tl::expected<T, v1::Error>;

inline v1::Error make_error(v1::Error::Type type, std::string code, std::string message,
                            std::string param = {}) {
  v1::Error made;
  made.set_type(type);
  made.set_code(std::move(code));
  made.set_message(std::move(message));
  made.set_param(std::move(param));
  made.set_retry(payment::retry_of(type));
  return made;
}

/// Returns the refusal of a request that is wrong whatever the node's state.
inline tl::unexpected<v1::Error> invalid(std::string code, std::string message,
                                         std::string param = {}) {
  return tl::unexpected<v1::Error>(make_error(v1::Error::INVALID_REQUEST, std::move(code),
                                              std::move(message), std::move(param)));
}

/// Returns the error of a call that was not answered in time, or was cut off by a stop.
inline v1::Error unanswered() {
  return make_error(
      v1::Error::UNKNOWN_OUTCOME, "no_answer_in_time",
      "the request may or may not have been carried out; repeat it with the same key");
}

} // namespace ducat::api
