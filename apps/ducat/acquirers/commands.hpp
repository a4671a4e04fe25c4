/// `ducat acquirer ...` and `ducat pay decide`. Each prints its answer and returns the program's
/// exit code.
#pragma once

#include "client/session.hpp"

#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/payment.pb.h>

#include <string>

namespace ducat::cli {

exit_code list_acquirers(const session& with);

exit_code list_exceptions(const session& with);

/// Has the totals of the link compared in `currency`, or if that is empty in all that it has, and
/// waits for what comes of it. Returns failed if one is out of balance, unknown if the acquirer has
/// not answered in time: it is asked further on.
exit_code reconcile(const session& with, const std::string& link, const std::string& currency);

exit_code resolve_advice(const session& with, const v1::ResolveAdviceRequest& request);

} // namespace ducat::cli
