#include "sim/sim_turns.hpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration turn_patience = 20s; ///< Until another node has taken the log over.
constexpr std::uint32_t page = 100;

/// All that the writer says.
struct whole_state {
  std::vector<v1::Account> accounts{};
  std::vector<v1::Payment> payments{};
  std::vector<v1::Event> events{};
};

std::optional<v1::Outcome> outcome_of(sim_cluster& on, const std::string& node,
                                      const v1::Question& question) {
  v1::Outcome outcome;
  const auto told = on.ask<answer>(node, "ledger", query{question.SerializeAsString()});
  if (!told || !outcome.ParseFromString(told->text) || outcome.has_error())
    return std::nullopt;
  return outcome;
}

/// Asks for page after page. `ask_for` sets what the next one begins after; `take` returns whether
/// there is another one.
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

template <class T, class Reply>
bool add_page(std::vector<T>& to, const Reply& reply) {
  to.insert(to.end(), reply.data().begin(), reply.data().end());
  return reply.has_more() && !reply.data().empty();
}

std::optional<whole_state> state_at(sim_cluster& on, const std::string& node) {
  whole_state all;
  const bool is_told =
      ask_pages(
          on, node, [](v1::Question& next) { next.mutable_accounts()->set_limit(page); },
          [&](const v1::Outcome& told) {
            add_page(all.accounts, told.accounts());
            return false;
          }) &&
      ask_pages(
          on, node,
          [&](v1::Question& next) {
            next.mutable_payments()->set_limit(page);
            if (!all.payments.empty())
              next.mutable_payments()->set_starting_after(all.payments.back().id());
          },
          [&](const v1::Outcome& told) { return add_page(all.payments, told.payments()); }) &&
      ask_pages(
          on, node,
          [&](v1::Question& next) {
            next.mutable_events()->set_limit(page);
            if (!all.events.empty())
              next.mutable_events()->set_after(all.events.back().id());
          },
          [&](const v1::Outcome& told) { return add_page(all.events, told.events()); });
  return is_told ? std::optional{std::move(all)} : std::nullopt;
}

template <class T>
std::string first_difference(const std::vector<T>& one, const std::vector<T>& other,
                             const char* what) {
  const std::size_t both = std::min(one.size(), other.size());
  for (std::size_t i = 0; i < both; ++i)
    if (one[i].SerializeAsString() != other[i].SerializeAsString())
      return std::string{what} + " " + one[i].ShortDebugString() + " is " +
             other[i].ShortDebugString();
  return one.size() == other.size()
             ? ""
             : std::to_string(one.size()) + " " + what + "s are " + std::to_string(other.size());
}

std::string first_difference(const whole_state& one, const whole_state& other) {
  for (const std::string& each : {first_difference(one.accounts, other.accounts, "account"),
                                  first_difference(one.payments, other.payments, "payment"),
                                  first_difference(one.events, other.events, "event")})
    if (!each.empty())
      return each;
  return {};
}

/// The events of a payment are numbered from 1, and the last one shows it as it is.
void check_events(const whole_state& told, std::vector<std::string>& wrong) {
  std::map<std::string, const v1::Event*> newest;
  for (const v1::Event& each : told.events) {
    const v1::Event*& before = newest[each.payment_id()];
    const std::uint64_t due = before == nullptr ? 1 : before->payment_seq() + 1;
    if (each.payment_seq() != due)
      wrong.push_back("event " + std::to_string(due) + " of payment " + each.payment_id() +
                      " is missing");
    before = &each;
  }
  for (const v1::Payment& each : told.payments) {
    const auto found = newest.find(each.id());
    if (found == newest.end() || found->second->payment().state() != each.state() ||
        found->second->payment().refunded() != each.refunded())
      wrong.push_back("no event tells how payment " + each.id() + " is");
  }
}

/// Returns whether somebody else than `before` writes the log now, and answers.
bool is_taken_over(sim_cluster& on, const std::string& before) {
  return on.run_until([&] { return on.writer() != before && on.is_alive(on.writer()); },
                      turn_patience);
}

} // namespace

std::vector<std::string> differing_turns(sim_cluster& on) {
  std::vector<std::string> wrong;
  const auto first = state_at(on, on.writer());
  if (!first)
    return {on.writer() + ", which writes the log, does not answer"};
  check_events(*first, wrong);
  const auto compare = [&] {
    const auto now = state_at(on, on.writer());
    const std::string differs = now ? first_difference(*first, *now) : "it does not answer";
    if (!differs.empty())
      wrong.push_back("when " + on.writer() + " writes the log: " + differs);
  };
  for (std::size_t turn = 1; turn < on.nodes().size(); ++turn) {
    const std::string before = on.writer();
    on.kill(before);
    if (!is_taken_over(on, before))
      return {"nobody takes the log over from " + before};
    compare();
  }
  for (const std::string& each : on.nodes())
    on.kill(each);
  for (const std::string& each : on.nodes())
    on.restart(each);
  on.run_for(2s);
  compare();
  return wrong;
}

} // namespace ducat::cli
