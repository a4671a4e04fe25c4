#include "security/files.hpp"

#include "log/data_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace ducat::security {

namespace {

namespace fs = std::filesystem;

constexpr off_t size_max = off_t{1} << 20;

bool write_all(const file_handle& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR)
      return false;
    bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

tl::unexpected<error> is_there(const fs::path& path) {
  return fail(errc::not_permitted, path.string() + " is there already, and is never overwritten");
}

/// A file under a name of its own, until it is put in its place. Removed if it never is.
class staged_file {
public:
  static result<staged_file> write(const new_file& what) {
    std::string name = what.path.string() + ".XXXXXX";
    const file_handle file{::mkostemp(name.data(), O_CLOEXEC)}; // Mode 0600 until all is there.
    if (!file.is_open())
      return io_failure("create", name, errno);
    staged_file staged{std::move(name), what.path};
    if (!write_all(file, what.text) || ::fchmod(file.get(), what.mode) != 0 ||
        ::fsync(file.get()) != 0)
      return io_failure("write", staged.name_, errno);
    return staged;
  }

  staged_file(staged_file&& other) noexcept
      : name_{std::exchange(other.name_, {})}, path_{std::move(other.path_)} {}

  staged_file(const staged_file&) = delete;
  staged_file& operator=(const staged_file&) = delete;
  staged_file& operator=(staged_file&&) = delete;

  ~staged_file() {
    if (!name_.empty())
      ::unlink(name_.c_str());
  }

  result<void> put_in_place(if_there rule) {
    if (rule == if_there::refuse) { // A link, unlike a rename, never replaces a file.
      if (::link(name_.c_str(), path_.c_str()) == 0)
        return {};
      if (errno == EEXIST)
        return is_there(path_);
    } else if (::rename(name_.c_str(), path_.c_str()) == 0) {
      name_.clear();
      return {};
    }
    return io_failure("create", path_, errno);
  }

private:
  staged_file(std::string name, fs::path path) : name_{std::move(name)}, path_{std::move(path)} {}

  std::string name_; ///< Empty: there is nothing to remove.
  fs::path path_;
};

result<void> check_absent(std::span<const new_file> files) {
  for (const new_file& each : files) {
    struct stat status{};
    if (::lstat(each.path.c_str(), &status) == 0)
      return is_there(each.path);
  }
  return {};
}

result<void> sync_directory(const fs::path& path) {
  const file_handle directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory.is_open() || ::fsync(directory.get()) != 0)
    return io_failure("sync", path, errno);
  return {};
}

} // namespace

tl::unexpected<error> io_failure(std::string_view what, const fs::path& path, int code) {
  return fail(errc::io, "cannot " + std::string{what} + " " + path.string() + ": " +
                            std::generic_category().message(code));
}

result<std::string> read_file(const fs::path& path) {
  // Whoever gives a pipe is told so, instead of made to wait for somebody who writes to it.
  const file_handle file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR))
    return fail(errc::not_found, "there is no file " + path.string());
  struct stat status{};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0)
    return io_failure("open", path, errno);
  if (!S_ISREG(status.st_mode) || status.st_size > size_max)
    return fail(errc::invalid_argument,
                path.string() + (S_ISREG(status.st_mode) ? " is larger than a certificate or a key"
                                                         : " is no regular file"));
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t size = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (size < 0)
    return io_failure("read", path, errno);
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

result<void> write_files(const fs::path& directory, std::span<const new_file> files,
                         if_there rule) {
  if (rule == if_there::refuse)
    if (auto absent = check_absent(files); !absent)
      return absent;
  std::vector<staged_file> staged;
  for (const new_file& each : files) {
    auto written = staged_file::write(each);
    if (!written)
      return tl::unexpected(written.error());
    staged.push_back(std::move(*written));
  }
  for (staged_file& each : staged) {
    if (auto placed = each.put_in_place(rule); !placed)
      return placed;
    if (auto synced = sync_directory(directory); !synced)
      return synced;
  }
  return {};
}

result<void> make_directory(const fs::path& directory) {
  std::error_code code;
  if (fs::is_directory(directory, code))
    return {};
  const bool is_new = fs::create_directories(directory, code);
  if (!code && is_new)
    fs::permissions(directory, fs::perms::owner_all, code);
  return code ? io_failure("create", directory, code.value()) : result<void>{};
}

} // namespace ducat::security
