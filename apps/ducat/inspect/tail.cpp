#include "inspect/tail.hpp"

#include "check/history.hpp"
#include "inspect/interruption.hpp"
#include "inspect/refusal.hpp"
#include "client/utc.hpp"

#include <ducat/log_follower.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::cli {

namespace {

constexpr std::uint64_t newest_shown = 10;

/// Returns how many commands an entry holds; nothing if it is no batch of commands.
std::optional<std::size_t> commands_of(const entry& e) {
  const auto commands = batch_in(e.payload);
  return commands ? std::optional{commands->size()} : std::nullopt;
}

void print_json(std::ostream& out, const entry& e) {
  nlohmann::ordered_json line{{"index", e.index},       {"epoch", e.writer.value},
                              {"at", e.at.nanoseconds}, {"bytes", e.payload.size()},
                              {"commands", nullptr},    {"hash", to_hex(e.hash)}};
  if (const auto commands = commands_of(e))
    line["commands"] = *commands;
  out << line << std::endl;
}

void print_line(std::ostream& out, const entry& e) {
  const auto commands = commands_of(e);
  out << "index=" << e.index << " epoch=" << e.writer << " at=" << utc(e.at)
      << " bytes=" << e.payload.size()
      << " commands=" << (commands ? std::to_string(*commands) : "none")
      << " hash=" << to_hex(e.hash) << std::endl;
}

/// Opens the log at the entry that is to be printed first.
result<log_follower> open_at(const tail_arguments& arguments) {
  auto log = log_follower::open(arguments.data, arguments.from.value_or(0));
  if (!log || arguments.from)
    return log;
  const std::uint64_t newest = log->newest().index;
  const std::uint64_t tenth = newest - std::min(newest, newest_shown) + 1;
  return log_follower::open(arguments.data, std::max(tenth, log->first()));
}

} // namespace

exit_code tail_log(const tail_arguments& arguments, const console& io) {
  const std::optional<interruption> stop =
      arguments.follow ? std::optional<interruption>{std::in_place, arguments.output}
                       : std::nullopt;
  auto log = open_at(arguments);
  if (!log)
    return refuse(io.err, log.error());
  const auto print = [&](const entry& e) {
    io.is_json() ? print_json(io.out, e) : print_line(io.out, e);
    return io.out.good();
  };
  for (;;) {
    if (const auto read = log->read(print); !read)
      return refuse(io.err, read.error());
    if (!stop || !io.out.good() || stop->came_before_news_of(*log))
      return exit_code::done;
  }
}

} // namespace ducat::cli
