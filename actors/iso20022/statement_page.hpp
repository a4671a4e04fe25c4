/// The parts of a printed statement. What is given was checked.
#pragma once

#include <ducat/iso20022/printed_statement.hpp>

namespace ducat::iso20022 {

/// Returns "1,234.50", with a minus sign if it is less than 0.
std::string printed_amount(std::int64_t minor, std::uint32_t exponent);

struct page_form {
  std::uint32_t exponent = 2;
  bool has_fees = true; ///< Of each member.
};

/// Everything before the first member of the first part of the list.
std::string page_head(const printed_statement& statement, const page_form& form);
std::string member_line(const printed_member& member, const page_form& form);
/// Ends a part of the list; next_part() begins another.
std::string subtotal_line(std::uint64_t members, std::int64_t amount_minor, std::int64_t fee_minor,
                          const page_form& form);
std::string next_part(const page_form& form);
/// Everything behind the last subtotal.
std::string page_tail();

} // namespace ducat::iso20022
