/// Bytes for each idle supervised actor, and how fast they start. Each run is one shape:
/// instances  N children of one supervisor, simple_one_for_one
/// children   N children of one supervisor, each with a spec of its own
/// nested     N children in supervisors of 1,000 each
/// bare CAF   N actors that nobody supervises

#include "harness.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/spawn.hpp>
#include <ducat/supervisor.hpp>

#include <CLI/CLI.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

using namespace ducat::bench;

namespace {

struct arguments {
  std::string shape = "instances";
  std::size_t count = 100'000;
};

caf::behavior idle(caf::event_based_actor*) {
  return {[](int value) { return value; }};
}

struct footprint {
  double resident;  ///< Of the process, bytes.
  double allocated; ///< By malloc, bytes in use.
};

footprint measure_footprint() {
  std::ifstream statm{"/proc/self/statm"};
  double all = 0;
  double resident = 0;
  statm >> all >> resident;
  const struct mallinfo2 info = ::mallinfo2();
  return {resident * static_cast<double>(::sysconf(_SC_PAGESIZE)),
          static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd)};
}

ducat::supervisor_spec children(std::size_t count) {
  ducat::supervisor_spec spec;
  for (std::size_t i = 0; i < count; ++i)
    spec.children.push_back({.id = std::to_string(i), .start = ducat::start(idle)});
  return spec;
}

ducat::supervisor_spec nested(std::size_t count) {
  constexpr std::size_t each = 1'000;
  const auto inner = std::make_shared<const ducat::supervisor_spec>(children(each));
  ducat::supervisor_spec spec;
  for (std::size_t i = 0; i * each < count; ++i)
    spec.children.push_back({.id = std::to_string(i), .supervisor = inner});
  return spec;
}

/// Starts `count` instances under `root`, and returns when the last one has started.
void start_instances(caf::actor_system& system, const caf::actor& root, std::size_t count) {
  caf::scoped_actor self{system};
  constexpr std::size_t at_once = 1'000;
  for (std::size_t started = 0; started < count; started += at_once) {
    const std::size_t some = std::min(at_once, count - started);
    for (std::size_t i = 1; i < some; ++i)
      caf::anon_send(root,
                     ducat::start_instance()); // Its answer would wait in the mailbox of self.
    // Requests are served in order: when the last of these has been, the others have too.
    self->request(root, caf::infinite, ducat::start_instance())
        .receive([](const ducat::change_reply&) {}, [](const caf::error&) { std::abort(); });
  }
}

void tell(const arguments& given, const footprint& before, double seconds) {
  const footprint after = measure_footprint();
  const auto count = static_cast<double>(given.count);
  const bool bare = given.shape == "bare CAF";
  const std::string how = (bare ? "instances" : given.shape) + ", " + std::to_string(given.count);
  const std::string side = bare ? "bare CAF" : "ducat";
  print({"memory", how + ", resident", side, "B", (after.resident - before.resident) / count});
  print({"memory", how + ", allocated", side, "B", (after.allocated - before.allocated) / count});
  print({"memory", how + ", starts", side, "1/s", count / seconds});
}

/// Returns how many workers run.
double count_running(const ducat::directory& names) {
  const auto all = names.list();
  return static_cast<double>(std::ranges::count_if(all, [](const ducat::child_status& child) {
    return child.what == ducat::child_status::role::worker &&
           child.now == ducat::child_status::state::running;
  }));
}

void bare(caf::actor_system& system, const arguments& given) {
  static std::atomic<std::size_t> started{0};
  const auto counted = [](caf::event_based_actor* self) {
    ++started;
    return idle(self);
  };
  const footprint before = measure_footprint();
  const auto begin = clock::now();
  std::vector<caf::actor> actors;
  for (std::size_t i = 0; i < given.count; ++i)
    actors.push_back(ducat::spawn_function(system, counted));
  while (started < given.count)
    std::this_thread::yield();
  tell(given, before, seconds_since(begin));
}

void supervised(caf::actor_system& system, const arguments& given) {
  const footprint before = measure_footprint();
  const auto begin = clock::now();
  const bool dynamic = given.shape == "instances";
  ducat::supervisor_spec spec = dynamic                     ? children(1)
                                : given.shape == "children" ? children(given.count)
                                                            : nested(given.count);
  if (dynamic)
    spec.flags.strategy = ducat::simple_one_for_one;
  const auto names = std::make_shared<ducat::directory>();
  const caf::actor root = ducat::start_tree(system, spec, {.directory = names}).value();
  spec = {};
  if (dynamic)
    start_instances(system, root, given.count);
  tell(given, before, seconds_since(begin));
  print({"memory", given.shape + ", " + std::to_string(given.count) + ", running", "ducat", "1",
         count_running(*names) / static_cast<double>(given.count)});
  const auto stopping = clock::now();
  ducat::stop_tree(system, root);
  print({"memory", given.shape + ", " + std::to_string(given.count) + ", stops", "ducat", "1/s",
         static_cast<double>(given.count) / seconds_since(stopping)});
}

} // namespace

int main(int argc, char** argv) {
  arguments given;
  CLI::App app{"Measures the memory of idle actors."};
  app.add_option("--shape", given.shape)
      ->check(CLI::IsMember({"instances", "children", "nested", "bare CAF"}));
  app.add_option("--count", given.count);
  CLI11_PARSE(app, argc, argv);
  log_to("");
  system_config config;
  caf::actor_system system{config};
  given.shape == "bare CAF" ? bare(system, given) : supervised(system, given);
  return 0;
}
