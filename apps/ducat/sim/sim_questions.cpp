#include "sim/sim_questions.hpp"

#include <ducat/durable.hpp>

namespace ducat::cli {

using testing::sim_cluster;

std::optional<v1::Outcome> outcome_of(sim_cluster& on, const std::string& node,
                                      const v1::Question& question) {
  v1::Outcome outcome;
  const auto told = on.ask<answer>(node, "ledger", query{question.SerializeAsString()});
  if (!told || !outcome.ParseFromString(told->text) || outcome.has_error())
    return std::nullopt;
  return outcome;
}

bool ask_pages(sim_cluster& on, const std::string& node,
               const std::function<void(v1::Question&)>& ask_for,
               const std::function<bool(const v1::Outcome&)>& take) {
  for (;;) {
    v1::Question question;
    ask_for(question);
    const auto outcome = outcome_of(on, node, question);
    if (!outcome)
      return false;
    if (!take(*outcome))
      return true;
  }
}

std::optional<std::vector<v1::Payment>> payments_at(sim_cluster& on, const std::string& node) {
  std::vector<v1::Payment> all;
  const bool is_told = ask_pages(
      on, node,
      [&](v1::Question& next) {
        next.mutable_payments()->set_limit(sim_page_limit);
        if (!all.empty())
          next.mutable_payments()->set_starting_after(all.back().id());
      },
      [&](const v1::Outcome& told) { return add_page(all, told.payments()); });
  return is_told ? std::optional{std::move(all)} : std::nullopt;
}

std::optional<std::vector<v1::Event>> events_at(sim_cluster& on, const std::string& node) {
  std::vector<v1::Event> all;
  const bool is_told = ask_pages(
      on, node,
      [&](v1::Question& next) {
        next.mutable_events()->set_limit(sim_page_limit);
        if (!all.empty())
          next.mutable_events()->set_after(all.back().id());
      },
      [&](const v1::Outcome& told) { return add_page(all, told.events()); });
  return is_told ? std::optional{std::move(all)} : std::nullopt;
}

} // namespace ducat::cli
