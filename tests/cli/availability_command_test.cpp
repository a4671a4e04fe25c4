/// `ducat availability`, against a fake node and without one.

#include "cli/fake_node.hpp"
#include "cli/program_world.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ducat::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

program_result ask(const fake_node& node, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--endpoint", node.endpoint(), "availability"});
  return run_program(std::move(arguments));
}

program_result predict(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--endpoint", "127.0.0.1:1", "availability", "--predict"});
  return run_program(std::move(arguments));
}

TEST(AvailabilityCommand, PrintsALineForEachSubject) {
  const fake_node node;
  const auto shown = ask(node, {});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("as fake has seen it, window start"));
  EXPECT_THAT(shown.out, ::testing::ContainsRegex(
                             "payments +child +serving, fault +1 h 2 m +99.999973 % +75.000 % +1 "
                             "+1 h 2 m +1 ms +99.900 %  active_active, 1 of 8"));
  EXPECT_THAT(shown.out, HasSubstr("3 times one was left out"));
}

TEST(AvailabilityCommand, PrintsNoNumberWhereThereIsNone) {
  const fake_node node;
  EXPECT_THAT(ask(node, {}).out,
              ::testing::ContainsRegex("gateway +child +serving +0 us +- +- +0 +- +- +-  -"));
}

TEST(AvailabilityCommand, AsksForASubjectAndAWindow) {
  const fake_node node;
  const auto shown = ask(node, {"ledger", "--window", "1h"});
  EXPECT_THAT(shown.out, HasSubstr("window 1h"));
  EXPECT_THAT(shown.out, HasSubstr("ledger"));
  EXPECT_EQ(ask(node, {"--window", "1w"}).code, 64);
}

TEST(AvailabilityCommand, PrintsOneDocumentWithJson) {
  const fake_node node;
  const auto document = nlohmann::json::parse(ask(node, {"--json"}).out);
  EXPECT_EQ(document["subjects"][0]["failures"], "1");
  EXPECT_FALSE(document["subjects"][1].contains("mtbf_us"));
}

TEST(AvailabilityCommand, PredictsWithoutANode) {
  const auto said = predict({"--mtbf", "30d", "--mttr", "5s", "--mode", "primary_backup",
                             "--standby", "hot", "--nodes", "3", "--switch-over", "300ms"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("primary_backup, 3, hot, switch-over 300 ms"));
  EXPECT_THAT(said.out, HasSubstr("99.999988 %"));
  EXPECT_THAT(said.out, HasSubstr("3.65 s a year"));
}

TEST(AvailabilityCommand, PredictsWithJson) {
  const auto said = predict({"--mtbf", "99s", "--mttr", "1s", "--json"});
  EXPECT_DOUBLE_EQ(nlohmann::json::parse(said.out)["availability"], 0.99);
}

TEST(AvailabilityCommand, RefusesAModelThatMakesNoSense) {
  EXPECT_EQ(predict({}).code, 64) << "there is nothing to predict from";
  EXPECT_EQ(predict({"--mtbf", "0s", "--mttr", "1s"}).code, 64);
  EXPECT_EQ(predict({"--mtbf", "5", "--mttr", "1s"}).code, 64);
  EXPECT_EQ(predict({"--mtbf", "5s", "--mttr", "1s", "--nodes", "3"}).code, 64);
  EXPECT_EQ(run_program({"availability", "--mtbf", "5s"}).code, 64);
}

} // namespace
} // namespace ducat::testing
