/// What became of orders: pain.002 in its versions .03 and .10, and pacs.002.
#pragma once

#include <ducat/iso20022/import.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ducat::iso20022 {

/// What a status is about. That of a whole holds for the parts that have none of their own.
enum class status_level : std::uint8_t { message, payment, transaction };

/// What a status code means to the one who ordered.
enum class order_state : std::uint8_t { pending, accepted, settled, partly, rejected, unknown };

/// Returns what a code such as "RJCT" means.
order_state state_of(std::string_view code) noexcept;

struct order_status {
  std::size_t line = 0;
  status_level level{};
  std::string report_id{}; ///< MsgId of the report.
  std::string original_message_id{};
  std::string original_payment_id{};    ///< Empty for the message.
  std::string original_end_to_end_id{}; ///< Only of transactions, as the next two.
  std::string original_id{};            ///< InstrId or TxId.
  std::string servicer_reference{};
  std::string code{};   ///< "ACSC", "RJCT", ...; empty only for transactions with a reason.
  std::string reason{}; ///< A code such as "AC01", or the bank's own.
  std::string text{};

  friend bool operator==(const order_status&, const order_status&) = default;
};

/// Reads a report of any length in bounded memory. Statuses come in the order of the file: that of
/// a payment comes behind those of its transactions. Items without a status are passed over.
import_report read_status_report(const byte_source& bytes,
                                 const std::function<void(order_status)>& visitor);

struct status_report {
  std::vector<order_status> statuses{};
  import_report report{};
};

/// Returns all of a report that fits into memory.
status_report read_status_report(std::string_view bytes);

} // namespace ducat::iso20022
