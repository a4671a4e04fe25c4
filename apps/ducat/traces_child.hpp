/// What traces the payments of a node, and the child that tells of it.
#pragma once

#include "config.hpp"
#include "traces/trace_actor.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>

#include <optional>

namespace ducat::cli {

/// Returns what `config` says of traces, with a new tracer; nothing if it has no table `traces`.
/// Errors: invalid_argument (`ca`).
result<std::optional<traces::trace_options>> tracing_of(const node_config& config);

child_spec traces_child(const traces::trace_options& options);

} // namespace ducat::cli
