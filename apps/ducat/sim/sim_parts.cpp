#include "sim/sim_parts.hpp"

#include "core/dice.hpp"

#include <algorithm>
#include <array>

namespace ducat::cli {

namespace {

constexpr std::uint64_t other_draws = 0x9E37'79B9'7F4A'7C15; ///< Not those of the faults.

constexpr std::array<std::string_view, 23> always{
    "durable.before_append",    "durable.before_checkpoint", "durable.after_checkpoint",
    "ledger.after_seal",        "ledger.before_segment",     "ledger.before_flush",
    "ledger.after_flush",       "payment.before_first_step", "payment.after_create",
    "payment.after_authorize",  "payment.after_capture",     "payment.after_void",
    "payment.after_refund",     "settlement.before_cut",     "settlement.after_cut",
    "settlement.before_start",  "settlement.after_start",    "settlement.before_advance",
    "settlement.after_advance", "settlement.before_file",    "settlement.after_file",
    "settlement.before_record", "settlement.after_record"};

constexpr std::array<std::string_view, 6> by_card{"payment.after_send",    "payment.after_answer",
                                                  "payment.after_resolve", "link.before_write",
                                                  "link.after_write",      "link.before_answer"};

constexpr std::array<std::string_view, 3> at_terminals{
    "gateway.before_payment", "gateway.before_answer", "gateway.after_answer"};

constexpr std::array<std::string_view, 2> of_webhooks{"webhook.after_post", "webhook.after_note"};

constexpr std::array<std::string_view, 5> of_own_log{"durable.after_append", "log.before_write",
                                                     "log.after_write", "log.before_trim",
                                                     "log.after_trim"};

constexpr std::array<std::string_view, 1> of_examples{"tips.after_step"};

constexpr std::array<std::string_view, 2> of_many_merchants{"settlement.before_batch",
                                                            "settlement.after_batch"};

constexpr std::array<unsimulated_points, 3> never{
    {{"of a node that is alone, whose log is RocksDB's: tests/ledger/crash_test breaks it there",
      of_own_log},
     {"of payouts to more than 64 merchants at once: tests/settlement/kill_table_test breaks it "
      "there",
      of_many_merchants},
     {"of an example: `ducat prove tips` breaks it there", of_examples}}};

} // namespace

sim_parts parts_of(std::uint64_t seed) {
  dice chance{seed ^ other_draws};
  sim_parts made;
  made.cards = chance.happens(200);
  made.holds = chance.happens(500);
  made.terminals = made.cards && chance.happens(500);
  made.webhooks = chance.happens(150);
  return made;
}

std::vector<std::string> points_of(const sim_parts& parts) {
  std::vector<std::string> all{always.begin(), always.end()};
  const auto add = [&all](const auto& points) {
    for (int i = 0; i < 3; ++i) // So few runs have them.
      all.insert(all.end(), points.begin(), points.end());
  };
  if (parts.cards)
    add(by_card);
  if (parts.terminals)
    add(at_terminals);
  if (parts.webhooks)
    add(of_webhooks);
  return all;
}

std::span<const unsimulated_points> all_unsimulated_points() {
  return never;
}

bool is_unsimulated(std::string_view point) {
  return std::ranges::any_of(never, [point](const unsimulated_points& each) {
    return std::ranges::find(each.names, point) != each.names.end();
  });
}

} // namespace ducat::cli
