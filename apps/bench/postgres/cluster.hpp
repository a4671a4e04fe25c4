/// A PostgreSQL server of our own: fresh, on this machine only, gone at the end.
#pragma once

#include "bench/work_directory.hpp"

#include <ducat/error.hpp>

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ducat::bench {

struct cluster_options {
  std::filesystem::path programs = "/usr/lib/postgresql/15/bin";
  std::filesystem::path parent; ///< Where its folder is made.
  unsigned connections_max = 64;
  bool standby = false; ///< A second server, on which each commit is flushed before its answer.
};

/// Durable as PostgreSQL is by default; without TCP. Root, as whom the server refuses to run, lends
/// it the user `postgres`, or `nobody`.
class postgres_cluster {
public:
  /// Returns when the server takes connections, and its standby, if any, has all that it has.
  /// Errors: not_found (PostgreSQL is not installed), unavailable (it does not start; says why).
  static result<std::unique_ptr<postgres_cluster>> start(const cluster_options& options);

  postgres_cluster(const postgres_cluster&) = delete;
  postgres_cluster& operator=(const postgres_cluster&) = delete;

  /// Ends the servers, waits for them, and removes all that it wrote.
  ~postgres_cluster();

  /// Returns how libpq reaches it.
  std::string address() const;

private:
  struct server {
    pid_t id = 0; ///< 0: there is none.
    std::string address{};
  };

  static void end(server& which);

  explicit postgres_cluster(std::unique_ptr<work_directory> folder) : folder_{std::move(folder)} {}

  result<void> prepare(const cluster_options& options);
  result<void> start_server(const cluster_options& options);
  result<void> start_standby(const cluster_options& options);
  result<void> run_to_end(const std::vector<std::string>& words);
  result<void> run_until_ready(server& which, const std::vector<std::string>& words);
  std::string last_words() const;

  std::unique_ptr<work_directory> folder_;
  server primary_;
  server standby_;
};

} // namespace ducat::bench
