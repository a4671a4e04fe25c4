/// Files of settlement on simulated disks: whoever makes one again makes the same, and so the log
/// has it.

#include "durable/batch_codec.hpp"
#include "log/chain.hpp"
#include "sim/disk.hpp"
#include "sim/sim_files.hpp"

#include <ducat/v1/journal.pb.h>

#include <gmock/gmock.h>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const settlement::made_file order{.name = "pay_1.xml", .text = "pay the shop", .submits = true};

/// A log in which the file is recorded, with that text.
std::vector<entry> log_with(const settlement::made_file& file) {
  v1::Command command;
  v1::RecordFile& made = *command.mutable_settlement()->mutable_file();
  made.set_name(file.name);
  made.set_sha256(std::string{bytes_of(sha256({file.text}))});
  batch_builder batch;
  const std::string bytes = command.SerializeAsString();
  batch.add(bytes);
  return {following({}, {1}, {1}, std::move(batch).take())};
}

TEST(SimulatedFiles, AreTheSameWhoeverMakesThem) {
  sim_files files;
  files.note(order);
  files.note(order);
  EXPECT_THAT(files.violations(log_with(order)), IsEmpty());
  files.note({.name = order.name, .text = "pay somebody else"});
  EXPECT_THAT(files.violations({}),
              ElementsAre("file pay_1.xml was made again, and is another one"));
}

TEST(SimulatedFiles, StandInTheLogAsTheyWereMade) {
  sim_files files;
  EXPECT_THAT(files.violations(log_with(order)),
              ElementsAre("file pay_1.xml is in the log, and was never made"));
  files.note({.name = order.name, .text = "pay somebody else"});
  EXPECT_THAT(files.violations(log_with(order)),
              ElementsAre("file pay_1.xml is another one in the log"));
}

TEST(SimulatedFiles, ThatAreThereAreNotWrittenOver) {
  dice chance{1};
  sim::clockwork time{chance};
  sim::disk platter{time, chance, "a"};
  const auto put =
      files_on(platter.mount(std::make_shared<bool>(true)), std::make_shared<sim_files>());
  std::vector<bool> done;
  time.start("a", [&] {
    for (const char* text : {"one", "one", "another"})
      done.push_back(put({.name = "f", .text = text}).has_value());
  });
  time.run_until([] { return false; }, 1s);
  EXPECT_THAT(done, ElementsAre(true, true, false));
}

} // namespace
} // namespace ducat::cli
