/// One run of a flow.

#include "sim/claims.hpp"
#include "sim/flow_client.hpp"

#include <ducat/testing/prove.hpp>
#include <ducat/testing/sim_faults.hpp>

#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

namespace ducat::testing {

using namespace std::chrono_literals;

namespace {

constexpr duration begin_time = 500ms;  ///< Until somebody writes the log.
constexpr duration answer_limit = 1min; ///< Longer than anything is broken.
constexpr duration agree_limit = 30s;
constexpr duration agree_pause = 200ms;

/// Breaks what a trial says while the flow runs.
class breaker_of_trial {
public:
  breaker_of_trial(sim_cluster& on, const trial& what)
      : on_{on}, what_{what}, begin_{on.messages()} {
    on_.at_points([this](const std::string&, std::string_view point) { return come_to(point); });
    for (const flow_fault& each : what_.faults)
      if (each.point.empty())
        on_.after_messages(each.at, [this, &each, open = is_open_] {
          if (*open)
            strike_between(each);
        });
    std::ignore = on_.take_busy_children();
  }

  breaker_of_trial(const breaker_of_trial&) = delete;
  breaker_of_trial& operator=(const breaker_of_trial&) = delete;

  ~breaker_of_trial() { *is_open_ = false; }

  /// Nothing breaks any more. Says what there was.
  void end(trial_result& made) {
    *is_open_ = false;
    made.messages = on_.messages() - begin_;
    made.children = on_.take_busy_children();
    made.hits = std::move(hits_);
    made.struck = struck_;
    heal(on_);
  }

private:
  void strike_between(const flow_fault& what) {
    ++struck_;
    strike(on_, {.what = what.what, .node = what.node, .child = what.child, .lease = what_.lease});
  }

  std::optional<fault> come_to(std::string_view point) {
    const std::string name{point};
    const std::uint64_t number = ++count_[name];
    hits_.push_back({name, number, on_.messages() - begin_});
    const auto found = std::ranges::find_if(what_.faults, [&](const flow_fault& each) {
      return each.point == name && each.at == number;
    });
    if (found == what_.faults.end())
      return std::nullopt;
    ++struck_;
    return fault{.kind = kind_at_point(found->what), .lease = what_.lease};
  }

  sim_cluster& on_;
  const trial& what_;
  const std::uint64_t begin_;
  const std::shared_ptr<bool> is_open_ = std::make_shared<bool>(true);
  std::map<std::string, std::uint64_t> count_;
  std::vector<point_hit> hits_;
  std::uint64_t struck_ = 0;
};

/// Judges a run when all is healed.
class judge {
public:
  judge(sim_cluster& on, const flow& of, sim::flow_client& client)
      : on_{on}, of_{of}, client_{client} {}

  /// What was acknowledged is there before anybody asks again, and there once when somebody has.
  std::vector<broken_claim> judge_all() {
    judge_state();
    ask_again();
    judge_state();
    return std::move(broken_);
  }

private:
  void note(const std::string& claim, std::string why) {
    if (std::ranges::find(broken_, claim, &broken_claim::claim) == broken_.end())
      broken_.push_back({claim, std::move(why)});
  }

  void judge_state() {
    judge_views();
    judge_effects();
    for (const flow_claim& each : of_.claims)
      if (auto why = each.judge(on_); !why.empty())
        note(each.name, std::move(why));
  }

  /// Whoever has asked has one answer, now and later, wherever it asks.
  void ask_again() {
    for (const flow_request& each : of_.requests) {
      if (client_.answers(each).empty()) {
        note(sim::claim_answered, each.id);
        continue;
      }
      for (const std::string& node : on_.nodes())
        if (!client_.ask_at(each, node, answer_limit))
          note(sim::claim_answered, each.id + " at " + node + " in the end");
      const auto all = client_.answers(each);
      for (const std::string& other : all)
        if (other != all.front())
          note(sim::claim_same, each.id + ": first " + all.front() + ", then " + other);
    }
  }

  void judge_effects() {
    std::set<std::string> seen;
    if (of_.effects)
      for (const std::string& each : of_.effects(on_))
        if (!seen.insert(each).second)
          note(sim::claim_once, each);
  }

  /// Returns what two nodes say, if they differ.
  std::string difference() {
    const std::string& first = on_.nodes().front();
    const std::string expected = of_.view(on_, first);
    for (const std::string& node : on_.nodes())
      if (const std::string said = of_.view(on_, node); said != expected)
        return first + ": " + expected + ", " + node + ": " + said;
    return {};
  }

  void judge_views() {
    if (!of_.view)
      return;
    const time_point end = on_.now() + agree_limit;
    std::string found = difference();
    for (; !found.empty() && on_.now() < end; found = difference())
      on_.run_for(agree_pause);
    if (!found.empty())
      note(sim::claim_agree, std::move(found));
  }

  sim_cluster& on_;
  const flow& of_;
  sim::flow_client& client_;
  std::vector<broken_claim> broken_;
};

} // namespace

trial_result run_trial(const flow_maker& make, const trial& what) {
  const flow of = make();
  trial_result made;
  sim_cluster on{{.seed = what.seed, .nodes = of.nodes, .speaks = of.speaks}, of.describe};
  on.run_for(begin_time);
  if (of.prepare)
    of.prepare(on);
  sim::flow_client client{on};
  {
    breaker_of_trial breaker{on, what};
    for (const flow_request& each : of.requests)
      if (!client.ask(each, what.seed, answer_limit))
        break;
    on.run_for(of.aftermath);
    breaker.end(made);
  }
  for (const flow_request& each : of.requests)
    if (const auto all = client.answers(each); !all.empty())
      made.answers.push_back(each.id + ": " + all.front());
  made.broken = judge{on, of, client}.judge_all();
  made.trace = on.trace();
  return made;
}

std::ostream& operator<<(std::ostream& out, const trial_result& run) {
  out << run.messages << " messages, " << run.struck << " faults";
  for (const broken_claim& each : run.broken)
    out << "\nbroken: " << each.claim << ": " << each.why;
  return out;
}

std::ostream& operator<<(std::ostream& out, const flow_fault& what) {
  out << what.what;
  if (!what.point.empty())
    return out << " at hit " << what.at << " of " << what.point;
  if (!what.child.empty())
    out << " in " << what.child;
  if (!what.node.empty())
    out << " on " << what.node;
  return out << " after message " << what.at;
}

} // namespace ducat::testing
