/// `ducat change`: what one person has asked for and another one approves. Each prints its answer
/// and returns the program's exit code.
#pragma once

#include "client/pages.hpp"
#include "client/session.hpp"

namespace ducat::cli {

/// A page of them, or with `page.all` all; each that is pending with all that is asked for.
exit_code list_changes(const session& with, const page_options& page, bool only_pending);

/// A repetition has one effect.
exit_code decide_change(const session& with, const v1::DecideChangeRequest& request);

} // namespace ducat::cli
