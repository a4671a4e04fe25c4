/// What is built and used has no bugs planted in it, and no way to plant one.

#include "sim/sim_command.hpp"

#include <ducat/planted.hpp>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace ducat::cli {
namespace {

#ifndef DUCAT_PLANTED_BUGS

static_assert(!planted::is_on(planted::bug::acknowledge_before_commit));
static_assert(!planted::is_on(planted::bug::resent_instead_of_reversed));

TEST(PlantedBugs, CannotBeAskedForInABuildWithoutThem) {
  for (const char* asked : {"sim --planted", "sim --plant captured_twice"}) {
    CLI::App app;
    sim_arguments arguments;
    add_sim_command(app, arguments, [] {});
    EXPECT_THROW(app.parse(asked), CLI::ExtrasError) << asked;
  }
}

#else

TEST(PlantedBugs, AreThereOneAtATime) {
  for (const planted::description& each : planted::all()) {
    EXPECT_EQ(planted::named(each.name), each.which);
    planted::plant(each.which);
    for (const planted::description& other : planted::all())
      EXPECT_EQ(planted::is_on(other.which), other.which == each.which) << each.name;
  }
  planted::plant(planted::bug::none);
}

#endif

} // namespace
} // namespace ducat::cli
