/// `ducat pay ...`. Each prints its answer and returns the program's exit code, which is failed
/// if it was declined, or created and voided by somebody before its capture. A request without
/// an idempotency key is given a random one, which is printed before anything is sent, so that the
/// request can be retried with it.
#pragma once

#include "client/session.hpp"

#include <iosfwd>
#include <string>

namespace ducat::cli {

/// Reads a card's number, and its security code if there is a second line, from the file at `path`,
/// or from `in` if that is "-". Returns whether there was one. It is not to be given on a command
/// line, which everybody on the machine can see.
bool read_card(const std::string& path, std::istream& in, v1::Card& into);

exit_code create_payment(const session& with, v1::CreatePaymentRequest request);
exit_code capture_payment(const session& with, v1::CapturePaymentRequest request);
exit_code void_payment(const session& with, v1::VoidPaymentRequest request);
exit_code refund_payment(const session& with, v1::RefundPaymentRequest request);
exit_code decide_payment(const session& with, v1::DecidePaymentRequest request);
exit_code show_payment(const session& with, const std::string& id);
exit_code list_payments(const session& with, const page_options& page);

} // namespace ducat::cli
