#include "bench/raw_limit.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

namespace ducat::bench {

namespace {

constexpr std::uint64_t file_bytes_least = std::uint64_t{16} << 20;

tl::unexpected<error> io_failure(const std::filesystem::path& path) {
  return fail(errc::io,
              "cannot write " + path.string() + ": " + std::generic_category().message(errno));
}

/// A file with all its blocks written; it has no name, so nothing is left of it.
class preallocated_file {
public:
  explicit preallocated_file(const std::filesystem::path& path)
      : descriptor_{
            ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)} {
    ::unlink(path.c_str());
  }

  preallocated_file(const preallocated_file&) = delete;
  preallocated_file& operator=(const preallocated_file&) = delete;

  ~preallocated_file() { ::close(descriptor_); }

  /// Both return false, and errno says why, if the disk refuses.
  bool fill(std::uint64_t bytes) {
    const std::string zeroes(std::size_t{1} << 20, '\0');
    for (std::uint64_t at = 0; at < bytes; at += zeroes.size())
      if (!write(zeroes, at))
        return false;
    return ::fsync(descriptor_) == 0;
  }

  bool write_and_sync(const std::string& bytes, std::uint64_t at) {
    return write(bytes, at) && ::fdatasync(descriptor_) == 0;
  }

private:
  bool write(const std::string& bytes, std::uint64_t at) {
    return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
           static_cast<ssize_t>(bytes.size());
  }

  int descriptor_;
};

} // namespace

result<raw_result> measure_raw_limit(const raw_options& options) {
  const auto path = options.directory / "raw";
  const std::string bytes(options.bytes_per_sync, 'x');
  const std::uint64_t file_bytes = std::max(file_bytes_least, 4 * options.bytes_per_sync);
  preallocated_file file{path};
  if (!file.fill(file_bytes))
    return io_failure(path);
  raw_result measured;
  const auto begin = steady::now();
  auto now = begin;
  for (std::uint64_t at = 0;
       measured.syncs.count() == 0 ||
       (measured.syncs.count() < options.syncs_max && now < begin + options.time_max);) {
    if (!file.write_and_sync(bytes, at))
      return io_failure(path);
    const auto before = std::exchange(now, steady::now());
    measured.syncs.add(now - before);
    at += bytes.size();
    if (at + bytes.size() > file_bytes)
      at = 0;
  }
  measured.syncs_per_s = static_cast<double>(measured.syncs.count()) / seconds_of(now - begin);
  return measured;
}

} // namespace ducat::bench
