/// A machine of payments with its log and its state on a real disk, without actors.
#pragma once

#include "record/call_record.hpp"
#include "sim/client_request.hpp"

#include <ducat/ledger/store_directory.hpp>
#include <ducat/log.hpp>
#include <ducat/replica.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// One thread. Everything that it comes upon that must not be is a sentence in `wrong`.
class disk_world {
public:
  /// `directory` is its own and is empty.
  explicit disk_world(std::filesystem::path directory) : directory_{std::move(directory)} {}

  disk_world(const disk_world&) = delete;
  disk_world& operator=(const disk_world&) = delete;

  /// Begins a life: opens the log and the state. Errors: those of both; then there is none.
  result<void> open();

  /// Ends it, as a process ends that is told to.
  void close();

  /// Runs a request to its end, and puts it on record.
  void request(const client_request& what);

  /// Commits one command, of which nothing is on record. Returns what came of it; nothing if it was
  /// not taken.
  std::optional<v1::Outcome> commit_one(const v1::Command& command,
                                        const std::optional<fencing_token>& token = {});

  /// Grants a group to `node`, and returns the token of the grant.
  fencing_token grant(const std::string& group, const std::string& node);

  /// Another one takes the log; returns whether what this one commits then is refused. This life
  /// goes on as the newest writer.
  bool is_refused_after_takeover(const v1::Command& command);

  /// Compares the log with what was acknowledged: what is missing or differs goes into wrong.
  /// Returns whether the log could be read.
  bool compare_log();

  /// Returns every entry that was acknowledged, in order.
  const std::vector<entry>& acknowledged() const noexcept { return acknowledged_; }

  const call_record& record() const noexcept { return record_; }

  std::filesystem::path log_directory() const { return directory_ / "log"; }

  std::vector<std::string> wrong;

private:
  replica_options options();
  void note_entries(std::uint64_t up_to);
  std::optional<committed> commit(const v1::Command& command,
                                  const std::optional<fencing_token>& token = {});

  const std::filesystem::path directory_;
  std::shared_ptr<log> log_;
  std::shared_ptr<ledger::store_directory> state_;
  std::optional<replica> replica_;
  std::uint64_t now_ns_ = 1'767'225'600'000'000'000; ///< A second more with each entry.
  std::vector<entry> acknowledged_;
  call_record record_;
};

} // namespace ducat::cli
