/// The calls about alerts. Any thread.
#pragma once

#include "alerts/alert_board.hpp"
#include "api/errors.hpp"

#include <ducat/time.hpp>
#include <ducat/v1/alert.pb.h>

namespace ducat::api {

/// Lists nothing if `board` is null: nobody looks.
v1::ListAlertsReply list_alerts(const alerts::alert_board* board, log_time now);

/// Errors: alerts_not_looked_for (`board` is null), alert_not_found, who_missing,
/// text_too_long.
checked<v1::Alert> acknowledge_alert(alerts::alert_board* board,
                                     const v1::AcknowledgeAlertRequest& request);

/// Errors: alerts_not_looked_for, silence_of_what (of everything, and does not say so, or the other
/// way round), silence_time_invalid, too_many_silences, text_too_long.
checked<v1::Silence> silence_alerts(alerts::alert_board* board,
                                    const v1::SilenceAlertsRequest& request, log_time now);

/// Errors: alerts_not_looked_for, silence_not_found.
checked<v1::LiftSilenceReply> lift_silence(alerts::alert_board* board,
                                           const v1::LiftSilenceRequest& request);

} // namespace ducat::api
