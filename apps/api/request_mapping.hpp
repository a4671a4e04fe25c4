/// From the API's requests to the journal's commands and back: pure.
#pragma once

#include <ducat/log.hpp>
#include <ducat/v1/account.pb.h>
#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/change.pb.h>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>
#include <ducat/v1/payment.pb.h>

#include <optional>

namespace ducat::api {

v1::Command command_of(const v1::CreateAccountRequest& request);
v1::Command command_of(const v1::CreatePaymentRequest& request);
v1::Command command_of(const v1::CapturePaymentRequest& request);
v1::Command command_of(const v1::VoidPaymentRequest& request);
v1::Command command_of(const v1::RefundPaymentRequest& request);
v1::Command command_of(const v1::DecidePaymentRequest& request);
v1::Command command_of(const v1::ResolveAdviceRequest& request);

/// Returns nothing if the id is none of a change.
std::optional<v1::Command> command_of(const v1::DecideChangeRequest& request);

v1::Command command_of(const v1::ReconcileRequest& request);

v1::Question question_of(v1::GetAccountRequest request);
v1::Question question_of(v1::ListAccountsRequest request);
v1::Question question_of(v1::GetPaymentRequest request);
v1::Question question_of(v1::ListPaymentsRequest request);
v1::Question question_of(v1::StatusRequest request);
v1::Question question_of(v1::ListEventsRequest request);
v1::Question question_of(v1::GetEventRequest request);
v1::Question question_of(v1::ListAcquirersRequest request);
v1::Question question_of(v1::ListExceptionsRequest request);

/// Returns where an effect stands; empty if it is not known.
v1::Receipt message_of(const receipt& where);

/// Return the part of `outcome`, which holds no error, that answers the request.
v1::PaymentReply payment_reply(v1::Outcome outcome, const receipt& where);
v1::AccountReply account_reply(v1::Outcome outcome, const receipt& where);

} // namespace ducat::api
