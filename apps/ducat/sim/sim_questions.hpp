/// Questions to a simulated cluster, page by page.
#pragma once

#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/machine.pb.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

constexpr std::uint32_t sim_page_limit = 100;

/// Returns what a node's ledger answers; nothing if it does not, or with an error.
std::optional<v1::Outcome> outcome_of(testing::sim_cluster& on, const std::string& node,
                                      const v1::Question& question);

/// Asks for page after page. `ask_for` sets what the next one begins after; `take` returns whether
/// there is another one. Returns whether all were answered.
bool ask_pages(testing::sim_cluster& on, const std::string& node,
               const std::function<void(v1::Question&)>& ask_for,
               const std::function<bool(const v1::Outcome&)>& take);

/// Adds a page to what came before; returns whether there is another one.
template <class T, class Reply>
bool add_page(std::vector<T>& to, const Reply& reply) {
  to.insert(to.end(), reply.data().begin(), reply.data().end());
  return reply.has_more() && !reply.data().empty();
}

/// Returns all payments; nothing if the node does not answer.
std::optional<std::vector<v1::Payment>> payments_at(testing::sim_cluster& on,
                                                    const std::string& node);

/// The same of events.
std::optional<std::vector<v1::Event>> events_at(testing::sim_cluster& on, const std::string& node);

} // namespace ducat::cli
