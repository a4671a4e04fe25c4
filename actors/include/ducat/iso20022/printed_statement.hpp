/// What a merchant is told of a settlement window: a page of HTML to read and to print.
#pragma once

#include <ducat/iso20022/initiation.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ducat::iso20022 {

/// A capture, a refund or a dispute.
struct printed_member {
  std::string payment{};
  std::string kind{}; ///< "Capture", "Refund", ...
  std::chrono::year_month_day business_date{};
  std::int64_t amount_minor = 0; ///< Less than 0: it was taken from the merchant.
  std::int64_t fee_minor = 0;    ///< What the merchant pays; if `members_have_fees`.
};

struct printed_payout {
  std::string id{};
  std::string state{};
  std::string account{}; ///< IBAN or another id.
  std::int64_t amount_minor = 0;
  std::optional<std::chrono::year_month_day> execution_date{};
};

struct printed_statement {
  std::string issuer{}; ///< Who settles.
  std::string merchant{};
  std::string merchant_name{}; ///< May be empty.
  std::uint64_t window = 0;
  std::string state{}; ///< "Settled", ...
  std::string currency{};
  std::chrono::year_month_day first_date{};
  std::chrono::year_month_day last_date{};
  std::uint64_t members = 0;
  std::int64_t carried_minor = 0;  ///< From earlier windows: less than 0 if the merchant owed.
  std::int64_t gross_minor = 0;    ///< Captures.
  std::int64_t refunds_minor = 0;  ///< Not more than 0.
  std::int64_t disputed_minor = 0; ///< Taken by disputes; not more than 0.
  std::int64_t won_minor = 0;      ///< Given back by them. Gross and this: members above 0.
  std::int64_t fees_minor = 0;     ///< Less than 0: more were given back than taken.
  std::int64_t splits_minor = 0;   ///< From other merchants, less what went to them.
  std::int64_t held_minor = 0;     ///< Put into the rolling reserve; not less than 0.
  std::int64_t released_minor = 0; ///< Given back out of it; not less than 0.
  bool members_have_fees = true;   ///< Whose sum `fees_minor` is; else no such column is printed.
  std::vector<printed_payout> payouts{};

  /// Returns carried + gross + refunds + disputed + won - fees + splits - held + released; nothing
  /// if int64 does not hold it.
  std::optional<std::int64_t> net_minor() const noexcept;
};

using member_visitor = std::function<result<void>(const printed_member&)>;
/// Shows all members, and returns the first error that the visitor returns.
using member_source = std::function<result<void>(const member_visitor&)>;

/// Writes the page to `sink` in pieces of about 64 KiB; members are visited once and not held. It
/// needs nothing else: no script, no fonts, no pictures. Equal input makes equal bytes.
/// Errors: unknown_currency, bad_date, bad_amount, and then the sink has nothing, or a part if a
/// member is wrong; source_changed (the members do not come to the totals) and sink_failed.
result<void> print(const printed_statement& statement, const member_source& members,
                   const byte_sink& sink);

} // namespace ducat::iso20022
