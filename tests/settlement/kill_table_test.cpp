/// The actor is killed at each place where it can be: there is one settlement, one payout of each
/// merchant, and the files are the same.

#include "settlement/settling_node.hpp"

#include <set>

namespace ducat::settlement::test {
namespace {

using trace = std::vector<std::string>;

/// Names of the places where settlement can break, whether or not a test knows them.
std::set<std::string> places() {
  std::set<std::string> all;
  for (const fault_point_status& each : list_fault_points())
    if (each.name.starts_with("settlement."))
      all.emplace(each.name);
  return all;
}

/// Stops the only actor at each place that it comes by. The same place never comes twice in a row.
class stepper {
public:
  stepper() {
    for (const std::string& each : places())
      hold_at(each);
  }

  stepper(const stepper&) = delete;
  stepper& operator=(const stepper&) = delete;

  ~stepper() { let_run(); }

  /// Returns the place that it stands at; empty: it is on its way.
  std::string at() const {
    for (const auto& [place, known] : held_)
      if (fired(place) != known)
        return place;
    return {};
  }

  /// Lets it go on from there.
  void pass(const std::string& place) {
    EXPECT_TRUE(disarm_fault(place));
    hold_at(place);
  }

  /// Has `go` make it go on to `next`, and kills it there, once; from then on it runs.
  template <class Go>
  void kill_at(const std::string& next, Go go) {
    const std::string place = at();
    for (const auto& [each, known] : held_)
      if (each != place) {
        EXPECT_TRUE(disarm_fault(each));
      }
    const std::uint64_t before = fired(next);
    EXPECT_TRUE(arm_fault(next, {.kind = fault_kind::crash}));
    go();
    while (fired(next) == before)
      std::this_thread::yield();
    held_.clear();
  }

  void let_run() {
    for (const auto& [each, known] : held_)
      EXPECT_TRUE(disarm_fault(each));
    held_.clear();
  }

private:
  void hold_at(const std::string& place) {
    held_[place] = fired(place);
    EXPECT_TRUE(arm_fault(place, {.kind = fault_kind::hang, .lease = 600s}));
  }

  std::map<std::string, std::uint64_t> held_; ///< How often each had held it.
};

/// A settlement and a batch that take several steps: of more merchants than one of them takes.
class KillTable : public ::testing::Test {
protected:
  /// Lets a new node settle and pay out; returns what has come of it. Notes the places on its way.
  /// With `known`, a way that it took, it is killed at that place of it.
  result_of_all run(const trace* known = nullptr, std::size_t kill = 0) {
    settling_node node{{.merchants = 100, .is_automatic = true}};
    stepper steps;
    way_.clear();
    if (known != nullptr && kill == 0)
      steps.kill_at(known->front(), [&] { node.open(); });
    node.open();
    const auto go_until = [&](auto is_done) {
      while (!is_done())
        step(steps, known, kill);
    };
    go_until([&] { return node.is_settled(); });
    node.pay_out();
    go_until([&] { return node.is_submitted(); });
    const std::uint64_t begun = node.passes_begun();
    go_until([&] { return node.passes_begun() > begun + 1; });
    return node.all();
  }

  const trace& way() const { return way_; }

private:
  void step(stepper& steps, const trace* known, std::size_t kill) {
    const std::string place = steps.at();
    if (place.empty())
      return;
    way_.push_back(place);
    if (known == nullptr || way_.size() != kill)
      return steps.pass(place);
    EXPECT_EQ(way_, trace(known->begin(), known->begin() + static_cast<std::ptrdiff_t>(kill)));
    steps.kill_at((*known)[kill], [&] { EXPECT_TRUE(disarm_fault(place)); });
  }

  trace way_; ///< Until it was killed.
};

TEST_F(KillTable, WhereverItIsKilledThereIsOneSettlementWithTheSameFiles) {
  const result_of_all undisturbed = run();
  const trace known = way();
  EXPECT_EQ(std::set(known.begin(), known.end()), places()) << "each place is on the way";
  for (std::size_t kill = 0; kill < known.size() && !HasFailure(); ++kill) {
    SCOPED_TRACE("killed at place " + std::to_string(kill) + ", " + known[kill]);
    EXPECT_EQ(run(&known, kill), undisturbed);
  }
}

/// The ledger, which is asked to commit the step, is killed instead.
TEST_F(KillTable, WheneverTheLedgerIsKilledThereIsOneSettlementWithTheSameFiles) {
  const result_of_all undisturbed = run();
  for (const char* point : {"durable.before_append", "durable.after_append"})
    for (const std::uint32_t times : {1U, 2U, 3U, 5U, 8U, 12U}) {
      SCOPED_TRACE(std::string{point} + ", " + std::to_string(times) + " times");
      settling_node node{{.merchants = 100, .is_automatic = true}};
      const std::uint64_t before = fired(point);
      EXPECT_TRUE(arm_fault(point, {.times = times}));
      node.open();
      node.wait_until_settled();
      node.pay_out();
      node.wait_until_submitted();
      (void)disarm_fault(point);
      EXPECT_EQ(fired(point), before + times);
      EXPECT_EQ(node.all(), undisturbed);
    }
}

} // namespace
} // namespace ducat::settlement::test
