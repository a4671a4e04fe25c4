#include "client/show.hpp"
#include "settle/commands.hpp"
#include "settle/lists.hpp"

#include <utility>

namespace ducat::cli {

namespace {

using stub = v1::Settlements::Stub;

/// Windows of a currency.
struct window_range {
  std::string currency;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

failure not_found(const std::string& id) {
  failure why{.kind = failure_kind::refused, .error = {}};
  why.error.set_type(v1::Error::NOT_FOUND);
  why.error.set_code("settlement_not_found");
  why.error.set_message("there is no settlement or batch " + id);
  why.error.set_param("id");
  return why;
}

/// Shows `reply`, which is the next page; returns how that ends.
template <class Reply>
exit_code show_page(const session& with, const tl::expected<Reply, failure>& reply) {
  return show(with, reply, [&](const Reply& list) { print(with.io.out, list); });
}

/// Shows every movement of the merchant in the windows, page by page.
exit_code show_members(const session& with, const window_range& in, const std::string& merchant) {
  v1::ListMembersRequest asked;
  asked.set_currency(in.currency);
  asked.set_merchant(merchant);
  asked.set_limit(1'000);
  for (std::uint64_t window = in.first; window != 0 && window <= in.last; ++window) {
    asked.set_window(window);
    asked.set_after_ns(0);
    for (bool has_more = true; has_more;) {
      const auto page = call(with.limits, repetition::read, with.node, &stub::ListMembers, asked);
      has_more = page && page->has_more();
      if (page && page->data().empty())
        continue;
      if (page && asked.after_ns() == 0 && !with.io.is_json())
        with.io.out << '\n' << merchant << ", window " << window << '\n';
      if (const auto code = show_page(with, page); code != exit_code::done)
        return code;
      asked.set_after_ns(page->data().rbegin()->at_ns());
    }
  }
  return exit_code::done;
}

/// Shows what each merchant has in the windows, and what it is made of.
exit_code show_merchants(const session& with, const window_range& in) {
  v1::ListMerchantWindowsRequest asked;
  asked.set_currency(in.currency);
  asked.set_limit(1'000);
  for (std::uint64_t window = in.first; window <= in.last; ++window) {
    asked.set_window(window);
    asked.clear_starting_after();
    for (bool has_more = true; has_more;) {
      const auto page =
          call(with.limits, repetition::read, with.node, &stub::ListMerchantWindows, asked);
      if (const auto code = show_page(with, page); code != exit_code::done)
        return code;
      has_more = page->has_more();
      for (const v1::MerchantWindow& each : page->data()) {
        const window_range one{.currency = in.currency, .first = window, .last = window};
        if (const auto code = show_members(with, one, each.merchant()); code != exit_code::done)
          return code;
        asked.set_starting_after(each.merchant());
      }
    }
  }
  return exit_code::done;
}

exit_code show_batch(const session& with, const std::string& id, bool members) {
  v1::ListPayoutBatchesRequest asked;
  asked.set_id(id);
  const auto found =
      call(with.limits, repetition::read, with.node, &stub::ListPayoutBatches, asked);
  if (found && found->data().empty())
    return report(with.io, not_found(id), {});
  if (const auto code = show_page(with, found); code != exit_code::done)
    return code;
  v1::ListPayoutsRequest payouts;
  payouts.set_batch(id);
  payouts.set_limit(1'000);
  for (bool has_more = true; has_more;) {
    const auto page = call(with.limits, repetition::read, with.node, &stub::ListPayouts, payouts);
    if (const auto code = show_page(with, page); code != exit_code::done)
      return code;
    has_more = page->has_more();
    for (const v1::Payout& each : page->data()) {
      payouts.set_starting_after(each.id());
      const window_range paid{
          .currency = each.currency(), .first = each.first_window(), .last = each.last_window()};
      if (!members)
        continue;
      if (const auto code = show_members(with, paid, each.merchant()); code != exit_code::done)
        return code;
    }
  }
  return exit_code::done;
}

} // namespace

exit_code show_settlements(const session& with, const std::string& id, bool members) {
  if (id.starts_with("pob_"))
    return show_batch(with, id, members);
  v1::ListSettlementsRequest asked;
  asked.set_id(id);
  const auto found = call(with.limits, repetition::read, with.node, &stub::ListSettlements, asked);
  if (found && found->data().empty() && !id.empty())
    return report(with.io, not_found(id), {});
  if (const auto code = show_page(with, found); code != exit_code::done || !members || id.empty())
    return code;
  const v1::Settlement& of = found->data(0);
  return show_merchants(
      with, {.currency = of.currency(), .first = of.first_window(), .last = of.last_window()});
}

} // namespace ducat::cli
