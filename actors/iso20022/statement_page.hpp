/// The parts of a printed statement. What is given was checked.
#pragma once

#include <ducat/iso20022/printed_statement.hpp>

namespace ducat::iso20022 {

/// Returns "1,234.50", with a minus sign if it is less than 0.
std::string printed_amount(std::int64_t minor, std::uint32_t exponent);

/// Everything before the first member of the first part of the list.
std::string page_head(const printed_statement& statement, std::uint32_t exponent);
std::string member_line(const printed_member& member, std::uint32_t exponent);
/// Ends a part of the list; next_part() begins another.
std::string subtotal_line(std::uint64_t members, std::int64_t amount_minor, std::int64_t fee_minor,
                          std::uint32_t exponent);
std::string next_part();
/// Everything behind the last subtotal.
std::string page_tail();

} // namespace ducat::iso20022
