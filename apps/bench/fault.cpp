/// What a fault point costs while nothing is armed, as `ns` of each pass over it:
/// nothing       the loop without a point
/// relaxed load  the loop with one relaxed load of an atomic, and a branch that is not taken
/// ducat         a fault_point
/// libfiu        a point of libfiu, which looks its name up

#ifdef DUCAT_BENCH_FIU
// Its header is C, and asks for this name.
#define FIU_ENABLE 1
#include <fiu-control.h>
#include <fiu.h>
#endif

#include "harness.hpp"

#include <ducat/fault.hpp>

#include <CLI/CLI.hpp>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <iostream>

using namespace ducat::bench;

namespace {

inline ducat::fault_point disarmed{"bench.disarmed"};

std::atomic<std::uint32_t> never{0};

/// Keeps a loop from being left out or drawn together.
void keep_pass() {
  asm volatile("" ::: "memory");
}

template <class Pass>
double ns_of_each(std::uint64_t passes, Pass pass) {
  const auto begin = clock::now();
  for (std::uint64_t i = 0; i < passes; ++i) {
    pass();
    keep_pass();
  }
  return seconds_since(begin) * 1e9 / static_cast<double>(passes);
}

void load_once() {
  if (never.load(std::memory_order_relaxed) != 0) [[unlikely]]
    std::abort();
}

double ns_of(const std::string& side, std::uint64_t passes) {
  if (side == "nothing")
    return ns_of_each(passes, [] {});
  if (side == "relaxed load")
    return ns_of_each(passes, load_once);
#ifdef DUCAT_BENCH_FIU
  if (side == "libfiu") {
    fiu_init(0);
    return ns_of_each(passes, [] {
      if (fiu_fail("bench/disarmed") != 0)
        std::abort();
    });
  }
#endif
  return ns_of_each(passes, [] { disarmed.hit(); });
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"What a disarmed fault point costs"};
  std::string side = "ducat";
  std::uint64_t passes = 100'000'000;
  std::vector<std::string> sides{"nothing", "relaxed load", "ducat"};
#ifdef DUCAT_BENCH_FIU
  sides.emplace_back("libfiu");
#endif
  app.add_option("--side", side)->check(CLI::IsMember(sides));
  app.add_option("--passes", passes)->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  (void)ns_of(side, passes / 10); // To warm up.
  print({.bench = "fault",
         .subject = "pass over a point that is disarmed",
         .side = side,
         .unit = "ns",
         .value = ns_of(side, passes)});
}
