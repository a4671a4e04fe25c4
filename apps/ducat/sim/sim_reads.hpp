/// Clients of a simulated cluster that read, and what they may be told.
#pragma once

#include <ducat/log.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/account.pb.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ducat::cli {

/// What a node has said of all accounts.
struct account_read {
  std::string node;
  std::uint64_t least = 0; ///< The newest entry that was acknowledged to anybody before.
  std::uint64_t most = 0;  ///< The newest entry that was in the log when the answer came.
  std::vector<v1::Account> accounts;
};

/// Returns a sentence for each of `reads` that says what no entry from `least` to `most` has made
/// of the accounts: a stale one, or one of what never was. Pure.
std::vector<std::string> impossible_reads(std::span<const entry> log,
                                          const std::vector<account_read>& reads);

/// Reads the accounts, now here and now there.
class sim_reads {
public:
  using newest_acknowledged = std::function<std::uint64_t()>;

  sim_reads(testing::sim_cluster& on, newest_acknowledged newest)
      : on_{on}, newest_{std::move(newest)} {}

  sim_reads(const sim_reads&) = delete;
  sim_reads& operator=(const sim_reads&) = delete;

  void begin() { read_next(); }

  /// Reads nothing more.
  void end() { is_ended_ = true; }

  const std::vector<account_read>& made() const noexcept { return made_; }

private:
  void read_next();
  void hear(account_read read, const testing::sim_cluster::pending& answer);

  testing::sim_cluster& on_;
  newest_acknowledged newest_;
  std::vector<account_read> made_;
  bool is_ended_ = false;
};

} // namespace ducat::cli
