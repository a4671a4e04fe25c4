/// What the tests of the embedded log share.
#pragma once

#include "support/temporary_directory.hpp"

#include <ducat/embedded_log.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ducat::testing {

/// Returns the log in `path`, opened for writing; throws if it is refused.
inline std::unique_ptr<log> opened(const std::filesystem::path& path) {
  auto log = open_embedded_log({.directory = path});
  if (!log)
    throw std::runtime_error(to_string(log.error()));
  return std::move(*log);
}

/// Returns why the log in `path` is refused; throws if it is not.
inline error refusal(const std::filesystem::path& path, bool read_only = false) {
  auto log = open_embedded_log({.directory = path, .read_only = read_only});
  if (log)
    throw std::runtime_error("the log was opened, up to entry " +
                             std::to_string((*log)->last().index));
  return log.error();
}

/// Returns the entries from `from` on; throws if one cannot be read.
inline std::vector<entry> entries(const log& log, std::uint64_t from = 1) {
  std::vector<entry> read;
  const auto done = log.read(from, [&](const entry& e) {
    read.push_back(e);
    return true;
  });
  if (!done)
    throw std::runtime_error(to_string(done.error()));
  return read;
}

inline std::vector<std::string> payloads(const log& log, std::uint64_t from = 1) {
  std::vector<std::string> read;
  for (const entry& e : entries(log, from))
    read.push_back(e.payload);
  return read;
}

inline std::string payload(std::uint64_t index) {
  return "payload-" + std::to_string(index);
}

/// Appends payload(index) `count` times under a new epoch.
inline void append_some(log& log, std::uint64_t count) {
  const epoch mine = log.take_epoch().value();
  for (std::uint64_t i = 0; i < count; ++i)
    (void)log.append(mine, {}, payload(log.last().index + 1)).value();
}

inline void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream{path, std::ios::binary} << bytes;
}

inline std::string bytes_in(const std::filesystem::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream{path, std::ios::binary}.rdbuf();
  return bytes.str();
}

/// Returns the newest write-ahead log of the database in `path`.
inline std::filesystem::path wal_in(const std::filesystem::path& path) {
  std::filesystem::path newest;
  for (const auto& file : std::filesystem::directory_iterator{path})
    if (file.path().extension() == ".log" && file.path() > newest)
      newest = file.path();
  return newest;
}

} // namespace ducat::testing
