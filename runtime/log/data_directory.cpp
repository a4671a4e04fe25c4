#include "log/data_directory.hpp"

#include "log/raw_fields.hpp"

#include <ducat/check.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <ostream>
#include <system_error>

namespace ducat {

namespace {

namespace fs = std::filesystem;

constexpr const char* identity_name = "DUCAT";
constexpr const char* acknowledged_name = "ACKNOWLEDGED";
constexpr const char* temporary_suffix = ".new";

tl::unexpected<error> io_failure(std::string_view what, const fs::path& path, int code = errno) {
  return fail(errc::io, "cannot " + std::string{what} + " " + path.string() + ": " +
                            std::generic_category().message(code));
}

tl::unexpected<error> not_a_data_directory(const fs::path& path) {
  return fail(errc::corrupt, path.string() + " is not a ducat data directory: it is not empty and "
                                             "has no file named DUCAT");
}

// Files -------------------------------------------------------------------------------------------

/// Writes all of `bytes` at the start of the file; a short write is a failure.
bool write_at_start(const file_handle& file, std::string_view bytes) {
  return ::pwrite(file.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
}

/// Returns the first `size_max` bytes of `path`; nothing if there is no such file.
result<std::optional<std::string>> read_file(const fs::path& path, std::size_t size_max) {
  const file_handle file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.is_open() && errno == ENOENT)
    return std::nullopt;
  if (!file.is_open())
    return io_failure("open", path);
  std::string bytes(size_max, '\0');
  const ssize_t size = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (size < 0)
    return io_failure("read", path);
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

/// Creates `directory/name` with `bytes`, durably: after a crash it is whole or not there.
result<void> create_file(const file_handle& directory, const fs::path& path,
                         std::string_view bytes) {
  const std::string temporary = path.string() + temporary_suffix;
  const file_handle file{
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (!file.is_open() || !write_at_start(file, bytes) || ::fsync(file.get()) != 0)
    return io_failure("write", temporary);
  if (::rename(temporary.c_str(), path.c_str()) != 0 || ::fsync(directory.get()) != 0)
    return io_failure("create", path);
  return {};
}

/// Returns whether the directory holds nothing but what a crash during its creation may leave
/// (and what a new file system starts with).
result<bool> is_fresh(const fs::path& path) {
  std::error_code code;
  for (fs::directory_iterator it{path, code}, end; !code && it != end; it.increment(code)) {
    const fs::path name = it->path().filename();
    if (name != std::string{identity_name} + temporary_suffix && name != "lost+found")
      return false;
  }
  if (code)
    return io_failure("list", path, code.value());
  return true;
}

/// Creates the directory and its parents, each entry durable in its parent. Existing is fine.
result<void> make_directory(const fs::path& path) {
  if (path.empty() || ::access(path.c_str(), F_OK) == 0)
    return {};
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  if (auto made = make_directory(parent); !made)
    return made;
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return io_failure("create", path);
  const file_handle directory{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory.is_open() || ::fsync(directory.get()) != 0)
    return io_failure("sync", parent);
  return {};
}

// The identity ------------------------------------------------------------------------------------

std::string random_id() {
  std::array<std::uint8_t, 16> noise{};
  DUCAT_CHECK(::getentropy(noise.data(), noise.size()) == 0);
  digest padded{};
  std::copy(noise.begin(), noise.end(), padded.begin());
  return to_hex(padded).substr(0, 2 * noise.size());
}

/// What the DUCAT file says.
struct identity {
  std::string id;
  std::string cluster; ///< Empty: the one without a name.
};

std::string identity_text(const identity& who) {
  return "ducat " + std::to_string(directory_format_version) + "\nid " + who.id + "\n" +
         (who.cluster.empty() ? "" : "cluster " + who.cluster + "\n");
}

/// Returns what follows `label` on its line of `text`; empty if there is no such line.
std::string line_after(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos)
    return {};
  const std::size_t begin = at + label.size();
  return std::string{text.substr(begin, text.find('\n', begin) - begin)};
}

/// Returns the number after "ducat " on the first line.
std::optional<int> format_version_of(std::string_view text) {
  constexpr std::string_view prefix = "ducat ";
  if (!text.starts_with(prefix))
    return std::nullopt;
  const std::string_view number = text.substr(prefix.size(), text.find('\n') - prefix.size());
  int version = 0;
  const auto [end, code] = std::from_chars(number.begin(), number.end(), version);
  if (code != std::errc{} || end != number.end())
    return std::nullopt;
  return version;
}

result<identity> parse_identity(const fs::path& path, std::string_view text) {
  const std::optional<int> version = format_version_of(text);
  if (version && *version > directory_format_version)
    return fail(errc::newer_version, path.string() + " is a data directory of format " +
                                         std::to_string(*version) + "; this program knows " +
                                         std::to_string(directory_format_version));
  constexpr std::size_t id_size = 32;
  const identity who{line_after(text, "\nid "), line_after(text, "\ncluster ")};
  const bool is_hex = who.id.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (who.id.size() != id_size || !is_hex || !is_cluster_name(who.cluster) ||
      text != identity_text(who))
    return fail(errc::corrupt, "the file DUCAT in " + path.string() + " is damaged");
  return who;
}

result<void> check_cluster(const fs::path& path, const identity& who, const std::string& cluster) {
  const auto name_of = [](const std::string& name) {
    return name.empty() ? "no named cluster" : "the cluster " + name;
  };
  if (who.cluster == cluster)
    return {};
  return fail(errc::other_cluster, "the data directory " + path.string() + " belongs to " +
                                       name_of(who.cluster) + ", this node to " + name_of(cluster));
}

/// Returns the identity of an existing data directory; nothing if it is a fresh one.
result<std::optional<identity>> read_identity(const fs::path& path) {
  constexpr std::size_t size_max = 4096;
  const auto text = read_file(path / identity_name, size_max);
  if (!text)
    return tl::unexpected(text.error());
  if (*text)
    return parse_identity(path, **text).map([](identity who) { return std::optional{who}; });
  const auto fresh = is_fresh(path);
  if (!fresh)
    return tl::unexpected(fresh.error());
  if (!*fresh)
    return not_a_data_directory(path);
  return std::nullopt;
}

// The acknowledged part ---------------------------------------------------------------------------

constexpr std::size_t acknowledged_size = 8 + 8 + sizeof(digest) + 8;

std::string encode(const acknowledged& value) {
  std::string bytes;
  bytes.reserve(acknowledged_size);
  put(bytes, value.newest.index);
  put(bytes, value.granted.value);
  put(bytes, value.newest.hash);
  put(bytes, checksum(bytes));
  DUCAT_CHECK(bytes.size() == acknowledged_size);
  return bytes;
}

std::optional<acknowledged> decode(std::string_view bytes) {
  if (bytes.size() != acknowledged_size)
    return std::nullopt;
  const acknowledged value{
      .newest = {.index = get<std::uint64_t>(bytes, 0), .hash = get<digest>(bytes, 16)},
      .granted = {get<std::uint64_t>(bytes, 8)}};
  if (encode(value) != bytes)
    return std::nullopt;
  return value;
}

/// Returns what the file says; nothing if it is damaged or not there. A read may come between the
/// halves of a write: only what stays the same is damage.
result<std::optional<acknowledged>> read_settled(const fs::path& path) {
  std::string before;
  for (;;) {
    const auto bytes = read_file(path, acknowledged_size + 1);
    if (!bytes)
      return tl::unexpected(bytes.error());
    if (auto value = decode(bytes->value_or("")); value || bytes->value_or("") == before)
      return value;
    before = bytes->value_or("");
  }
}

} // namespace

bool is_cluster_name(std::string_view name) noexcept {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return name.size() <= 64 && name.find_first_not_of(allowed) == std::string_view::npos;
}

fs::path acknowledged_file(const fs::path& path) {
  return path / acknowledged_name;
}

result<acknowledged> read_acknowledged(const fs::path& path) {
  const auto value = read_settled(acknowledged_file(path));
  if (!value)
    return tl::unexpected(value.error());
  if (*value)
    return **value;
  const bool exists = fs::exists(acknowledged_file(path));
  if (!exists && !fs::exists(path / "CURRENT"))
    return acknowledged{}; // Its creation was cut short: nothing was acknowledged here.
  return fail(errc::corrupt, "the file ACKNOWLEDGED in " + path.string() +
                                 (exists ? " is damaged" : " is missing"));
}

std::ostream& operator<<(std::ostream& out, const acknowledged& value) {
  return out << value.newest << " epoch=" << value.granted;
}

file_handle::~file_handle() {
  if (is_open())
    ::close(descriptor_);
}

result<data_directory> data_directory::open(const fs::path& path, directory_access access,
                                            const std::optional<std::string>& cluster) {
  const bool writes = access == directory_access::write;
  if (cluster && !is_cluster_name(*cluster))
    return fail(errc::invalid_argument,
                "the name of a cluster is at most 64 of a-z A-Z 0-9 . _ -, not " + *cluster);
  if (writes)
    if (auto made = make_directory(path); !made)
      return tl::unexpected(made.error());
  data_directory directory;
  directory.path_ = path;
  directory.lock_ = file_handle{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory.lock_.is_open() && errno == ENOENT)
    return fail(errc::not_found, "there is no data directory at " + path.string());
  if (!directory.lock_.is_open())
    return io_failure("open", path);
  if (auto locked = directory.lock(access); !locked)
    return tl::unexpected(locked.error());
  if (auto loaded = directory.load(access, cluster); !loaded)
    return tl::unexpected(loaded.error());
  return directory;
}

result<void> data_directory::lock(directory_access access) {
  const bool writes = access == directory_access::write;
  const bool locked = ::flock(lock_.get(), (writes ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0;
  if (!locked && errno != EWOULDBLOCK)
    return io_failure("lock", path_);
  if (!locked && writes)
    return fail(errc::in_use, "the data directory " + path_.string() +
                                  " is in use by another process; only one may write to it");
  had_writer_ = !locked;
  if (!writes && locked)
    ::flock(lock_.get(), LOCK_UN); // A reader only looks; it must not keep a writer from starting.
  return {};
}

result<void> data_directory::load(directory_access access,
                                  const std::optional<std::string>& cluster) {
  const auto who = read_identity(path_);
  if (!who)
    return tl::unexpected(who.error());
  if (!*who && access == directory_access::read)
    return fail(errc::not_found, "there is no log in " + path_.string());
  if (*who && cluster)
    if (auto own = check_cluster(path_, **who, *cluster); !own)
      return own;
  const auto value = read_acknowledged(path_);
  if (!value)
    return tl::unexpected(value.error());
  id_ = who->value_or(identity{}).id;
  at_open_ = *value;
  return access == directory_access::write ? prepare_for_writing(cluster.value_or(""))
                                           : result<void>{};
}

result<void> data_directory::prepare_for_writing(const std::string& cluster) {
  if (id_.empty()) {
    id_ = random_id();
    const std::string text = identity_text({id_, cluster});
    if (auto made = create_file(lock_, path_ / identity_name, text); !made)
      return made;
  }
  const fs::path path = path_ / acknowledged_name;
  if (!fs::exists(path))
    if (auto made = create_file(lock_, path, encode(acknowledged{})); !made)
      return made;
  acknowledged_ = file_handle{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
  if (!acknowledged_.is_open())
    return io_failure("open", path);
  return {};
}

result<void> data_directory::acknowledge(const acknowledged& value) {
  DUCAT_CHECK(acknowledged_.is_open());
  if (!write_at_start(acknowledged_, encode(value)))
    return io_failure("write", path_ / acknowledged_name);
  return {};
}

result<void> data_directory::sync() {
  DUCAT_CHECK(acknowledged_.is_open());
  if (::fdatasync(acknowledged_.get()) != 0)
    return io_failure("sync", path_ / acknowledged_name);
  return {};
}

} // namespace ducat
