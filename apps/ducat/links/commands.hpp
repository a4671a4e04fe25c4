/// `ducat links`, and `ducat link drain|resume`: the links to acquirers, and who carries payments.
#pragma once

#include "client/session.hpp"

namespace ducat::cli {

/// Prints a line for each link of the node that is asked.
exit_code list_links(const session& with);

/// Has a link end what is under way and stay down, or come up again.
exit_code change_link(const session& with, const v1::ChangeLinkRequest& request);

} // namespace ducat::cli
