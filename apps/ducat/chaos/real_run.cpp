#include "chaos/real_run.hpp"

#include "chaos/striker.hpp"
#include "demo/node_calls.hpp"
#include "demo/report.hpp"
#include "load/generate.hpp"
#include "load/import.hpp"
#include "load/progress.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <thread>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr duration first_limit = 5min;   ///< Until anything is acknowledged.
constexpr duration heal_limit = 60s;     ///< Until all nodes are whole after the last fault.
constexpr duration resolve_limit = 2min; ///< Until an outcome is known.
constexpr duration forever = std::chrono::hours{48};
constexpr duration agree_limit = 20s; ///< Until all nodes are equally far.
constexpr duration look_every = 20ms;
constexpr std::uint64_t per_second_max = 4'000;

bool loses_power(const fault_schedule& what) {
  return std::ranges::count(what.rules, fault_action::power_loss, &fault_rule::what) > 0;
}

/// Clients that pay until they are told that it is over, on a thread of their own.
class paying_clients {
public:
  paying_clients(std::string endpoints, const real_run_options& options)
      : endpoints_{std::move(endpoints)}, options_{options} {}

  paying_clients(const paying_clients&) = delete;
  paying_clients& operator=(const paying_clients&) = delete;

  ~paying_clients() {
    if (thread_.joinable())
      finish();
  }

  /// Errors: io.
  result<void> begin() {
    const std::uint64_t seconds =
        1 +
        static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(options_.length) / 1s);
    std::ofstream file{payments()};
    generate({.payments = options_.payments == 0 ? per_second_max * seconds : options_.payments,
              .accounts = 200,
              .merchants = 20,
              .seed = options_.schedule.seed},
             file);
    if (!file.flush())
      return fail(errc::io, "cannot write " + payments().string());
    thread_ = std::thread{[this] { pay(); }};
    return {};
  }

  /// Returns how many requests have been acknowledged.
  std::uint64_t acknowledged() const noexcept { return acknowledged_; }

  bool are_done() const noexcept { return is_done_; }

  void begin_no_more() noexcept { is_over_ = true; }

  /// Gives up what has no answer yet.
  const result<import_summary>& finish() {
    begin_no_more();
    is_vain_ = true;
    thread_.join();
    return summary_;
  }

  std::filesystem::path record() const { return options_.directory / "acknowledged.jsonl"; }

private:
  std::filesystem::path payments() const { return options_.directory / "payments.jsonl"; }

  void pay() {
    std::ifstream in{payments()};
    progress_display display{options_.progress};
    summary_ = run_import({.endpoint = endpoints_,
                           .in_flight = options_.in_flight,
                           .record = record(),
                           .retry_for = forever,
                           .attempt = options_.attempt,
                           .is_over = [this] { return is_over_.load(); },
                           .is_vain = [this] { return is_vain_.load(); }},
                          in, [&](const import_summary& so_far) {
                            acknowledged_ = so_far.acknowledged;
                            display.show(so_far);
                          });
    display.clear();
    is_done_ = true;
  }

  std::string endpoints_;
  const real_run_options& options_;
  std::atomic<std::uint64_t> acknowledged_ = 0;
  std::atomic<bool> is_over_ = false;
  std::atomic<bool> is_vain_ = false;
  std::atomic<bool> is_done_ = false;
  result<import_summary> summary_;
  std::thread thread_;
};

class real_run {
public:
  real_run(stage& on, const real_run_options& options)
      : on_{on}, options_{options}, clients_{endpoints_of(on), options} {}

  result<chaos_measurements> run() {
    made_ = {.stage = {}, .seed = options_.schedule.seed, .length = options_.length};
    if (auto begun = clients_.begin(); !begun)
      return tl::unexpected(begun.error());
    if (!tend_until(first_limit, [this] { return clients_.acknowledged() > 0; }))
      return fail(errc::unavailable, "nothing was acknowledged");
    break_things();
    heal();
    if (auto checked = check(); !checked)
      return tl::unexpected(checked.error());
    return made_;
  }

private:
  /// Looks again and again, and lets the stage start what has ended; returns whether it was so in
  /// time.
  template <class Look>
  bool tend_until(duration limit, Look is_so) {
    const auto end = steady_clock::now() + limit;
    while (!is_so()) {
      if (steady_clock::now() >= end)
        return false;
      on_.tend();
      ::poll(nullptr, 0, static_cast<int>(look_every / 1ms));
    }
    return true;
  }

  void break_things() {
    const auto origin = steady_clock::now();
    origin_ns_ = static_cast<std::uint64_t>(
        std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count());
    striker hands{on_, origin};
    const auto events = events_of(options_.schedule, on_.nodes());
    planned_ = events.size();
    for (const fault_event& each : events) {
      const auto is_due = [&] { return steady_clock::now() >= origin + each.at; };
      (void)tend_until(options_.length, [&] { return is_due() || clients_.are_done(); });
      if (clients_.are_done())
        break;
      hands.strike(each);
    }
    const auto is_over = [&] {
      return clients_.are_done() || steady_clock::now() >= origin + options_.length;
    };
    (void)tend_until(options_.length, is_over);
    clients_.begin_no_more();
    hands.heal();
    made_.faults = hands.struck();
  }

  /// Waits until all is whole and every outcome known.
  void heal() {
    const auto begin = steady_clock::now();
    const bool is_well = tend_until(heal_limit, [this] { return is_whole(on_); });
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
    add("healed after", std::to_string(took.count()) + " ms", "60 s at most", is_well);
    (void)tend_until(resolve_limit, [this] { return clients_.are_done(); });
    for (const std::string& node : on_.nodes())
      made_.restarts.emplace_back(node, on_.lives(node) - 1);
  }

  result<void> check() {
    const auto& summary = clients_.finish();
    if (!summary)
      return tl::unexpected(summary.error());
    const auto accounts = accounts_of(endpoints_of(on_));
    if (!accounts)
      return tl::unexpected(accounts.error());
    std::uint64_t agreeing = 0;
    (void)tend_until(agree_limit,
                     [&] { return (agreeing = nodes_with_one_log()) == on_.nodes().size(); });
    auto found = on_.check(clients_.record());
    if (!found)
      return tl::unexpected(found.error());
    add_differences(*accounts, *found);
    std::ifstream record{clients_.record(), std::ios::binary};
    made_.seconds = load_by_second(record, origin_ns_);
    judge(*summary, *found, agreeing);
    return {};
  }

  /// Returns how many nodes say the same of the newest entry of the log as the first.
  std::uint64_t nodes_with_one_log() {
    std::uint64_t count = 0;
    std::string first;
    for (const std::string& node : on_.nodes())
      if (const auto status = status_of(on_.endpoint(node))) {
        const std::string log = std::to_string(status->log_index()) + " " + status->log_hash();
        first = first.empty() ? log : first;
        count += log == first ? 1 : 0;
      }
    return count;
  }

  void judge(const import_summary& summary, const verdict& found, std::uint64_t agreeing) {
    std::ranges::move(measures_of({.faults = made_.faults,
                                   .clients = summary,
                                   .found = found,
                                   .planned = planned_,
                                   .loses_power = loses_power(options_.schedule),
                                   .nodes = on_.nodes().size(),
                                   .agreeing = agreeing},
                                  options_.bounds),
                      std::back_inserter(made_.measures));
    const bool has_stopped = on_.stop();
    add("stopped in order", has_stopped ? "yes" : "no", "yes", has_stopped);
    for (const finding& each : found.found.kept()) {
      std::ostringstream text;
      text << each;
      made_.findings.push_back(text.str());
    }
  }

  void add(const std::string& name, const std::string& value, const std::string& bound,
           bool is_met) {
    made_.measures.push_back({.name = name, .value = value, .bound = bound, .is_met = is_met});
  }

  stage& on_;
  const real_run_options& options_;
  paying_clients clients_;
  chaos_measurements made_;
  std::uint64_t origin_ns_ = 0;
  std::uint64_t planned_ = 0;
};

} // namespace

result<chaos_measurements> run_on(stage& on, const real_run_options& options) {
  return real_run{on, options}.run();
}

} // namespace ducat::cli
