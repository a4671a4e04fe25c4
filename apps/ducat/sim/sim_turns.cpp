#include "sim/sim_turns.hpp"

#include "sim/sim_questions.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration turn_patience = 20s; ///< Until another node has taken the log over.

/// All that the writer says.
struct whole_state {
  std::vector<v1::Account> accounts{};
  std::vector<v1::Payment> payments{};
  std::vector<v1::Event> events{};
};

std::optional<whole_state> state_at(sim_cluster& on, const std::string& node) {
  v1::Question accounts;
  accounts.mutable_accounts()->set_limit(sim_page_limit);
  const auto told = outcome_of(on, node, accounts);
  auto payments = payments_at(on, node);
  auto events = events_at(on, node);
  if (!told || !payments || !events)
    return std::nullopt;
  return whole_state{.accounts = {told->accounts().data().begin(), told->accounts().data().end()},
                     .payments = std::move(*payments),
                     .events = std::move(*events)};
}

/// Bytes may differ in the order of a map.
template <class T>
bool is_same(const T& one, const T& other) {
  return one.SerializeAsString() == other.SerializeAsString() ||
         one.ShortDebugString() == other.ShortDebugString();
}

template <class T>
std::string first_difference(const std::vector<T>& one, const std::vector<T>& other,
                             const char* what) {
  const std::size_t both = std::min(one.size(), other.size());
  for (std::size_t i = 0; i < both; ++i)
    if (!is_same(one[i], other[i]))
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
