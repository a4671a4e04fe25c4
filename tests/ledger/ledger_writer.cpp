/// Commits random batches to a ledger in a data directory, until a fault point ends the process:
///   ledger_writer DIRECTORY SEED FAULT_POINT COMMANDS all|checkpoint
/// The point is armed after so many commands; a process that did not come upon it in a thousand
/// more ends with 0. Prints a line for each acknowledged entry: its index, time, hash, and the
/// command.

#include "random_commands.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/fatal.hpp>
#include <ducat/fault.hpp>
#include <ducat/ledger/machine.hpp>
#include <ducat/replica.hpp>

#include <cstdio>
#include <string_view>

namespace ducat::ledger::test {
namespace {

template <class T>
T or_end(result<T> value) {
  if (!value)
    end_process(value.error());
  return std::move(*value);
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[static_cast<std::uint8_t>(byte) >> 4];
    text += digits[static_cast<std::uint8_t>(byte) & 15];
  }
  return text;
}

void acknowledge(const receipt& entry, std::uint64_t at, std::string_view command) {
  std::printf("%llu %llu %s %s\n", static_cast<unsigned long long>(entry.index),
              static_cast<unsigned long long>(at), to_hex(entry.hash).c_str(),
              hex(command).c_str());
  std::fflush(stdout);
}

int run(char** words) {
  const std::filesystem::path directory = words[1];
  random_commands commands{std::stoull(words[2])};
  const std::string_view point = words[3];
  const int armed_after = std::stoi(words[4]);
  const bool trims = std::string_view{words[5]} == "checkpoint";
  std::uint64_t at = 0;
  std::shared_ptr<log> log = or_end(open_embedded_log({.directory = directory}));
  const auto store = or_end(open_segment_store(directory / "ledger"));
  auto ledger = or_end(replica::open(
      {.log = log,
       .machine =
           [&] {
             return std::make_unique<machine>(
                 store, keeping_limits{.records = random_commands::segment_size});
           },
       .retention = trims ? log_retention::checkpoint : log_retention::all,
       .now = [&] { return log_time{at = log->last().index * 1'000'000 + 1'000'000}; }}));
  for (int i = 0; i < armed_after + 1000; ++i) {
    if (i == armed_after)
      or_end(arm_fault(point, {.kind = fault_kind::exit}).map([] { return 0; }));
    const commit command{.command = encode(commands.next())};
    const auto done = or_end(ledger.run(std::span(&command, 1)));
    const receipt& where = done.front().value().receipt;
    if (where.index != 0)
      acknowledge(where, at, command.command);
  }
  return 0;
}

} // namespace
} // namespace ducat::ledger::test

int main(int argc, char** argv) {
  return argc == 6 ? ducat::ledger::test::run(argv) : 64;
}
