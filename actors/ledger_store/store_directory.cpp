#include "ledger_store/segment_store.hpp"
#include "ledger_store/state_database.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/store_directory.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace ducat::ledger {

namespace fs = std::filesystem;

namespace {

/// Makes a file, or what was renamed in a directory, durable.
result<void> sync(const fs::path& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_durable = opened >= 0 && ::fsync(opened) == 0;
  if (opened >= 0)
    ::close(opened);
  return is_durable ? result<void>{} : fail(errc::io, "cannot make " + path.string() + " durable");
}

result<void> sync_all(const fs::path& directory) {
  std::error_code code;
  for (const auto& each : fs::directory_iterator{directory, code})
    if (auto done = sync(each.path()); !done)
      return done;
  return code ? fail(errc::io, "cannot list " + directory.string()) : sync(directory);
}

/// Where the state of before is while another one takes its place.
fs::path replaced(const fs::path& directory) {
  return directory.string() + ".replaced";
}

/// At any moment the old state or the new one can be found: see restore_replaced().
result<void> move_into_place(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::remove_all(replaced(to), code);
  if (!code && fs::exists(to))
    fs::rename(to, replaced(to), code);
  if (!code)
    fs::rename(from, to, code);
  if (code)
    return fail(errc::io, "cannot move " + from.string() + " to " + to.string());
  if (auto done = sync(to.parent_path()); !done)
    return done;
  fs::remove_all(replaced(to), code);
  return {};
}

/// Ends what a process that ended meanwhile has left of move_into_place().
void restore_replaced(const fs::path& directory) {
  std::error_code code;
  if (fs::exists(replaced(directory), code) && !fs::exists(directory, code))
    fs::rename(replaced(directory), directory, code);
  else
    fs::remove_all(replaced(directory), code);
}

/// Expects a whole state that this version can read.
result<void> verify(const fs::path& copy) {
  const auto db = state_database::open(copy, true);
  if (!db)
    return tl::unexpected(db.error());
  return (*db)->verify().and_then([&] { return check_state(**db, copy); });
}

} // namespace

store_directory::store_directory(fs::path directory) : directory_{std::move(directory)} {}

store_directory::~store_directory() = default;

result<std::shared_ptr<store_directory>> store_directory::open(const fs::path& directory) {
  auto made = std::make_shared<store_directory>(directory);
  if (auto opened = made->open(); !opened)
    return tl::unexpected(opened.error());
  return made;
}

result<void> store_directory::open() {
  restore_replaced(directory_);
  auto db = state_database::open(directory_, false);
  if (!db)
    return tl::unexpected(db.error());
  db_ = std::move(*db);
  return check_state(*db_, directory_);
}

std::shared_ptr<segment_store> store_directory::begin_life() {
  const std::lock_guard guard{guard_};
  DUCAT_CHECK(db_ != nullptr);
  return make_segment_store(db_);
}

result<void> store_directory::copy_to(const fs::path& to) const {
  const auto db = [this] {
    const std::lock_guard guard{guard_};
    return db_;
  }();
  if (db == nullptr)
    return fail(errc::io, "there is no state in " + directory_.string());
  return db->copy_to(to);
}

result<void> store_directory::replace_with(const fs::path& from) {
  const std::lock_guard guard{guard_};
  if (db_.use_count() > 1)
    return fail(errc::in_use, "the state in " + directory_.string() + " is in use");
  if (auto good = verify(from); !good)
    return good;
  if (auto durable = sync_all(from); !durable)
    return durable;
  db_.reset();
  if (auto moved = move_into_place(from, directory_); !moved)
    return moved;
  return open();
}

} // namespace ducat::ledger
