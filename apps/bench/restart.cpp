/// From a crash to the first answer of the next life: one client for the time of each restart, then
/// several for the rate. Each run is one side; restart.erl is the side of OTP.

#include "bare_supervisor.hpp"
#include "harness.hpp"
#include "restart_client.hpp"

#include <ducat/supervisor.hpp>

#include <CLI/CLI.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <future>
#include <thread>

using namespace std::chrono_literals;
using namespace ducat::bench;

namespace {

constexpr std::chrono::seconds window{1};
constexpr std::size_t few = 300; ///< Restarts in one window.

struct arguments {
  std::string side = "ducat";
  std::size_t crashes = 20'000;
  std::size_t clients = 8;
  std::size_t children = 100;
  std::string log; ///< Empty: no log.
};

/// One supervisor of `children` victims.
class subject {
public:
  virtual ~subject() = default;
  virtual finder find(std::size_t child) = 0;
};

class under_ducat final : public subject {
public:
  under_ducat(caf::actor_system& system, std::size_t children) : system_{system} {
    ducat::supervisor_spec spec{.flags = {.restarts_max = 1'000'000, .window = window},
                                .children = {}};
    for (std::size_t i = 0; i < children; ++i)
      spec.children.push_back({.id = std::to_string(i), .start = ducat::start(victim)});
    root_ = ducat::start_tree(system, spec, {.directory = names_}).value();
  }

  ~under_ducat() override { ducat::stop_tree(system_, root_); }

  finder find(std::size_t child) override {
    return [handle = names_->find(std::to_string(child))] { return handle.current(); };
  }

private:
  caf::actor_system& system_;
  std::shared_ptr<ducat::directory> names_ = std::make_shared<ducat::directory>();
  caf::actor root_;
};

class under_caf final : public subject {
public:
  under_caf(caf::actor_system& system, std::size_t children)
      : where_{std::make_shared<places>(children)}, root_{system.spawn(bare_supervisor, where_)},
        system_{system} {}

  ~under_caf() override {
    caf::scoped_actor self{system_};
    self->send_exit(root_, caf::exit_reason::kill);
    for (std::size_t i = 0; i < where_->size(); ++i) {
      self->send_exit(where_->at(i), caf::exit_reason::kill);
      where_->put(i, {});
    }
  }

  finder find(std::size_t child) override {
    return [where = where_, child] { return where->at(child); };
  }

private:
  std::shared_ptr<places> where_;
  caf::actor root_;
  caf::actor_system& system_;
};

std::unique_ptr<subject> make_subject(caf::actor_system& system, const arguments& given) {
  if (given.side == "ducat")
    return std::make_unique<under_ducat>(system, given.children);
  return std::make_unique<under_caf>(system, given.children);
}

/// Lets `clients` crash `times` times in all; returns the time of each restart, in microseconds.
std::vector<double> crash(caf::actor_system& system, subject& tree, std::size_t clients,
                          std::size_t times) {
  std::vector<std::future<std::vector<double>>> outcomes;
  for (std::size_t i = 0; i < clients; ++i) {
    auto outcome = std::make_shared<std::promise<std::vector<double>>>();
    outcomes.push_back(outcome->get_future());
    system.spawn(
        restart_client, tree.find(i), times / clients,
        [outcome](std::vector<double> samples) { outcome->set_value(std::move(samples)); });
  }
  std::vector<double> all;
  for (auto& outcome : outcomes)
    for (const double sample : outcome.get())
      all.push_back(sample);
  return all;
}

void run(const arguments& given) {
  system_config config;
  caf::actor_system system{config};
  const auto tree = make_subject(system, given);
  const std::string how = given.log.empty() ? ", no log" : ", logging";
  const auto tell = [&](const std::string& what, const std::string& unit, double value) {
    print({"restart", what + how, given.side, unit, value});
  };
  crash(system, *tree, 1, given.crashes / 10); // Warm up.
  // As in a tree that restarts seldom: the window is empty to begin with.
  std::this_thread::sleep_for(window + 100ms);
  const auto seldom = crash(system, *tree, 1, std::min(given.crashes, few));
  tell("one client, few restarts, p50", "us", percentile(seldom, 0.5));
  tell("one client, few restarts, p99", "us", percentile(seldom, 0.99));
  const auto alone = crash(system, *tree, 1, given.crashes);
  tell("one client, p50", "us", percentile(alone, 0.5));
  tell("one client, p99", "us", percentile(alone, 0.99));
  const auto begin = clock::now();
  const auto busy = crash(system, *tree, given.clients, given.crashes);
  tell("all clients, restarts", "1/s", static_cast<double>(busy.size()) / seconds_since(begin));
  tell("all clients, p50", "us", percentile(busy, 0.5));
  tell("all clients, p99", "us", percentile(busy, 0.99));
  tell("restarts done", "1", static_cast<double>(alone.size() + busy.size()));
}

} // namespace

int main(int argc, char** argv) {
  arguments given;
  CLI::App app{"Measures restarts."};
  app.add_option("--side", given.side)->check(CLI::IsMember({"ducat", "bare CAF"}));
  app.add_option("--crashes", given.crashes);
  app.add_option("--clients", given.clients);
  app.add_option("--children", given.children);
  app.add_option("--log", given.log, "Log to this file, at level info");
  CLI11_PARSE(app, argc, argv);
  log_to(given.log);
  run(given);
  return 0;
}
