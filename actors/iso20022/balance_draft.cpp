#include "iso20022/balance_draft.hpp"

#include "iso20022/import_text.hpp"

namespace ducat::iso20022 {

std::optional<remark> balance_draft::end(std::string_view path, const element& ended) {
  if (path == "Tp/CdOrPrtry/Cd" || path == "Tp/CdOrPrtry/Prtry") {
    read_.code = ended.text;
  } else if (path == "Amt") {
    return set_amount(ended);
  } else if (path == "CdtDbtInd") {
    side_ = direction_from(ended.text);
    return side_ ? std::nullopt : std::optional{remark::bad_code};
  } else if (path == "Dt/Dt" || path == "Dt/DtTm") {
    read_.date = day_from(ended.text);
    return read_.date ? std::nullopt : std::optional{remark::bad_date};
  }
  return std::nullopt;
}

std::optional<balance> balance_draft::finish() {
  if (amounts_ != 1 || read_.amount.currency.empty() || !side_)
    return std::nullopt;
  if (*side_ == direction::debit)
    read_.amount.minor = -read_.amount.minor;
  return std::move(read_);
}

std::optional<remark> balance_draft::set_amount(const element& ended) {
  if (++amounts_ > 1)
    return remark::repeated;
  const auto amount = money_from(ended.text, ended.currency);
  if (!amount)
    return amount.error();
  read_.amount = *amount;
  return std::nullopt;
}

} // namespace ducat::iso20022
