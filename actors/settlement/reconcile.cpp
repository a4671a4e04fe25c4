#include "settlement/reconcile_leg.hpp"

#include <ducat/settlement/reconciliation.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ducat::settlement {

struct reconciliation::state {
  explicit state(reconciliation_options options)
      : with{std::move(options)}, acquirer{reconciliation_leg::acquirer, with},
        bank{reconciliation_leg::bank, with} {}

  struct batch_sum {
    std::int64_t net = 0;
    std::uint32_t date = 0; ///< The last one of its items.
  };

  result<void> add_to_batch(const reconciliation_item& item, std::int64_t net);

  const reconciliation_options with;
  matching_leg acquirer;
  matching_leg bank;
  std::map<std::pair<std::string, std::uint32_t>, batch_sum> batches{}; ///< By currency, too.
};

result<void> reconciliation::state::add_to_batch(const reconciliation_item& item,
                                                 std::int64_t net) {
  if (item.batch.empty())
    return fail(errc::invalid_argument, "an item of the acquirer has no batch");
  batch_sum& sum = batches[{item.batch, item.currency}];
  if (batches.size() > batches_max)
    return fail(errc::overloaded, "the acquirer has too many batches");
  sum.date = std::max(sum.date, item.business_date);
  if (__builtin_add_overflow(sum.net, net, &sum.net))
    return fail(errc::invalid_argument, "the sum of a batch is too large");
  return {};
}

reconciliation::reconciliation(reconciliation_options options)
    : state_{std::make_unique<state>(std::move(options))} {}

reconciliation::~reconciliation() = default;

result<void> reconciliation::add_ours(const reconciliation_item& item) {
  return state_->acquirer.add(reconciliation_side::internal, item);
}

result<void> reconciliation::add_acquirer(const reconciliation_item& item) {
  if (auto added = state_->acquirer.add(reconciliation_side::external, item); !added)
    return added;
  if (!state_->with.has_bank || item.is_aside)
    return {};
  std::int64_t net = 0;
  if (__builtin_sub_overflow(item.amount, item.fee.value_or(0), &net))
    return fail(errc::invalid_argument, "the net amount of an item is too large");
  if (state_->with.bank_has_batches)
    return state_->add_to_batch(item, net);
  return state_->bank.add(reconciliation_side::internal, {.reference = item.reference,
                                                          .amount = net,
                                                          .currency = item.currency,
                                                          .business_date = item.business_date});
}

result<void> reconciliation::add_bank(const reconciliation_item& item) {
  return state_->bank.add(reconciliation_side::external, item);
}

result<void> reconciliation::add_batch(const reconciliation_item& batch) {
  return state_->bank.add(reconciliation_side::internal, batch);
}

result<reconciliation_sums> reconciliation::finish(const difference_sink& sink,
                                                   const pair_sink& pairs) {
  for (const auto& [of, sum] : state_->batches)
    if (auto added = add_batch({.reference = of.first,
                                .amount = sum.net,
                                .currency = of.second,
                                .business_date = sum.date});
        !added)
      return tl::unexpected(added.error());
  auto acquirer = state_->acquirer.finish(sink, pairs);
  if (!acquirer)
    return tl::unexpected(acquirer.error());
  auto bank = state_->bank.finish(sink, pairs);
  if (!bank)
    return tl::unexpected(bank.error());
  return reconciliation_sums{std::move(*acquirer), std::move(*bank)};
}

} // namespace ducat::settlement
