#include "settlement_child.hpp"

#include <ducat/node.hpp>
#include <ducat/settlement/bank_files.hpp>
#include <ducat/settlement/calendar_cut.hpp>
#include <ducat/settlement/exception_watch.hpp>
#include <ducat/settlement/settlement_actor.hpp>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

iso20022::order_message order_named(const std::string& name) {
  using enum iso20022::order_message;
  for (const iso20022::order_message each : {pain_001_001_03, pacs_008_001_08})
    if (to_string(each) == name)
      return each;
  return pain_001_001_09;
}

} // namespace

// It waits longer and longer, as webhooks do, so that it does not use up the payments' restarts.
child_spec settlement_child(const settling_place& place, const handle& ledger) {
  const bool is_group = !place.nodes.empty();
  child_spec child{.id = "settlement",
                   .start = settlement::settlement_actor(
                       ledger, {.files = place.files,
                                .formats = settlement::bank_files(order_named(place.order)),
                                .cut = settlement::cut_by_calendar(),
                                .settles_here = is_group ? nullptr : place.is_here,
                                .waits_for_grant = is_group}),
                   .backoff = {.initial = 100ms, .max = 10s}};
  if (!is_group)
    return child;
  child.pool = pool_spec{.size = 1,
                         .redundancy = redundancy_spec{.nodes = place.nodes,
                                                       .mode = redundancy_mode::exclusive,
                                                       .standby = standby_policy::cold}};
  return child;
}

child_spec exceptions_child(const settling_place& place, const handle& ledger, node& node) {
  return settlement::exceptions_child("exceptions", ledger, {.watches_here = place.is_here},
                                      [&node](const std::string& path) { return node.find(path); });
}

} // namespace ducat::cli
