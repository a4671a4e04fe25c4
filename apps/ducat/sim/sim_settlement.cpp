#include "sim/sim_settlement.hpp"

#include <ducat/settlement/settlement_actor.hpp>

namespace ducat::cli {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t captures_of_window = 12;
constexpr std::uint32_t first_day = 20'260'101;

std::optional<std::uint32_t> next_day(const v1::Calendar&, const v1::Window& open, log_time) {
  if (open.total().captures().count() < captures_of_window)
    return std::nullopt;
  return open.business_date();
}

} // namespace

child_spec simulated_settlement(const handle& ledger, const std::vector<std::string>& nodes) {
  return {.id = "settlement",
          .start = settlement::settlement_actor(ledger, {.cut = next_day,
                                                         .look_every = 200ms,
                                                         .now = [] { return log_time{}; },
                                                         .waits_for_grant = true}),
          .pool = pool_spec{.size = 1,
                            .redundancy = redundancy_spec{.nodes = nodes,
                                                          .mode = redundancy_mode::exclusive,
                                                          .standby = standby_policy::cold}},
          .backoff = {.initial = 100ms, .max = 1s}};
}

std::vector<v1::Command> simulated_terms(const std::string& merchant) {
  std::vector<v1::Command> made(2);
  v1::ConfigureSettlement& terms = *made[0].mutable_settlement()->mutable_configure();
  terms.set_currency("EUR");
  terms.set_model(v1::NET_MULTILATERAL_DEFERRED);
  terms.set_business_date(first_day);
  terms.set_automatic(true);
  terms.mutable_calendar()->set_time_zone("UTC");
  terms.mutable_calendar()->add_cut_offs(22 * 60);
  v1::PutMerchant& of = *made[1].mutable_settlement()->mutable_merchant();
  of.set_id(merchant);
  v1::FeeTier& tier = *of.mutable_discount()->add_tiers();
  tier.set_basis_points(175);
  tier.set_fixed(1);
  of.mutable_discount()->set_refunds_give_back(true);
  return made;
}

} // namespace ducat::cli
