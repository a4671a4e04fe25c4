#include "chaos/soak_plan.hpp"

#include "chaos/stage.hpp"
#include "load/random.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kill_every = 2s;
constexpr milliseconds pause_every = 7s;
constexpr milliseconds network_every = 11s;
constexpr milliseconds crash_every = 1'300ms;
constexpr milliseconds power_loss_every = 23s;
constexpr milliseconds full_disk_every = 41s;

constexpr std::uint64_t kills_to_all = 15; ///< One in so many hits everything at once.

const std::vector<std::string>& soaked_points() {
  static const std::vector<std::string> all{"durable.before_append",     "durable.after_append",
                                            "payment.before_first_step", "payment.after_create",
                                            "payment.after_capture",     "payment.after_void",
                                            "payment.after_refund"};
  return all;
}

const std::vector<std::string>& soaked_children() {
  static const std::vector<std::string> all{"payments/w1",     "payments/w2", "payments/w7",
                                            "payments/router", "payments",    "ledger",
                                            "gateway"};
  return all;
}

class soak_planner {
public:
  explicit soak_planner(const soak_options& options)
      : options_{options}, random_{options.seed}, parts_{options.nodes} {
    parts_.insert(parts_.end(), options.members.begin(), options.members.end());
    made_ = {.seed = options.seed, .length = options.length};
  }

  fault_schedule plan() {
    repeat(kill_every, [this, n = 0](milliseconds at) mutable { kill(at, n++); });
    repeat(pause_every, [this](milliseconds at) {
      add(at, {.what = fault_action::pause, .node = part_or_writer(), .lease = some(300, 2'500)});
    });
    repeat(crash_every, [this](milliseconds at) { crash(at); });
    if (options_.network)
      repeat(network_every, [this](milliseconds at) { break_network(at); });
    if (options_.disks) {
      repeat(power_loss_every, [this](milliseconds at) {
        add(at, {.what = fault_action::power_loss, .node = pick(options_.nodes)});
      });
      repeat(full_disk_every, [this](milliseconds at) {
        const std::string& node = pick(options_.nodes);
        add(at, {.what = fault_action::disk_full, .node = node, .lease = some(500, 2'000)});
      });
    }
    return std::move(made_);
  }

private:
  /// Calls `make` again and again, each time up to a tenth of the pace late.
  void repeat(milliseconds pace, const std::function<void(milliseconds)>& make) {
    const auto most = static_cast<std::uint64_t>(pace.count()) / 10;
    for (milliseconds at = pace; at < options_.length; at += pace)
      make(std::min(at + milliseconds{random_.below(most)}, options_.length - 1ms));
  }

  void kill(milliseconds at, int number) {
    const bool is_of_all = random_.below(kills_to_all) == 0;
    const std::string& part = pick(parts_);
    const bool is_of_writer = number % 3 == 0;
    add(at, {.what = fault_action::kill,
             .node = std::string{is_of_writer ? log_writer
                                 : is_of_all  ? every_part
                                              : part}});
  }

  void crash(milliseconds at) {
    const std::string& node = pick(options_.nodes);
    const std::string& point = pick(soaked_points());
    const std::string& child = pick(soaked_children());
    if (random_.below(2) == 0)
      add(at, {.what = fault_action::crash, .point = point, .node = node});
    else
      add(at, {.what = fault_action::crash, .child = child, .node = node});
  }

  void break_network(milliseconds at) {
    constexpr fault_action all[] = {fault_action::partition, fault_action::deaf,
                                    fault_action::slow};
    const fault_action what = all[random_.below(std::size(all))];
    add(at, {.what = what, .node = node_or_writer(), .lease = some(300, 2'500)});
  }

  /// Rules that differ in nothing but their times are one.
  void add(milliseconds at, fault_rule rule) {
    auto& rules = made_.rules;
    const auto same = std::ranges::find_if(rules, [&](const fault_rule& each) {
      return std::tie(each.what, each.point, each.child, each.node, each.lease) ==
             std::tie(rule.what, rule.point, rule.child, rule.node, rule.lease);
    });
    if (same != rules.end())
      return same->at.push_back(at);
    rule.at.push_back(at);
    rules.push_back(std::move(rule));
  }

  milliseconds some(std::uint64_t least_ms, std::uint64_t most_ms) {
    constexpr std::uint64_t step_ms = 100; // Few enough to be rules in common.
    return milliseconds{least_ms + step_ms * random_.below((most_ms - least_ms) / step_ms + 1)};
  }

  std::string node_or_writer() {
    const std::string& node = pick(options_.nodes);
    return random_.below(3) == 0 ? std::string{log_writer} : node;
  }

  std::string part_or_writer() {
    const std::string& part = pick(parts_);
    return random_.below(3) == 0 ? std::string{log_writer} : part;
  }

  const std::string& pick(const std::vector<std::string>& from) {
    return from[random_.below(from.size())];
  }

  const soak_options& options_;
  random_numbers random_;
  std::vector<std::string> parts_;
  fault_schedule made_;
};

} // namespace

fault_schedule plan_soak(const soak_options& options) {
  return soak_planner{options}.plan();
}

} // namespace ducat::cli
