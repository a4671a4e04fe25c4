/// Which call on the service an HTTP request asks for. Pure; any thread.
#pragma once

#include "api/http_call.hpp"
#include "api/http_endpoints.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::api {

/// Returns the call that `request` asks for, or the answer to a request that asks for none:
/// 403 origin_not_allowed (a browser's page from elsewhere; for a POST, from another port too),
/// 403 request_not_marked (a POST of a page without Ducat-Request), 404 route_unknown,
/// 405 method_not_allowed (with Allow), 415 content_type_unsupported, and 400 with
/// target_malformed, idempotency_key_missing, idempotency_key_repeated, idempotency_key_invalid,
/// idempotency_key_in_body, id_mismatch, parameter_unknown, parameter_repeated, limit_invalid or
/// one of the codes of parse_json. HEAD is routed as GET.
tl::expected<http_call, http_response> route(const http_request& request,
                                             const std::vector<endpoint>& among = endpoints());

/// Returns whether it asks for a payment between accounts, as far as that can be told without
/// reading its body; false if it might be something else, or wrong as a request.
bool pays_from_account(const http_request& request);

/// Returns the error of a path at which there is nothing.
v1::Error nothing_there();

/// Returns how many bytes a body may have that is sent there; 64 KiB where there is nothing.
std::uint64_t body_max_of(const std::string& method, const std::string& target,
                          const std::vector<endpoint>& among = endpoints());

/// Returns every route, such as "GET /v1/payments/{}", where {} stands for any one segment.
std::vector<std::string> routes();

} // namespace ducat::api
