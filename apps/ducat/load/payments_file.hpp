/// The format of `ducat import` and `ducat generate`: JSON lines, one operation each.
/// docs/import.md has it for users.
///
///   {"account":{"id":"alice","currency":"EUR","overdraft":false}}
///   {"payment":{"idempotency_key":"k1","from":"alice","to":"shop","amount":1250,"currency":"EUR",
///               "manual_capture":false,"description":"..."}}
///   {"capture":{"idempotency_key":"k2","payment_key":"k1","amount":1000}}
///   {"void":{"idempotency_key":"k3","payment_key":"k1"}}
///   {"refund":{"idempotency_key":"k4","payment_key":"k1","amount":250}}
///
/// `payment_key` is the idempotency key of the payment that is meant. `overdraft`,
/// `manual_capture`, `description` and the amounts of capture and refund may be left out. Amounts
/// are integers, in minor units. Unknown fields are errors. Empty lines are skipped.
#pragma once

#include "record/operation.hpp"

#include <ducat/error.hpp>
#include <ducat/v1/account.pb.h>
#include <ducat/v1/payment.pb.h>

#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

namespace ducat::cli {

using import_request =
    std::variant<v1::CreateAccountRequest, v1::CreatePaymentRequest, v1::CapturePaymentRequest,
                 v1::VoidPaymentRequest, v1::RefundPaymentRequest>;

struct operation {
  operation_id id;
  std::string body; ///< body_hash() of the request.
  import_request request;

  /// An operation waits for each earlier one that touches what it needs: a payment for its
  /// accounts and for what is paid into its payer's, a capture for its payment, and all for an
  /// earlier use of their key.
  std::vector<std::string> needs{};
  std::vector<std::string> touches{};
};

/// Returns the operation on one line.
/// Errors: invalid_argument (says what is wrong with the line).
result<operation> parse_operation(std::string_view line);

/// Returns the next operation of `in`, or nothing at its end. `line` counts the lines.
/// Errors: those of parse_operation(), with the number of the line.
result<std::optional<operation>> read_operation(std::istream& in, std::uint64_t& line);

/// Returns how many operations `in` has, reading to its end.
/// Errors: those of read_operation().
result<std::uint64_t> count_operations(std::istream& in);

} // namespace ducat::cli
