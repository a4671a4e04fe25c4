#include "postgres/cluster.hpp"

#include "postgres/connection.hpp"
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

/// Of their unix sockets; no TCP.
constexpr int primary_port = 5432;
constexpr int standby_port = 5433;

std::string address_at(const std::filesystem::path& folder, int port) {
  return "host='" + folder.string() + "' port=" + std::to_string(port) + " user=" + role +
         " dbname=postgres";
}

std::vector<std::string> words_of(const cluster_options& options,
                                  const std::filesystem::path& folder,
                                  const std::filesystem::path& data, int port) {
  return {options.programs / "postgres",
          "-D",
          data,
          "-k",
          folder,
          "-p",
          std::to_string(port),
          "-c",
          "listen_addresses=",
          "-c",
          "shared_buffers=512MB",
          "-c",
          "max_wal_size=8GB",
          "-c",
          "checkpoint_timeout=30min",
          "-c",
          "max_connections=" + std::to_string(options.connections_max + 8),
          "-c",
          "recovery_init_sync_method=syncfs"};
}

/// Looks often, for a minute at most; returns whether it came to be so.
template <class Predicate>
bool wait_until(Predicate is_so) {
  for (const auto give_up = std::chrono::steady_clock::now() + 60s;
       std::chrono::steady_clock::now() < give_up; std::this_thread::sleep_for(20ms))
    if (is_so())
      return true;
  return false;
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
  if (auto done = made->start_server(options); !done)
    return tl::unexpected(done.error());
  if (options.standby)
    if (auto done = made->start_standby(options); !done)
      return tl::unexpected(done.error());
  return made;
}

/// What the programs of this and start_standby() write is not synced by them, which takes seconds:
/// it is nothing that was acknowledged.
result<void> postgres_cluster::prepare(const cluster_options& options) {
  const auto owner = user_for_server();
  if (!hand_over(folder_->path(), owner))
    return fail(errc::unavailable, "cannot give " + folder_->path().string() + " to " +
                                       owner->name + ": " + std::generic_category().message(errno));
  return run_to_end({options.programs / "initdb", "--pgdata", folder_->path() / "data",
                     "--username", role, "--auth", "trust", "--no-locale", "--encoding", "UTF8",
                     "--no-sync"});
}

result<void> postgres_cluster::start_server(const cluster_options& options) {
  primary_.address = address_at(folder_->path(), primary_port);
  return run_until_ready(
      primary_, words_of(options, folder_->path(), folder_->path() / "data", primary_port));
}

/// The standby is made the only synchronous one when it is there; then a commit is answered when
/// both have flushed it.
result<void> postgres_cluster::start_standby(const cluster_options& options) {
  const auto copy = folder_->path() / "standby";
  if (auto done =
          run_to_end({options.programs / "pg_basebackup", "--pgdata", copy, "--dbname",
                      primary_.address, "--checkpoint=fast", "--write-recovery-conf", "--no-sync"});
      !done)
    return done;
  standby_.address = address_at(folder_->path(), standby_port);
  if (auto done = run_until_ready(standby_, words_of(options, folder_->path(), copy, standby_port));
      !done)
    return done;
  connection owner{primary_.address};
  owner.run("ALTER SYSTEM SET synchronous_standby_names = '*'");
  owner.run("SELECT pg_reload_conf()");
  return wait_until([&] {
    return owner.run("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1";
  })
             ? result<void>{}
             : fail(errc::unavailable, "the standby does not follow: " + last_words());
}

result<void> postgres_cluster::run_to_end(const std::vector<std::string>& words) {
  const pid_t made =
      start_process({.words = words, .log = folder_->path() / "log", .as = user_for_server()});
  int status = -1;
  ::waitpid(made, &status, 0);
  if (status != 0)
    return fail(errc::unavailable, words.front() + " failed: " + last_words());
  return {};
}

result<void> postgres_cluster::run_until_ready(server& which,
                                               const std::vector<std::string>& words) {
  which.id =
      start_process({.words = words, .log = folder_->path() / "log", .as = user_for_server()});
  const auto has_ended = [&] { return ::waitpid(which.id, nullptr, WNOHANG) == which.id; };
  const bool is_ready = wait_until([&] {
    if (which.id != 0 && has_ended())
      which.id = 0;
    return which.id == 0 || ::PQping(which.address.c_str()) == PQPING_OK;
  });
  if (is_ready && which.id != 0)
    return {};
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

/// A fast shutdown: it ends its sessions and what they do.
void postgres_cluster::end(server& which) {
  if (which.id == 0)
    return;
  ::kill(which.id, SIGINT);
  ::waitpid(which.id, nullptr, 0);
}

postgres_cluster::~postgres_cluster() {
  end(primary_);
  end(standby_);
}

std::string postgres_cluster::address() const {
  return primary_.address;
}

} // namespace ducat::bench
