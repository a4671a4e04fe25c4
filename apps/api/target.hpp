/// The target of an HTTP request: its path and query, taken apart. Pure; any thread.
#pragma once

#include "api/errors.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::api {

/// Decoded, printable ASCII throughout.
struct target {
  std::vector<std::string> segments;        ///< `/v1/payments/` is {"v1", "payments", ""}.
  std::map<std::string, std::string> query; ///< `?a&b=c` is {{"a", ""}, {"b", "c"}}.
};

/// Returns `text`, in origin form or absolute form, taken apart. Dot segments are not resolved.
/// Errors: target_malformed (neither form, a bad %-escape, or an escape for anything but a
/// printable ASCII character), parameter_repeated.
checked<target> parse_target(std::string_view text);

} // namespace ducat::api
