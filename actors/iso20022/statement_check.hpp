/// A statement's entries against what it says of them.
#pragma once

#include "iso20022/xml_reader.hpp"

#include <ducat/iso20022/bank_statement.hpp>

#include <array>

namespace ducat::iso20022 {

class statement_check {
public:
  /// `path` is that below the statement; only TxsSummry matters.
  void end(std::string_view path, const element& ended);
  void count(const bank_entry& entry, std::string_view currency);

  void count_left_out() noexcept { ++left_out_; }

  /// Returns the totals; says in the report what does not agree. `needs_balances`: a statement
  /// without them is noted.
  statement_totals finish(const statement_head& head, bool needs_balances, import_report& report);

private:
  /// Counted, and what the file says: as text, because its currency comes from elsewhere.
  struct side_totals {
    std::size_t count = 0;
    std::optional<std::int64_t> sum_minor = 0; ///< Nothing: more than int64 holds.
    std::string said_count{};
    std::string said_sum{};
  };

  void add_to(side_totals& to, std::int64_t minor);
  void check(std::string_view name, const side_totals& of, std::string_view currency,
             import_report& report) const;
  void check_balances(const statement_head& head, bool needs_balances, statement_totals& totals,
                      import_report& report) const;

  side_totals all_;
  side_totals credits_;
  side_totals debits_;
  std::optional<std::int64_t> booked_minor_ = 0;
  std::size_t left_out_ = 0;
  std::size_t of_other_currency_ = 0;
};

/// Returns the currency of a statement: of its account, or of its first balance; or empty.
std::string_view currency_of(const statement_head& head);

} // namespace ducat::iso20022
