#include "sim/sim_settlement.hpp"

#include <ducat/durable.hpp>
#include <ducat/settlement/bank_files.hpp>
#include <ducat/v1/machine.pb.h>

#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr std::uint32_t first_day = 20'260'101;
constexpr std::uint64_t batch_pause_max_ns = 1'500'000'000;
constexpr duration listen_to_bank_every = 10ms;

std::optional<std::uint32_t> next_day(const v1::Calendar&, const v1::Window& open, log_time) {
  if (open.total().captures().count() < captures_of_simulated_window)
    return std::nullopt;
  return open.business_date();
}

v1::BankAccount account_of(const std::string& name, const std::string& iban) {
  v1::BankAccount made;
  made.set_name(name);
  made.set_iban(iban);
  return made;
}

} // namespace

child_spec simulated_settlement(const handle& ledger, const std::vector<std::string>& nodes,
                                settlement::file_sink put) {
  return {.id = "settlement",
          .start = settlement::settlement_actor(ledger, {.files = "settlement",
                                                         .put = std::move(put),
                                                         .formats = settlement::bank_files(),
                                                         .cut = next_day,
                                                         .look_every = 200ms,
                                                         .write_again_after = 1s,
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
  *terms.mutable_own() = account_of("Acquirer", "GB82WEST12345698765432");
  v1::PutMerchant& of = *made[1].mutable_settlement()->mutable_merchant();
  of.set_id(merchant);
  v1::FeeTier& tier = *of.mutable_discount()->add_tiers();
  tier.set_basis_points(175);
  tier.set_fixed(1);
  of.mutable_discount()->set_refunds_give_back(true);
  *of.mutable_bank() = account_of("Shop", "DE89370400440532013000");
  return made;
}

// Payouts ----------------------------------------------------------------------------------------

void sim_payouts::ask_next() {
  on_.after(duration{static_cast<duration::rep>(on_.draw(batch_pause_max_ns))}, [this] {
    if (is_ended_)
      return;
    v1::Command command;
    v1::BatchPayouts& batch = *command.mutable_settlement()->mutable_batch();
    batch.set_currency("EUR");
    batch.set_batch(next_);
    batch.set_execution_date(first_day);
    hear(on_.ask_later(on_.nodes()[on_.draw(on_.nodes().size())], "ledger",
                       caf::make_message(commit{command.SerializeAsString()})));
  });
}

/// What is refused, because a batch or a settlement is under way, is asked for later.
void sim_payouts::hear(const sim_cluster::pending& answer) {
  if (!answer->has_value())
    return on_.after(listen_to_bank_every, [this, answer] { hear(answer); });
  v1::Outcome outcome;
  if ((*answer)->has_value() && (**answer)->match_elements<committed>() &&
      outcome.ParseFromString((**answer)->get_as<committed>(0).reply) && !outcome.has_error())
    ++next_;
  ask_next();
}

} // namespace ducat::cli
