/// `ducat alerts`: what a node says that somebody has to look at, and who takes care of it.
#pragma once

#include "client/session.hpp"

namespace ducat::cli {

/// Prints the alerts and silences of the node that is asked.
exit_code list_alerts(const session& with);

/// Takes care of an alert that fires: nobody is reminded of it any more.
exit_code acknowledge_alert(const session& with, const v1::AcknowledgeAlertRequest& request);

/// Has nobody told of alerts for a while. Sent once: a repetition would be another silence.
exit_code silence_alerts(const session& with, const v1::SilenceAlertsRequest& request);

exit_code lift_silence(const session& with, const v1::LiftSilenceRequest& request);

} // namespace ducat::cli
