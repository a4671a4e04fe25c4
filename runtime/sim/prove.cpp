/// Many runs of a flow, and what they prove.

#include "sim/claims.hpp"
#include "sim/fault_menu.hpp"

#include <ducat/check.hpp>
#include <ducat/testing/prove.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>

namespace ducat::testing {

namespace {

using sim::fault_menu;
using sim::placed_fault;

std::vector<trial_result> run_one_by_one(const flow_maker& make, const std::vector<trial>& all) {
  std::vector<trial_result> made;
  for (const trial& each : all)
    made.push_back(run_trial(make, each));
  return made;
}

std::vector<std::string> points_that_throw() {
  std::vector<std::string> names;
  for (const fault_point_status& each : list_fault_points())
    if (each.scope == fault_scope::actor)
      names.emplace_back(each.name);
  return names;
}

/// Thousands of runs log nothing while it lives.
class silence {
public:
  silence() {
    spdlog::apply_all([this](const std::shared_ptr<spdlog::logger>& each) {
      levels_[each] = each->level();
      each->set_level(spdlog::level::off);
    });
  }

  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;

  ~silence() {
    for (const auto& [each, level] : levels_)
      each->set_level(level);
  }

private:
  std::map<std::shared_ptr<spdlog::logger>, spdlog::level::level_enum> levels_;
};

/// A run with one fault.
struct single {
  placed_fault first;
  trial_result run;
};

class proof {
public:
  proof(const flow_maker& make, const prove_options& options)
      : make_{make}, options_{options}, points_that_throw_{points_that_throw()} {
    const flow of = make();
    made_ = {.flow = of.name, .maker = of.maker, .requests = {}, .lease = options.lease};
    nodes_ = of.nodes;
    for (const flow_request& each : of.requests)
      made_.requests.push_back(each.id);
    for (const char* each : {sim::claim_ends, sim::claim_answered, sim::claim_same})
      made_.claims.push_back({each});
    if (of.effects)
      made_.claims.push_back({sim::claim_once});
    if (of.view)
      made_.claims.push_back({sim::claim_agree});
    for (const flow_claim& each : of.claims)
      made_.claims.push_back({each.name});
  }

  certificate run() {
    for (const std::uint64_t seed : options_.seeds)
      explore(seed);
    std::ranges::stable_sort(made_.shortest, {},
                             [](const failed_trial& each) { return each.what.faults.size(); });
    made_.shortest.resize(std::min(made_.shortest.size(), failed_trials_shown));
    return std::move(made_);
  }

private:
  trial trial_of(std::uint64_t seed, std::vector<flow_fault> faults) const {
    return {.seed = seed, .faults = std::move(faults), .lease = options_.lease};
  }

  fault_menu menu_of(const trial_result& run, const std::vector<child_place>& children,
                     std::uint64_t from) const {
    return {run,
            {.between = options_.between,
             .nodes = nodes_,
             .children = children,
             .points_that_throw = points_that_throw_,
             .from = from}};
  }

  /// Runs them, and takes down what came of them.
  std::vector<trial_result> try_all(const std::vector<trial>& all) {
    if (all.empty())
      return {};
    auto results = options_.run ? options_.run(make_, all) : run_one_by_one(make_, all);
    DUCAT_CHECK(results.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      take_down(all[i], results[i]);
    return results;
  }

  void take_down(const trial& what, const trial_result& run) {
    made_.faults += what.faults.size();
    made_.came_too_late += what.faults.size() - run.struck;
    for (const flow_fault& each : what.faults)
      ++made_.broken_by[std::string{to_string(each.what)}];
    for (const std::string& each : run.answers)
      ++made_.answers[each];
    for (claim_count& each : made_.claims) {
      const bool is_broken =
          std::ranges::find(run.broken, each.claim, &broken_claim::claim) != run.broken.end();
      ++(is_broken ? each.broken : each.held);
    }
    if (run.holds())
      return;
    ++made_.failed;
    made_.shortest.push_back({what, run.broken});
  }

  void explore(std::uint64_t seed) {
    const trial_result whole = try_all({trial_of(seed, {})}).front();
    ++made_.without;
    explored_seed found{.seed = seed, .messages = whole.messages, .children = whole.children};
    for (const point_hit& each : whole.hits)
      ++found.points[each.point];
    if (whole.holds()) {
      const auto singles = try_singles(seed, whole);
      try_pairs(seed, singles, whole.children, found);
    }
    made_.seeds.push_back(std::move(found));
  }

  std::vector<single> try_singles(std::uint64_t seed, const trial_result& whole) {
    const fault_menu menu = menu_of(whole, whole.children, 0);
    std::vector<placed_fault> faults;
    for (std::uint64_t i = 0; i < menu.size(); ++i)
      faults.push_back(menu.at(i));
    std::ranges::stable_sort(faults, {}, &placed_fault::after);
    std::vector<trial> trials;
    for (const placed_fault& each : faults)
      trials.push_back(trial_of(seed, {each.what}));
    auto results = try_all(trials);
    made_.singles += trials.size();
    std::vector<single> made;
    for (std::size_t i = 0; i < faults.size(); ++i)
      made.push_back({std::move(faults[i]), std::move(results[i])});
    return made;
  }

  void try_pairs(std::uint64_t seed, const std::vector<single>& singles,
                 const std::vector<child_place>& children, explored_seed& found) {
    std::vector<fault_menu> menus;
    std::vector<std::uint64_t> ends; // Of the numbers of each menu, among all.
    for (const single& each : singles) {
      menus.push_back(menu_of(each.run, each.run.holds() ? children_of(each, children) : children,
                              each.first.after));
      found.pairs_possible += each.run.holds() ? menus.back().size() : 0;
      ends.push_back(found.pairs_possible);
    }
    std::vector<trial> trials;
    for (const std::uint64_t number :
         sim::draw_numbers(seed, options_.pairs_max, found.pairs_possible)) {
      const auto at =
          static_cast<std::size_t>(std::ranges::upper_bound(ends, number) - ends.begin());
      const std::uint64_t begin = at == 0 ? 0 : ends[at - 1];
      trials.push_back(trial_of(seed, {singles[at].first.what, menus[at].at(number - begin).what}));
    }
    std::ignore = try_all(trials);
    made_.pairs += trials.size();
  }

  /// Those that took part without the fault, or did with it.
  static std::vector<child_place> children_of(const single& of,
                                              const std::vector<child_place>& without) {
    std::set<child_place> all{without.begin(), without.end()};
    all.insert(of.run.children.begin(), of.run.children.end());
    return {all.begin(), all.end()};
  }

  const flow_maker& make_;
  const prove_options& options_;
  const std::vector<std::string> points_that_throw_;
  std::vector<std::string> nodes_;
  certificate made_;
};

} // namespace

certificate prove(const flow_maker& make, const prove_options& options) {
  const silence while_it_runs;
  return proof{make, options}.run();
}

} // namespace ducat::testing
