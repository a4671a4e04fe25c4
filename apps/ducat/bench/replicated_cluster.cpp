#include "bench/replicated_cluster.hpp"

#include <ducat/certificates.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <ostream>
#include <sstream>
#include <thread>

namespace ducat::bench {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* layout_file = "cluster.toml";
constexpr const char* certificates = "certs";
constexpr const char* ready_line = "ready";

/// Everything takes much less.
constexpr duration patience = 60s;
constexpr duration pause_between_looks = 20ms;

/// Looks until it is so or has failed; returns whether it came to be so.
template <class Predicate>
result<bool> wait_until(Predicate is_so) {
  for (const auto end = std::chrono::steady_clock::now() + patience;
       std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(pause_between_looks)) {
    const result<bool> now = is_so();
    if (!now || *now)
      return now;
  }
  return false;
}

cluster::cluster_options options_of(const fs::path& directory, const cli::cluster_layout& layout,
                                    const std::string& name) {
  const auto certs = directory / certificates;
  cluster::cluster_options options{
      .node = name,
      .cluster = layout.cluster,
      .etcd = {.endpoints = {}},
      .tls = {certs / "ca.crt", certs / (name + ".crt"), certs / (name + ".key")}};
  for (const cli::etcd_place& each : layout.members)
    options.etcd.endpoints.push_back("127.0.0.1:" + std::to_string(each.client));
  options.trimming = {.entries_kept = 2'000, .entries_max = 20'000}; // Of 128 KiB, mostly.
  return options;
}

/// Returns the processor time of a process, in seconds; 0 if there is none.
double cpu_seconds_of(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (text.rfind(')') == std::string::npos)
    return 0;
  std::istringstream fields{text.substr(text.rfind(')') + 1)};
  std::string skipped;
  for (int i = 0; i < 11; ++i) // The state and what follows it, up to the two times.
    fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

} // namespace

// A node ---------------------------------------------------------------------------------------

result<std::unique_ptr<replicated_node>>
replicated_node::start(const fs::path& directory, const std::string& name, std::uint64_t accounts) {
  const auto layout = cli::read_layout(directory / layout_file);
  if (!layout)
    return tl::unexpected(layout.error());
  std::unique_ptr<replicated_node> made{new replicated_node{}};
  auto joined = cluster::member::join(options_of(directory, *layout, name));
  if (!joined)
    return tl::unexpected(joined.error());
  made->member_ = std::move(*joined);
  node_options options{.id = name, .cluster = layout->cluster, .data = directory / name};
  made->member_->enter(options);
  auto started = benched_ledger::start(std::move(options), accounts, log_retention::all);
  if (!started)
    return tl::unexpected(started.error());
  made->ledger_ = std::move(*started);
  return made;
}

int run_follower(const fs::path& directory, const std::string& name, std::ostream& out) {
  const auto node = replicated_node::start(directory, name, 0);
  if (!node) {
    out << node.error() << std::endl;
    return 1;
  }
  out << ready_line << std::endl;
  for (;;)
    ::pause();
}

result<void> check_equal(std::span<const book_copy> books) {
  const bool same = std::ranges::adjacent_find(books, std::not_equal_to{}) == books.end();
  return same ? result<void>{} : fail(errc::corrupt, "the nodes do not have the same book");
}

// The cluster ----------------------------------------------------------------------------------

result<std::unique_ptr<replicated_cluster>> replicated_cluster::start(const options& how) {
  std::unique_ptr<replicated_cluster> made{new replicated_cluster{how}};
  if (auto done = made->prepare(); !done)
    return tl::unexpected(done.error());
  if (auto done = made->start_members(); !done)
    return tl::unexpected(done.error());
  auto writer =
      replicated_node::start(how.directory, made->layout_.nodes.front().name, how.accounts);
  if (!writer)
    return tl::unexpected(writer.error());
  made->writer_ = std::move(*writer);
  if (auto done = made->start_followers(); !done)
    return tl::unexpected(done.error());
  if (auto done = made->wait_until_equal(); !done)
    return tl::unexpected(done.error());
  return made;
}

result<void> replicated_cluster::prepare() {
  auto layout = cli::make_layout({.nodes = 3, .base_port = 0});
  if (!layout)
    return tl::unexpected(layout.error());
  layout_ = std::move(*layout);
  const auto certs = options_.directory / certificates;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (auto made = security::make_authority(certs, {.cluster = layout_.cluster}, now); !made)
    return tl::unexpected(made.error());
  for (const cli::node_place& each : layout_.nodes) {
    fs::create_directories(options_.directory / each.name);
    if (auto made = security::issue_node(certs, {.id = each.name}, now); !made)
      return tl::unexpected(made.error());
  }
  std::ofstream file{options_.directory / layout_file};
  file << to_toml(layout_);
  return file.flush() ? result<void>{} : fail(errc::io, "the layout cannot be written");
}

result<void> replicated_cluster::start_part(std::vector<part>& into, const std::string& name,
                                            const std::vector<std::string>& words) {
  auto started = cli::watched_process::start(words);
  if (!started)
    return fail(errc::unavailable, started.error().message);
  into.push_back({.name = name, .process = std::move(*started)});
  return {};
}

result<void> replicated_cluster::start_members() {
  for (const cli::etcd_place& each : layout_.members)
    if (auto done = start_part(members_, each.name, etcd_words(layout_, each, options_.directory));
        !done)
      return done;
  return {};
}

std::vector<std::string> replicated_cluster::words_of(const std::string& follower) const {
  return {options_.program.string(),   "bench",  "replicated", "--data",
          options_.directory.string(), "--node", follower};
}

result<void> replicated_cluster::start_followers() {
  for (std::size_t i = 1; i < layout_.nodes.size(); ++i)
    if (auto done = start_part(followers_, layout_.nodes[i].name, words_of(layout_.nodes[i].name));
        !done)
      return done;
  const auto ready = wait_until([this]() -> result<bool> {
    if (auto done = look_at_followers(); !done)
      return tl::unexpected(done.error());
    return std::ranges::all_of(followers_, &part::is_ready);
  });
  if (!ready)
    return tl::unexpected(ready.error());
  return *ready ? result<void>{} : fail(errc::unavailable, "the nodes do not start");
}

/// Errors: unavailable (one has ended).
result<void> replicated_cluster::look_at_followers() {
  for (part& each : followers_) {
    for (std::string& line : each.process.read_lines()) {
      each.is_ready = each.is_ready || line == ready_line;
      each.last_words = std::move(line);
    }
    if (!each.process.is_running())
      return fail(errc::unavailable,
                  each.name + " ended, " + each.process.end() + ": " + each.last_words);
  }
  return {};
}

result<void> replicated_cluster::wait_until_equal() {
  const auto newest = ledger().log_entries();
  if (!newest)
    return tl::unexpected(newest.error());
  const auto equal = wait_until([&]() -> result<bool> {
    if (auto done = look_at_followers(); !done)
      return tl::unexpected(done.error());
    const auto all = writer_->member().members();
    const auto has_it = [&](const cluster::member_status& each) {
      return each.is_linked && each.applied >= *newest;
    };
    return all.size() == layout_.nodes.size() && std::ranges::all_of(all, has_it);
  });
  if (!equal)
    return tl::unexpected(equal.error());
  return *equal ? result<void>{} : fail(errc::unavailable, "a node does not follow the log");
}

/// Waits until a node writes that has not before, and answers as such.
result<std::string> replicated_cluster::next_writer(const std::vector<std::string>& before) {
  std::string name;
  const auto found = wait_until([&]() -> result<bool> {
    const auto all = writer_->member().members();
    const auto holder = std::ranges::find(all, true, &cluster::member_status::holds_log);
    if (holder == all.end() || std::ranges::count(before, holder->id) > 0)
      return false;
    name = holder->id;
    const auto at = ledger().newest(); // Until it has begun it may say that nobody writes.
    return at && at->writer == holder->granted;
  });
  return found && *found ? result<std::string>{name}
                         : fail(errc::unavailable, "no other node takes the log over");
}

result<std::vector<book_copy>> replicated_cluster::books() {
  std::vector<std::string> names;
  std::vector<book_copy> copies;
  for (;;) {
    const auto name = next_writer(names);
    if (!name)
      return tl::unexpected(name.error());
    names.push_back(*name);
    const auto copy = ledger().book();
    if (!copy)
      return tl::unexpected(copy.error());
    copies.push_back(*copy);
    if (names.size() == layout_.nodes.size())
      return copies;
    const auto told = std::make_shared<std::promise<result<void>>>();
    writer_->member().change(*name, cluster::member_change::drain,
                             std::chrono::steady_clock::now() + patience,
                             [told](result<void> done) { told->set_value(std::move(done)); });
    if (auto done = told->get_future().get(); !done)
      return tl::unexpected(done.error());
  }
}

std::vector<std::string> replicated_cluster::followers() const {
  std::vector<std::string> names;
  for (const part& each : followers_)
    names.push_back(each.name);
  return names;
}

bool replicated_cluster::is_ready(const std::string& follower) const {
  return std::ranges::find(followers_, follower, &part::name)->is_ready;
}

result<void> replicated_cluster::restart_follower(const std::string& name, bool wipe) {
  const auto old = std::ranges::find(followers_, name, &part::name);
  old->process.signal(SIGKILL);
  while (old->process.is_running())
    std::this_thread::sleep_for(1ms);
  if (wipe) {
    fs::remove_all(data_of(name));
    fs::create_directory(data_of(name));
  }
  auto started = cli::watched_process::start(words_of(name));
  if (!started)
    return fail(errc::unavailable, started.error().message);
  *old = {.name = name, .process = std::move(*started)};
  return {};
}

result<std::uint64_t> replicated_cluster::wait_until_following(const std::string& name) {
  constexpr std::size_t looks_before = 500ms / pause_between_looks;
  std::deque<std::uint64_t> newest;
  const auto follows = wait_until([&]() -> result<bool> {
    if (auto done = look_at_followers(); !done)
      return tl::unexpected(done.error());
    const auto all = writer_->member().members();
    const auto writer = std::ranges::find(all, true, &cluster::member_status::holds_log);
    const auto node = std::ranges::find(all, name, &cluster::member_status::id);
    if (writer == all.end() || node == all.end())
      return false;
    newest.push_back(writer->applied);
    if (newest.size() <= looks_before)
      return false;
    newest.pop_front();
    return is_ready(name) && node->is_linked && node->now == cluster::member_status::state::alive &&
           node->applied >= newest.front();
  });
  if (!follows)
    return tl::unexpected(follows.error());
  return *follows ? result<std::uint64_t>{newest.back()}
                  : fail(errc::unavailable, name + " does not follow the log");
}

cpu_times replicated_cluster::cpu() const {
  cpu_times all{.writer = cpu_seconds_of(::getpid())};
  for (const part& each : members_)
    all.etcd += cpu_seconds_of(each.process.pid());
  for (const part& each : followers_)
    all.followers += cpu_seconds_of(each.process.pid());
  return all;
}

} // namespace ducat::bench
