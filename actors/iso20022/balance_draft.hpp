/// A balance of a statement while it is read.
#pragma once

#include "iso20022/xml_reader.hpp"

#include <ducat/iso20022/bank_statement.hpp>

namespace ducat::iso20022 {

class balance_draft {
public:
  /// `path` is that below <Bal>. Returns what is wrong with the element, or nothing.
  std::optional<remark> end(std::string_view path, const element& ended);

  /// Returns the balance; nothing if its amount is in doubt.
  std::optional<balance> finish();

private:
  std::optional<remark> set_amount(const element& ended);

  balance read_;
  std::size_t amounts_ = 0;
  std::optional<direction> side_;
};

} // namespace ducat::iso20022
