/// A PostgreSQL server of our own: fresh, on this machine only, gone at the end.
#pragma once

#include "bench/work_directory.hpp"

#include <ducat/error.hpp>

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

namespace ducat::bench {

struct cluster_options {
  std::filesystem::path programs = "/usr/lib/postgresql/15/bin";
  std::filesystem::path parent; ///< Where its folder is made.
  unsigned connections_max = 64;
};

/// Durable as PostgreSQL is by default; without TCP. Root, as whom the server refuses to run, lends
/// it the user `postgres`, or `nobody`.
class postgres_cluster {
public:
  /// Returns when the server takes connections.
  /// Errors: not_found (PostgreSQL is not installed), unavailable (it does not start; says why).
  static result<std::unique_ptr<postgres_cluster>> start(const cluster_options& options);

  postgres_cluster(const postgres_cluster&) = delete;
  postgres_cluster& operator=(const postgres_cluster&) = delete;

  /// Ends the server, waits for it, and removes all that it wrote.
  ~postgres_cluster();

  /// Returns how libpq reaches it.
  std::string address() const;

private:
  explicit postgres_cluster(std::unique_ptr<work_directory> folder) : folder_{std::move(folder)} {}

  result<void> prepare(const cluster_options& options);
  result<void> run(const cluster_options& options);
  std::string last_words() const;

  std::unique_ptr<work_directory> folder_;
  pid_t server_ = 0; ///< 0: there is none.
};

} // namespace ducat::bench
