#include "inspect/verify.hpp"

#include "client/table.hpp"
#include "inspect/log_source.hpp"
#include "inspect/refusal.hpp"
#include "client/utc.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace ducat::cli {

namespace {

/// What a verified log holds. Its indexes are dense.
struct log_summary {
  std::uint64_t entries = 0;
  std::uint64_t first = 0;
  receipt newest;
  epoch writer; ///< Of the newest entry.
  log_time at;  ///< Of the newest entry.

  void add(const entry& e) {
    first = ++entries == 1 ? e.index : first;
    newest = {e.index, e.hash};
    writer = e.writer;
    at = e.at;
  }
};

void print_json(std::ostream& out, const log_summary& found) {
  out << nlohmann::ordered_json{{"entries", found.entries},   {"first", found.first},
                                {"last", found.newest.index}, {"epoch", found.writer.value},
                                {"at", found.at.nanoseconds}, {"hash", to_hex(found.newest.hash)}}
      << '\n';
}

std::string unless_empty(const log_summary& found, std::string text) {
  return found.entries == 0 ? std::string{} : std::move(text);
}

void print_table(std::ostream& out, const log_summary& found) {
  print_fields(out, {{"verified", "every entry, and the chain of their hashes"},
                     {"entries", std::to_string(found.entries)},
                     {"first", unless_empty(found, std::to_string(found.first))},
                     {"last", unless_empty(found, std::to_string(found.newest.index))},
                     {"epoch", unless_empty(found, std::to_string(found.writer.value))},
                     {"at", unless_empty(found, utc(found.at))},
                     {"hash", unless_empty(found, to_hex(found.newest.hash))}});
}

} // namespace

exit_code verify_log(const std::filesystem::path& data, const console& io) {
  log_summary found;
  const auto read = read_log(data, [&](const entry& e) {
    found.add(e);
    return true;
  });
  if (!read)
    return refuse(io.err, read.error());
  io.is_json() ? print_json(io.out, found) : print_table(io.out, found);
  return exit_code::done;
}

} // namespace ducat::cli
