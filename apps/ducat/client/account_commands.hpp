/// `ducat account ...`. Each prints its answer and returns the program's exit code.
#pragma once

#include "client/session.hpp"

#include <string>

namespace ducat::cli {

exit_code create_account(const session& with, const v1::CreateAccountRequest& request);
exit_code show_account(const session& with, const std::string& id);
exit_code list_accounts(const session& with, const page_options& page);

} // namespace ducat::cli
