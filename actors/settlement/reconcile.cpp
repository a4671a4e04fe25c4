#include "settlement/reconcile_leg.hpp"

#include <ducat/settlement/reconciliation.hpp>

#include <string>
#include <utility>

namespace ducat::settlement {

struct reconciliation::state {
  explicit state(reconciliation_options options)
      : with{std::move(options)}, acquirer{reconciliation_leg::acquirer, with},
        bank{reconciliation_leg::bank, with} {}

  result<void> add_to_batch(const reconciliation_item& item, std::int64_t net);

  const reconciliation_options with;
  matching_leg acquirer;
  matching_leg bank;
  std::map<std::pair<std::string, std::uint32_t>, std::int64_t> batches{}; ///< By currency, too.
};

result<void> reconciliation::state::add_to_batch(const reconciliation_item& item,
                                                 std::int64_t net) {
  if (item.batch.empty())
    return fail(errc::invalid_argument, "an item of the acquirer has no batch");
  std::int64_t& sum = batches[{item.batch, item.currency}];
  if (batches.size() > batches_max)
    return fail(errc::overloaded, "the acquirer has too many batches");
  if (__builtin_add_overflow(sum, net, &sum))
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

result<reconciliation_sums> reconciliation::finish(const difference_sink& sink) {
  for (const auto& [of, net] : state_->batches)
    if (auto added =
            state_->bank.add(reconciliation_side::internal,
                             {.reference = of.first, .amount = net, .currency = of.second});
        !added)
      return tl::unexpected(added.error());
  auto acquirer = state_->acquirer.finish(sink);
  if (!acquirer)
    return tl::unexpected(acquirer.error());
  auto bank = state_->bank.finish(sink);
  if (!bank)
    return tl::unexpected(bank.error());
  return reconciliation_sums{std::move(*acquirer), std::move(*bank)};
}

} // namespace ducat::settlement
