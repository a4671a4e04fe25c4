/// Every route of the HTTP edge, as data. Pure; any thread.
#pragma once

#include "api/errors.hpp"
#include "api/http_call.hpp"
#include "api/target.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ducat::api {

/// What stands in a path for any one segment.
constexpr std::string_view wildcard = "{}";

/// A route: how requests for it look, and what makes the call. `id` is what stands at `{}`.
struct endpoint {
  std::string_view method;
  std::vector<std::string_view> path;
  checked<http_call> (*make)(const http_request& request, const target& parsed,
                             const std::string& id);
  bool has_parameters = false; ///< In the query; `make` refuses those that it does not know.
};

/// Returns the request's only key. Errors: idempotency_key_missing, _repeated, _invalid.
checked<std::string> idempotency_key(const http_request& request);

/// Returns those of settlement.
std::vector<endpoint> settlement_endpoints();

/// Returns all of them. No two match the same method and path.
const std::vector<endpoint>& endpoints();

} // namespace ducat::api
