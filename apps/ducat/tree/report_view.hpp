/// What the linter has found, for people and as JSON.
#pragma once

#include "client/console.hpp"

#include <ducat/lint.hpp>

namespace ducat::cli {

/// Prints one line a finding, then how often a child is started before the root gives up; or one
/// document with all of the report.
void print_report(const console& io, const lint_report& report);

} // namespace ducat::cli
