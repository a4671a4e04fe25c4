/// The description of the HTTP API, apps/api/openapi.yaml, which is part of the program.
#pragma once

#include <string_view>

namespace ducat::api {

/// Returns the OpenAPI 3.1 document, as YAML. Any thread.
std::string_view openapi_document() noexcept;

} // namespace ducat::api
