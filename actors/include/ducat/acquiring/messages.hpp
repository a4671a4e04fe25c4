/// Attempts of payments in the words of ISO 8583:1987. Pure.
#pragma once

#include <ducat/error.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/payment/acquirer.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace ducat::acquiring {

/// What an acquirer knows its customer by, and how it wants to be asked.
struct profile {
  std::string mti = "0200";               ///< 0200: financial; 0100: authorisation.
  std::string processing_code = "000000"; ///< DE3, n 6.
  std::string terminal{};                 ///< DE41, 8 characters.
  std::string merchant{};                 ///< DE42, 15 characters.

  /// Response codes (DE39) that say nothing of the card: another acquirer may approve.
  std::set<std::string> reroutable{"91", "92", "96"};

  /// Response codes that are no definite decline: approvals of another kind (08, 11, 16), in
  /// progress (09), too late (68), a duplicate (94). The attempt is in doubt.
  std::set<std::string> unclear{"08", "09", "11", "16", "68", "94"};
};

/// Returns nothing if requests can be made with it. Errors: invalid_argument, naming the field.
result<void> check(const profile& with);

/// Returns the request for an approval. Its numbers and its time (DE7, UTC) are those of the
/// attempt, so that a reversal can name it. Errors: invalid_argument (no card, a currency or an
/// amount that cannot be written).
result<iso8583::message> request_of(const payment::authorize_attempt& what, const profile& with);

/// Returns the reversal advice, 0420 or its repeat 0421, which names the request by DE90. It holds
/// no card number: that is kept nowhere. Errors: invalid_argument.
result<iso8583::message> reversal_of(const payment::reverse_attempt& what, const profile& with);

/// Returns the financial advice, 0220 or its repeat 0221: a capture, or with processing code 20 a
/// refund. It names the request by DE90 and has its reference (DE37); number and time are its own.
/// Like a reversal it holds no card number. Errors: invalid_argument.
result<iso8583::message> advice_of(const payment::send_advice& what, const profile& with);

/// Returns the request for reconciliation, 0500 or its repeat 0501, of the terminal (DE41) in the
/// currency (DE50). Errors: invalid_argument.
result<iso8583::message> reconciliation_of(const payment::compare_totals& what,
                                           const profile& with);

/// Returns what the answer to a request says. An approval is DE39 00, or 10 for less, which DE4
/// says then; of another amount or currency than was asked for it is `conflicted`. What has no
/// DE39, or an unclear one, is in doubt.
payment::acquirer_answer answer_of(const iso8583::message& answer,
                                   const payment::authorize_attempt& asked, const profile& with);

/// An approval of which only the message is known.
struct late_approval {
  std::uint64_t number = 0; ///< Of the attempt, from the RRN (DE37).
  std::uint32_t stan = 0;   ///< DE11.
  std::int64_t amount = 0;  ///< DE4; the most there is if it does not say.
  std::string approval_code{};
  std::string response_code{};
};

/// Returns the approval that an answer is to which no request is known any more: of whatever kind
/// (DE39 00, 08, 10, 11, 16), since each has the acquirer hold money. Nothing if it is none, or
/// does not say of what.
std::optional<late_approval> late_approval_in(const iso8583::message& answer);

/// A request that was sent so long ago has arrived by now, or never will.
constexpr std::chrono::seconds request_lifetime{90};

/// Returns what the answer to a reversal says: DE39 00 accepts it, and so do 21 (nothing was done)
/// and 25 (there is no such request), unless the request may still be on its way. Everything else
/// does not.
payment::acquirer_answer answer_to_reversal(const iso8583::message& answer,
                                            const payment::reverse_attempt& asked);

/// Returns what the answer to an advice says: DE39 00 acknowledges it, everything else does not.
payment::advice_answer answer_to_advice(const iso8583::message& answer);

/// Returns what the answer to a reconciliation says: DE66 is 1 for in balance, or 2, and then the
/// host's totals are in it. Without DE66 nothing was compared.
payment::totals_answer answer_to_reconciliation(const iso8583::message& answer);

} // namespace ducat::acquiring
