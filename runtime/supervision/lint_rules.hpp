/// The rules of the linter that look at one supervisor or one child.
#pragma once

#include "supervision/count_starts.hpp"

#include <ducat/lint.hpp>

#include <string>
#include <vector>

namespace ducat::supervision {

using lint_findings = std::vector<lint_finding>;

/// Looks at the flags of the supervisor at `path`, a pool's too.
void lint_flags(const std::string& path, const supervisor_spec& spec, lint_findings& into);

/// Looks at a child, but not at its children.
void lint_child(const lint_link& link, lint_findings& into);

/// Says of `count` of the worker `leaf` that it never ends.
lint_finding never_exceeded(const lint_link& leaf, const start_count& count);

/// Says of `count` of a worker of the supervisor at `path` that it is too large.
lint_finding too_large(const std::string& path, const start_count& count);

} // namespace ducat::supervision
