#include "inspect/verify.hpp"

#include "client/table.hpp"
#include "inspect/refusal.hpp"

#include <ducat/embedded_log.hpp>

#include <nlohmann/json.hpp>

#include <ostream>

namespace ducat::cli {

namespace {

/// What a verified log holds. Its indexes are dense.
struct log_summary {
  std::uint64_t first = 0;
  entry newest; ///< Index 0 if there is none.

  std::uint64_t entries() const noexcept {
    return newest.index == 0 ? 0 : newest.index - first + 1;
  }
};

result<log_summary> summary_of(const std::filesystem::path& data) {
  const auto log = open_embedded_log({.directory = data, .read_only = true});
  if (!log)
    return tl::unexpected(log.error());
  log_summary found{.first = 1, .newest = {}};
  const auto read = (*log)->read((*log)->last().index, [&](const entry& e) {
    found.newest = e;
    return true;
  });
  if (!read)
    return tl::unexpected(read.error());
  return found;
}

void print_json(std::ostream& out, const log_summary& found) {
  out << nlohmann::ordered_json{{"entries", found.entries()},
                                {"first", found.first},
                                {"last", found.newest.index},
                                {"epoch", found.newest.writer.value},
                                {"at", found.newest.at.nanoseconds},
                                {"hash", to_hex(found.newest.hash)}}
      << '\n';
}

void print_table(std::ostream& out, const log_summary& found) {
  print_fields(out, {{"verified", "every entry, and the chain of their hashes"},
                     {"entries", std::to_string(found.entries())},
                     {"first", std::to_string(found.first)},
                     {"last", std::to_string(found.newest.index)},
                     {"epoch", std::to_string(found.newest.writer.value)},
                     {"hash", to_hex(found.newest.hash)}});
}

} // namespace

exit_code verify_log(const std::filesystem::path& data, const console& io) {
  const auto found = summary_of(data);
  if (!found)
    return refuse(io.err, found.error());
  io.is_json() ? print_json(io.out, *found) : print_table(io.out, *found);
  return exit_code::done;
}

} // namespace ducat::cli
