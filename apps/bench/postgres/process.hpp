/// Processes of other programs, as another user.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ducat::bench {

struct user {
  std::string name;
  uid_t uid;
  gid_t gid;
};

/// Returns whom a server is to run as; nothing if that is who runs this already.
std::optional<user> user_for_server();

struct process_options {
  std::vector<std::string> words; ///< The program's path and its arguments.
  std::filesystem::path log;      ///< Where its outputs are appended.
  std::optional<user> as{};
};

/// Starts the process and returns its id. It gets a SIGINT when this process ends. A program that
/// cannot be started is one that ends with 127.
pid_t start_process(const process_options& options);

} // namespace ducat::bench
