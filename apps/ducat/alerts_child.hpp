/// The child of a payment node that looks for what somebody has to look at.
#pragma once

#include "alerts/alert_actor.hpp"
#include "config.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>

#include <optional>

namespace ducat::cli {

/// Returns what `config` says of alerts, with a new board and figures that are to be opened;
/// nothing if it has no table `alerts`. Errors: invalid_argument (`ca`, `secret`), and those of
/// security::check_key_file() of `secret`.
result<std::optional<alerts::alert_options>> alerting_of(const node_config& config);

child_spec alerts_child(const alerts::alert_options& options);

} // namespace ducat::cli
