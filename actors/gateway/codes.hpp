/// Data elements and response codes of ISO 8583:1987, as the gateway uses them.
#pragma once

namespace ducat::gateway {

namespace de {
constexpr int card = 2;
constexpr int processing_code = 3;
constexpr int amount = 4;
constexpr int transmitted_at = 7;
constexpr int stan = 11;
constexpr int track_2 = 35;
constexpr int reference = 37;
constexpr int approval_code = 38;
constexpr int response_code = 39;
constexpr int terminal = 41;
constexpr int merchant = 42;
constexpr int currency = 49;
constexpr int settlement_code = 66;
constexpr int network_code = 70;
constexpr int first_count = 74; ///< Credits, their reversals, debits, theirs.
constexpr int first_sum = 86;   ///< In the same order.
constexpr int original = 90;
constexpr int replacement = 95;
constexpr int net = 97;
} // namespace de

namespace code {
constexpr const char* approved = "00";
constexpr const char* invalid_merchant = "03";
constexpr const char* declined = "05"; ///< Without a reason that a terminal could tell.
constexpr const char* approved_in_part = "10";
constexpr const char* invalid_transaction = "12";
constexpr const char* invalid_amount = "13";
constexpr const char* invalid_card = "14";
constexpr const char* no_action = "21"; ///< Its reversal came before it, or has come meanwhile.
constexpr const char* no_such_payment = "25";
constexpr const char* format_error = "30";
constexpr const char* not_supported = "40";
constexpr const char* not_covered = "51";
constexpr const char* not_this_terminal = "58";
constexpr const char* in_doubt = "68";      ///< Nobody answered in time: it is being taken back.
constexpr const char* not_available = "91"; ///< Nothing was asked, or nobody could be.
constexpr const char* duplicate = "94";     ///< Its numbers were used for something else.
constexpr const char* malfunction = "96";   ///< Our configuration is wrong.
} // namespace code

} // namespace ducat::gateway
