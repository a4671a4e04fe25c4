/// What a settled window holds of each merchant does not change any more. When its rows are durable
/// it is let go, and read from the store when somebody asks.

#include "settlement/row_key.hpp"

#include <ducat/check.hpp>
#include <ducat/fatal.hpp>
#include <ducat/ledger/history.hpp>

namespace ducat::settlement {

namespace {

row_id sums_of(const ledger_record& of, std::uint64_t window, std::uint32_t place) {
  return {.what = row_id::kind::accrual, .currency = of.currency, .number = window, .place = place};
}

bool is_of_window(const row_id& row, const row_id& first) {
  return row.what == first.what && row.currency == first.currency && row.number == first.number;
}

accrual sums_in(std::string_view key, std::string_view value) {
  v1::StoredAccrual stored;
  if (!stored.ParseFromArray(value.data(), static_cast<int>(value.size())))
    end_process({errc::corrupt, "the state of settlement is damaged: row " + std::string{key}});
  return accrual_in(stored);
}

} // namespace

void book::let_go() {
  DUCAT_CHECK(store_ != nullptr);
  for (auto& [currency, of] : ledgers_)
    for (; of.kept_from < of.unsettled_from; ++of.kept_from) {
      const row_id first = sums_of(of, of.kept_from, 0);
      const auto newer = changed_.lower_bound(first);
      if (newer != changed_.end() && is_of_window(*newer, first))
        break;
      window_record& window = of.windows[of.kept_from - 1];
      for (const auto& [place, sums] : window.merchants)
        note_let_go(window, place, sums);
      window.merchants.clear();
    }
}

void book::note_let_go(window_record& window, std::uint32_t merchant, const accrual& sums) {
  ++window.let_go;
  if (merchants_[merchant].unpaid_from <= window.facts.number())
    merchants_[merchant].let_go += brought_by(sums);
}

std::int64_t book::unpaid_of(const ledger_record& of, std::uint32_t merchant) const {
  const merchant_record& record = merchants_[merchant];
  std::int64_t sum = record.let_go;
  for (std::uint64_t number = std::max(record.unpaid_from, of.kept_from);
       number < of.unsettled_from; ++number)
    if (const auto found = of.windows[number - 1].merchants.find(merchant);
        found != of.windows[number - 1].merchants.end())
      sum += brought_by(found->second);
  return sum;
}

void book::visit_merchants(const ledger_record& of, const window_record& window, std::uint32_t from,
                           const accrual_visitor& visit) const {
  if (window.let_go == 0) {
    for (auto each = window.merchants.lower_bound(from); each != window.merchants.end(); ++each)
      if (!visit(each->first, each->second))
        return;
    return;
  }
  const row_id first = sums_of(of, window.facts.number(), from);
  store_->visit_rows(key_of(first), [&](std::string_view key, std::string_view value) {
    const auto at = row_in(key);
    return at && is_of_window(*at, first) && visit(at->place, sums_in(key, value));
  });
}

void book::add_let_go_rows(std::vector<ledger::kept_row>& to) const {
  for (const auto& [currency, of] : ledgers_)
    for (std::uint64_t number = 1; number < of.kept_from; ++number) {
      if (of.windows[number - 1].let_go == 0)
        continue;
      const row_id first = sums_of(of, number, 0);
      store_->visit_rows(key_of(first), [&](std::string_view key, std::string_view value) {
        const auto at = row_in(key);
        const bool is_of_it = at && is_of_window(*at, first);
        if (is_of_it)
          to.push_back({std::string{key}, std::string{value}});
        return is_of_it;
      });
    }
}

} // namespace ducat::settlement
