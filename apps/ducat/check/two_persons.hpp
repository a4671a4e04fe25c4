/// What one person alone cannot have done, as the checker knows it.
#pragma once

#include <ducat/v1/journal.pb.h>

namespace ducat::cli {

/// Returns whether the command has no effect until another person has approved it. Pure; any
/// thread.
bool is_for_two(const v1::Command& command);

} // namespace ducat::cli
