/// An entry of a statement while it is read.
#pragma once

#include "iso20022/xml_reader.hpp"

#include <ducat/iso20022/bank_statement.hpp>

namespace ducat::iso20022 {

class entry_draft {
public:
  entry_draft(std::size_t line, import_report& report);

  /// `path` is that below <Ntry>.
  void begin(std::string_view path, std::size_t line);
  void end(std::string_view path, const element& ended);

  /// Returns the entry; nothing if something in it is in doubt. It is in the report then.
  std::optional<bank_entry> finish();

private:
  void end_of_transaction(std::string_view path, const element& ended);
  void bank_code(std::string_view path, std::string_view text);
  void set_amount(std::optional<money>& to, const element& ended);
  void set_side(std::optional<direction>& to, const element& ended);
  void set_status(const element& ended);
  void set_date(std::optional<std::chrono::year_month_day>& to, const element& ended);
  void set_reversal(const element& ended);
  void check_transactions();
  void doubt(remark what, const element& where, std::string detail);
  void need(bool there, std::string_view name);

  import_report& report_;
  bank_entry entry_;
  std::optional<money> amount_;
  std::optional<direction> side_;
  std::optional<entry_status> status_;
  bool in_doubt_ = false;
};

} // namespace ducat::iso20022
