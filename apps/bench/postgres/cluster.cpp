#include "postgres/cluster.hpp"

#include "postgres/process.hpp"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <system_error>
#include <thread>

namespace ducat::bench {

namespace {

using namespace std::chrono_literals;

constexpr const char* role = "ducat";

/// Gives the folder to whoever runs the server.
bool hand_over(const std::filesystem::path& folder, const std::optional<user>& owner) {
  return !owner || ::chown(folder.c_str(), owner->uid, owner->gid) == 0;
}

} // namespace

result<std::unique_ptr<postgres_cluster>> postgres_cluster::start(const cluster_options& options) {
  if (!std::filesystem::exists(options.programs / "postgres"))
    return fail(errc::not_found, "PostgreSQL 15 is not installed: there is no " +
                                     (options.programs / "postgres").string());
  auto folder = work_directory::make(options.parent);
  if (!folder)
    return tl::unexpected(folder.error());
  std::unique_ptr<postgres_cluster> made{new postgres_cluster{std::move(*folder)}};
  if (auto done = made->prepare(options); !done)
    return tl::unexpected(done.error());
  if (auto done = made->run(options); !done)
    return tl::unexpected(done.error());
  return made;
}

result<void> postgres_cluster::prepare(const cluster_options& options) {
  const auto owner = user_for_server();
  if (!hand_over(folder_->path(), owner))
    return fail(errc::unavailable, "cannot give " + folder_->path().string() + " to " +
                                       owner->name + ": " + std::generic_category().message(errno));
  const pid_t made = start_process(
      {.words = {options.programs / "initdb", "--pgdata", folder_->path() / "data", "--username",
                 role, "--auth", "trust", "--no-locale", "--encoding", "UTF8"},
       .log = folder_->path() / "log",
       .as = owner});
  int status = -1;
  ::waitpid(made, &status, 0);
  if (status != 0)
    return fail(errc::unavailable, "initdb failed: " + last_words());
  return {};
}

result<void> postgres_cluster::run(const cluster_options& options) {
  server_ = start_process(
      {.words = {options.programs / "postgres", "-D", folder_->path() / "data", "-k",
                 folder_->path(), "-c", "listen_addresses=", "-c", "shared_buffers=512MB", "-c",
                 "max_wal_size=8GB", "-c", "checkpoint_timeout=30min", "-c",
                 "max_connections=" + std::to_string(options.connections_max + 8)},
       .log = folder_->path() / "log",
       .as = user_for_server()});
  for (const auto give_up = std::chrono::steady_clock::now() + 60s;
       std::chrono::steady_clock::now() < give_up; std::this_thread::sleep_for(20ms)) {
    if (::PQping(address().c_str()) == PQPING_OK)
      return {};
    if (::waitpid(server_, nullptr, WNOHANG) == server_) {
      server_ = 0;
      break;
    }
  }
  return fail(errc::unavailable, "the server does not start: " + last_words());
}

/// Returns the end of what the programs logged.
std::string postgres_cluster::last_words() const {
  std::ifstream log{folder_->path() / "log"};
  std::string last;
  for (std::string line; std::getline(log, line);)
    if (!line.empty())
      last = line;
  return last;
}

postgres_cluster::~postgres_cluster() {
  if (server_ == 0)
    return;
  ::kill(server_, SIGINT); // Fast shutdown: it ends its sessions and what they do.
  ::waitpid(server_, nullptr, 0);
}

std::string postgres_cluster::address() const {
  return "host='" + folder_->path().string() + "' user=" + role + " dbname=postgres";
}

} // namespace ducat::bench
