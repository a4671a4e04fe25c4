/// Requests per second through the router of a pool, next to CAF's actor_pool and to clients that
/// choose the worker themselves and send to it directly. Each run is one side.

#include "harness.hpp"
#include "request_client.hpp"

#include <ducat/spawn.hpp>
#include <ducat/supervisor.hpp>

#include <CLI/CLI.hpp>
#include <caf/actor_pool.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <future>
#include <iostream>

using namespace ducat::bench;

namespace {

struct arguments {
  std::string side = "ducat";
  std::uint32_t workers = 8;
  std::size_t requests = 1'000'000;
  std::size_t clients = 2;
};

/// Returns how many were answered rightly. `next` makes the choice of one client.
std::size_t ask_all(caf::actor_system& system, const arguments& given, std::size_t requests,
                    const std::function<std::function<caf::actor()>()>& next) {
  std::vector<std::future<std::size_t>> outcomes;
  for (std::size_t i = 0; i < given.clients; ++i) {
    auto outcome = std::make_shared<std::promise<std::size_t>>();
    outcomes.push_back(outcome->get_future());
    system.spawn(request_client, request_plan{.next = next(),
                                              .enveloped = given.side == "ducat",
                                              .requests = requests / given.clients,
                                              .on_end = [outcome](std::size_t right) {
                                                outcome->set_value(right);
                                              }});
  }
  std::size_t right = 0;
  for (auto& outcome : outcomes)
    right += outcome.get();
  return right;
}

/// Prints the rate of `next`. Throws if a request failed.
void measure(caf::actor_system& system, const arguments& given,
             const std::function<std::function<caf::actor()>()>& next) {
  ask_all(system, given, given.requests / 10, next); // Warm up.
  const auto begin = clock::now();
  const auto right = static_cast<double>(ask_all(system, given, given.requests, next));
  print({"router", std::to_string(given.workers) + " workers, requests", given.side, "1/s",
         right / seconds_since(begin)});
  print({"router", std::to_string(given.workers) + " workers, answered rightly", given.side, "1",
         right / static_cast<double>(given.requests / given.clients * given.clients)});
}

void through_the_router(caf::actor_system& system, const arguments& given) {
  const auto names = std::make_shared<ducat::directory>();
  const auto root =
      ducat::start_tree(system,
                        {.flags = {},
                         .children = {{.id = "pool",
                                       .start = ducat::start(doubler),
                                       .pool = ducat::pool_spec{.size = given.workers}}}},
                        {.directory = names});
  const ducat::handle pool = names->find("pool");
  measure(system, given, [=] { return [=] { return pool.current(); }; });
  ducat::stop_tree(system, root.value());
}

void through_an_actor_pool(caf::actor_system& system, const arguments& given) {
  caf::scoped_actor self{system};
  const auto pool = caf::actor_pool::make(
      self->context(), given.workers,
      [&] { return caf::actor{ducat::spawn_function(system, doubler)}; },
      caf::actor_pool::round_robin());
  measure(system, given, [=] { return [=] { return pool; }; });
  self->send_exit(pool, caf::exit_reason::user_shutdown);
}

void directly(caf::actor_system& system, const arguments& given) {
  std::vector<caf::actor> workers;
  for (std::uint32_t i = 0; i < given.workers; ++i)
    workers.push_back(ducat::spawn_function(system, doubler));
  measure(system, given, [=] {
    return [=, turn = std::size_t{0}]() mutable { return workers[turn++ % workers.size()]; };
  });
}

} // namespace

int main(int argc, char** argv) {
  arguments given;
  CLI::App app{"Measures the router."};
  app.add_option("--side", given.side)
      ->check(CLI::IsMember({"ducat", "direct send", "CAF actor_pool"}));
  app.add_option("--workers", given.workers);
  app.add_option("--requests", given.requests);
  app.add_option("--clients", given.clients);
  CLI11_PARSE(app, argc, argv);
  log_to("");
  system_config config;
  caf::actor_system system{config};
  if (given.side == "ducat")
    through_the_router(system, given);
  else if (given.side == "direct send")
    directly(system, given);
  else
    through_an_actor_pool(system, given);
  return 0;
}
