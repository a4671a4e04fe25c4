#include "log/data_directory.hpp"
#include "log/database.hpp"
#include "log/verified_read.hpp"

#include <ducat/log_follower.hpp>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ducat {

namespace {

using namespace std::chrono_literals;

/// How often a log whose changes are not announced (by a file system of another machine) is looked
/// at.
constexpr duration look_interval = 1s;

/// Files may go away while a database is opened that is being written. What is still missing after
/// so many tries is damage.
constexpr int attempts_max = 5;

/// Tells of changes of one file.
class file_watch {
public:
  explicit file_watch(const std::filesystem::path& file)
      : events_{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)} {
    if (events_.is_open())
      ::inotify_add_watch(events_.get(), file.c_str(), IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF);
  }

  int descriptor() const noexcept { return events_.get(); }

  /// Forgets what was told so far.
  void drain() const {
    std::array<char, 4096> ignored{};
    while (events_.is_open() && ::read(events_.get(), ignored.data(), ignored.size()) > 0) {
    }
  }

private:
  file_handle events_;
};

/// Waits until `descriptor` is readable, for `time` at most (rounded up to milliseconds).
bool is_readable_within(int descriptor, duration time) {
  pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(std::max(time, duration{}));
  return ::poll(&one, 1, static_cast<int>(ms.count())) > 0;
}

/// Returns the database of a log that nobody writes, and its end: all of it is verified, since
/// nothing else says where it ends.
result<std::pair<std::unique_ptr<database>, log_end>> open_at_rest(const data_directory& at) {
  auto db = database::open(at.path(), directory_access::read);
  if (!db)
    return tl::unexpected(db.error());
  const auto end = verify(**db, at.at_open(), verified_part::all);
  if (!end)
    return tl::unexpected(end.error());
  return std::pair{std::move(*db), *end};
}

/// Returns why there is no database in a data directory.
tl::unexpected<error> absent(const data_directory& at) {
  if (at.at_open() != acknowledged{})
    return fail(errc::corrupt, "the database in " + at.path().string() + " is gone");
  return fail(errc::not_found, "there is no log in " + at.path().string());
}

tl::unexpected<error> gone_back(const std::filesystem::path& path, std::uint64_t from,
                                std::uint64_t to) {
  return fail(errc::corrupt, "the log in " + path.string() + " was acknowledged up to entry " +
                                 std::to_string(from) + ", and now only up to " +
                                 std::to_string(to) + ": has the directory been replaced?");
}

} // namespace

struct log_follower::state {
  state(const data_directory& at, std::uint64_t from)
      : directory{at.path()}, had_writer{at.had_writer()},
        acknowledged_index{at.at_open().newest.index}, newest{at.at_open().newest}, next{from},
        watch{acknowledged_file(directory)} {}

  /// Learns what has been acknowledged by now.
  result<void> look() {
    watch.drain();
    const auto now = read_acknowledged(directory);
    if (!now)
      return tl::unexpected(now.error());
    const std::uint64_t index = now->newest.index;
    if (index < acknowledged_index)
      return gone_back(directory, acknowledged_index, index);
    acknowledged_index = index;
    if (index > newest.index)
      newest = now->newest;
    return {};
  }

  /// Lets the database show what was written since it was opened, or opens it.
  result<void> refresh(bool reopen) {
    if (follows && !reopen)
      return db->catch_up();
    auto opened = database::follow(directory);
    if (!opened)
      return tl::unexpected(opened.error());
    db = std::move(*opened);
    follows = true;
    return {};
  }

  /// Opens the log of a running node.
  result<void> open_in_use() {
    result<void> done;
    for (int attempt = 0; attempt < attempts_max; ++attempt)
      if (done = refresh(true); done || done.error().code != errc::corrupt)
        break;
    if (!done)
      return done;
    const auto anchor = read_anchor(*db);
    if (!anchor)
      return tl::unexpected(anchor.error());
    first = anchor->last.index + 1;
    return {};
  }

  /// Opens the log of a stopped node.
  result<void> open_at_rest(const data_directory& at) {
    auto opened = ducat::open_at_rest(at);
    if (!opened)
      return tl::unexpected(opened.error());
    db = std::move(opened->first);
    newest = opened->second.newest;
    first = opened->second.first;
    shown = newest.index;
    return {};
  }

  result<void> scan_once(const std::function<bool(const entry&)>& visit) {
    bool is_other = false;
    const auto take = [&](const entry& e) {
      is_other = e.index == newest.index && e.hash != newest.hash;
      if (is_other)
        return false;
      before = link_of(e);
      next = e.index + 1;
      return visit(e) && next <= newest.index;
    };
    auto done =
        before ? scan_after(*db, *before, newest.index, take) : scan(*db, next, newest.index, take);
    if (is_other)
      return fail(errc::corrupt, "log entry " + std::to_string(newest.index) +
                                     " is not the one that was acknowledged");
    return done;
  }

  /// Reads up to the newest entry. While a log is written, a file may go away or be seen half
  /// changed: what cannot be read is damage only if it stays so.
  result<void> read(const std::function<bool(const entry&)>& visit) {
    result<void> done;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
      const bool is_current = attempt == 0 && newest.index <= shown;
      done = is_current ? result<void>{} : refresh(attempt > 0);
      if (done)
        done = scan_once(visit);
      if (done)
        shown = newest.index;
      if (done || done.error().code != errc::corrupt)
        break;
    }
    return done;
  }

  std::filesystem::path directory;
  bool had_writer;
  std::uint64_t acknowledged_index; ///< By the file; only grows.
  receipt newest;                   ///< Invariant: everything up to it may be read.
  std::uint64_t next;               ///< The entry to be visited next.
  std::optional<chain_link> before; ///< The entry before `next`, once one was visited.
  std::uint64_t first = 1;
  file_watch watch;
  std::unique_ptr<database> db;
  bool follows = false;    ///< Whether `db` can catch up.
  std::uint64_t shown = 0; ///< `db` shows at least the entries up to this one.
};

log_follower::log_follower(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}

log_follower::log_follower(log_follower&&) noexcept = default;
log_follower& log_follower::operator=(log_follower&&) noexcept = default;
log_follower::~log_follower() = default;

result<log_follower> log_follower::open(const std::filesystem::path& directory,
                                        std::uint64_t from) {
  auto at = data_directory::open(directory, directory_access::read);
  if (!at)
    return tl::unexpected(at.error());
  const auto has_database = database::exists(directory);
  if (!has_database)
    return tl::unexpected(has_database.error());
  if (!*has_database)
    return absent(*at);
  auto made = std::make_unique<state>(*at, from);
  if (auto done = at->had_writer() ? made->open_in_use() : made->open_at_rest(*at); !done)
    return tl::unexpected(done.error());
  if (from == 0)
    made->next = made->first;
  return log_follower{std::move(made)};
}

result<void> log_follower::read(const std::function<bool(const entry&)>& visit) {
  if (auto looked = state_->look(); !looked)
    return looked;
  if (state_->next > state_->newest.index)
    return {};
  return state_->read(visit);
}

bool log_follower::wait(time_point deadline) const {
  for (;;) {
    const auto now = read_acknowledged(state_->directory);
    if (!now || std::max(now->newest.index, state_->newest.index) >= state_->next)
      return true;
    const duration left = deadline - std::chrono::steady_clock::now();
    if (left <= duration{})
      return false;
    (void)is_readable_within(descriptor(), std::min(left, look_interval));
    state_->watch.drain();
  }
}

int log_follower::descriptor() const noexcept {
  return state_->watch.descriptor();
}

receipt log_follower::newest() const noexcept {
  return state_->newest;
}

std::uint64_t log_follower::first() const noexcept {
  return state_->first;
}

bool log_follower::had_writer() const noexcept {
  return state_->had_writer;
}

} // namespace ducat
