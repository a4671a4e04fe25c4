/// What is named by an id that says where it stands: PREFIX_CURRENCY_NUMBER[_PLACE].

#include "settlement/book.hpp"
#include "settlement/ids.hpp"

#include <algorithm>
#include <charconv>

namespace ducat::settlement {

namespace {

struct parts {
  std::string_view currency;
  std::uint64_t numbers[2] = {0, 0};
};

/// Returns the parts of an id with so many numbers; nothing if it is no such id.
std::optional<parts> parts_of(std::string_view id, std::string_view prefix, int numbers) {
  if (!id.starts_with(prefix) || id.size() < prefix.size() + 5)
    return std::nullopt;
  id.remove_prefix(prefix.size());
  parts out{.currency = id.substr(0, 3)};
  id.remove_prefix(3);
  for (int i = 0; i < numbers; ++i) {
    if (!id.starts_with('_'))
      return std::nullopt;
    id.remove_prefix(1);
    const auto read = std::from_chars(id.data(), id.data() + id.size(), out.numbers[i]);
    if (read.ec != std::errc{} || out.numbers[i] == 0)
      return std::nullopt;
    id.remove_prefix(static_cast<std::size_t>(read.ptr - id.data()));
  }
  return id.empty() ? std::optional{out} : std::nullopt;
}

} // namespace

const settlement_record* book::find_settlement(const std::string& id) const {
  const auto at = parts_of(id, "set_", 1);
  const ledger_record* of = at ? find_ledger(at->currency) : nullptr;
  return of == nullptr || at->numbers[0] > of->settlements.size()
             ? nullptr
             : &of->settlements[at->numbers[0] - 1];
}

std::pair<ledger_record*, settlement_record*> book::find_settlement(const std::string& id) {
  const settlement_record* found = std::as_const(*this).find_settlement(id);
  if (found == nullptr)
    return {nullptr, nullptr};
  ledger_record* of = find_ledger(found->facts.currency());
  return {of, &of->settlements[static_cast<std::size_t>(found - of->settlements.data())]};
}

std::pair<const ledger_record*, const batch_record*> book::find_batch(const std::string& id) const {
  const auto at = parts_of(id, "pob_", 1);
  const ledger_record* of = at ? find_ledger(at->currency) : nullptr;
  return of == nullptr || at->numbers[0] > of->batches.size()
             ? std::pair<const ledger_record*, const batch_record*>{nullptr, nullptr}
             : std::pair{of, &of->batches[at->numbers[0] - 1]};
}

std::pair<ledger_record*, batch_record*> book::find_batch(const std::string& id) {
  const auto [of, found] = std::as_const(*this).find_batch(id);
  if (found == nullptr)
    return {nullptr, nullptr};
  ledger_record* own = find_ledger(found->facts.currency());
  return {own, &own->batches[found->facts.number() - 1]};
}

/// Banks know ids with - for _, which is none of their characters.
std::optional<payout_place> book::find_payout(std::string id) const {
  std::ranges::replace(id, '-', '_');
  const auto at = parts_of(id, "po_", 2);
  const ledger_record* of = at ? find_ledger(at->currency) : nullptr;
  if (of == nullptr || at->numbers[0] > of->batches.size() ||
      at->numbers[1] > of->batches[at->numbers[0] - 1].payouts.size())
    return std::nullopt;
  return payout_place{.currency = of->currency,
                      .batch = static_cast<std::size_t>(at->numbers[0] - 1),
                      .payout = static_cast<std::size_t>(at->numbers[1] - 1)};
}

const google::protobuf::RepeatedPtrField<v1::SettlementFile>*
book::files_of(const std::string& id) const {
  if (const settlement_record* settlement = find_settlement(id))
    return &settlement->facts.files();
  const auto [of, batch] = find_batch(id);
  return batch == nullptr ? nullptr : &batch->facts.files();
}

} // namespace ducat::settlement
