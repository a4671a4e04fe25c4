/// Every route of the HTTP edge, as data. Pure; any thread.
#pragma once

#include "api/errors.hpp"
#include "api/http_call.hpp"
#include "api/target.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::api {

/// What stands in a path for any one segment.
constexpr std::string_view wildcard = "{}";

constexpr std::uint64_t body_bytes_max = 64 * 1024;
constexpr std::uint64_t list_bytes_max = 1024 * 1024; ///< Of routes that take thousands of items.

/// A route: how requests for it look, and what makes the call. `id` is what stands at `{}`.
struct endpoint {
  std::string_view method;
  std::vector<std::string_view> path;
  checked<http_call> (*make)(const http_request& request, const target& parsed,
                             const std::string& id);
  bool has_parameters = false; ///< In the query; `make` refuses those that it does not know.
  std::uint64_t body_max = body_bytes_max;
};

/// Returns the request's only key. Errors: idempotency_key_missing, _repeated, _invalid.
checked<std::string> idempotency_key(const http_request& request);

/// Returns those of settlement.
std::vector<endpoint> settlement_endpoints();

/// Returns all of the API. No two match the same method and path.
const std::vector<endpoint>& endpoints();

/// Returns the same, and those of the page.
const std::vector<endpoint>& client_endpoints();

/// Returns those of a port that only those use who watch the node: /metrics, /alive, /ready.
const std::vector<endpoint>& monitoring_endpoints();

} // namespace ducat::api
