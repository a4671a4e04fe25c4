/// How replies of the service look over HTTP. Pure; any thread.
#pragma once

#include "api/errors.hpp"
#include "api/http_call.hpp"
#include "api/service.hpp"
#include "api/web_file.hpp"

#include <string>

namespace ducat::api {

/// Returns the status for an error: INVALID_REQUEST 400, PERMISSION 403, NOT_FOUND 404,
/// CONFLICT 409, IDEMPOTENCY 422 (the key was used for another request), INTERNAL 500,
/// UNAVAILABLE 503 (nothing was done), UNKNOWN_OUTCOME 504 (as a gateway that got no answer: it may
/// have been done; repeat it with the same key).
unsigned status_of(v1::Error::Type type);

/// Returns `{"error": ...}` with status_of(why.type()), and Retry-After for UNAVAILABLE.
http_response refuse(const v1::Error& why);

/// Returns the same with a status of its own.
http_response refuse(unsigned status, const v1::Error& why);

/// Returns the answer to what is no request for any call.
http_response wrong(unsigned status, std::string code, std::string message);

/// Returns the payment itself. Headers: Ducat-Receipt: INDEX/HASH; Idempotent-Replayed: true if it
/// was; Ducat-Refund: ID if this request made (or, replayed, had made) a refund.
http_response success(unsigned status, const v1::PaymentReply& done);

/// Returns the account itself. Headers: Ducat-Receipt; Idempotent-Replayed: true if it existed.
http_response success(unsigned status, const v1::AccountReply& done);

/// Returns what was changed. Headers: Ducat-Receipt; Idempotent-Replayed: true if it was so before.
http_response success(unsigned status, const v1::SettlementReply& done);

/// Returns the list that was asked for.
http_response success(unsigned status, const v1::SettlementAnswer& found);

/// Returns any other reply as it is.
http_response success(unsigned status, const google::protobuf::Message& done);

/// Returns the answer to a call that was replied to with `outcome`.
template <class T>
http_response answer(unsigned status_if_done, const reply<T>& outcome) {
  return outcome ? success(status_if_done, *outcome) : refuse(outcome.error());
}

/// Returns 200 {"status":"ok"}, or 503 {"status":"unavailable"}.
http_response probe_answer(bool good);

/// Returns 200 with the file, compressed: every browser takes that. What has a name that changes
/// with its content may be kept for ever, the rest is asked for each time. The page may load
/// nothing from elsewhere, and may not be a part of another one.
http_response page_answer(const web_file& file);

/// Returns 200 with the OpenAPI document.
http_response openapi_answer();

} // namespace ducat::api
