/// A node and an acquirer, each a process of its own, with a link between them.
#pragma once

#include "client/connection.hpp"
#include "demo/node_process.hpp"
#include "up/watched_process.hpp"

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cli {

struct card_world_options {
  std::filesystem::path program;  ///< `ducat`.
  std::filesystem::path acquirer; ///< `ducat-acquirer`.
  std::filesystem::path directory;
  std::uint32_t workers = 8;
  std::uint32_t answer_timeout_ms = 1'000;
  std::vector<std::string> acquirer_words{}; ///< More for the acquirer, such as its faults.
};

/// A ducat-acquirer in the clear on the loopback.
class acquirer_host {
public:
  /// Returns when it is ready. Errors: io, unavailable (it ended).
  static result<acquirer_host> start(const std::filesystem::path& program,
                                     const std::filesystem::path& journal,
                                     const std::vector<std::string>& more);

  /// Says a command of `ducat-acquirer ctl`, and returns what it answers. Errors: unavailable.
  result<std::string> control(const std::vector<std::string>& words) const;

  /// Ends it in order. Errors: deadline_exceeded.
  result<void> stop();

  const std::string& address() const noexcept { return address_; }

private:
  explicit acquirer_host(watched_process process) : process_{std::move(process)} {}

  watched_process process_;
  std::string address_;
  std::uint16_t control_port_ = 0;
};

/// Not thread-safe. Start it from the main thread.
class card_world {
public:
  /// Returns when both are ready. Errors: those of either.
  static result<std::unique_ptr<card_world>> start(const card_world_options& options);

  /// Where the node is; stays as it is.
  const std::string& endpoint() const noexcept { return endpoint_; }

  acquirer_host& acquirer() noexcept { return acquirer_; }

  /// Kills the node by SIGKILL and starts it again. Returns when it is ready.
  result<void> kill_node();

  /// Ends both in order.
  result<void> stop();

  std::filesystem::path journal() const { return options_.directory / "acquirer.journal"; }

private:
  card_world(card_world_options options, acquirer_host acquirer)
      : options_{std::move(options)}, acquirer_{std::move(acquirer)} {}

  result<void> write_config() const;
  result<void> start_node(const std::string& address);

  card_world_options options_;
  acquirer_host acquirer_;
  node_process node_;
  std::string endpoint_;
};

/// Returns the program `name` that belongs to `ducat`: in `directory` if that is given, else beside
/// it, or where a build has it. Errors: not_found.
result<std::filesystem::path> program_beside(const std::filesystem::path& ducat,
                                             const std::string& directory, const std::string& name);

} // namespace ducat::cli
