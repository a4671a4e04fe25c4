#include "hosts/loop_disk.hpp"

#include "hosts/network.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>

namespace ducat::cli {

namespace {

/// Of ext4: stop at once, without writing what its journal holds.
constexpr unsigned long shutdown_call = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t without_journal = 2;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class open_file {
public:
  open_file(const std::filesystem::path& path, int flags)
      : descriptor_{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {
    if (descriptor_ < 0)
      throw_errno(path.string());
  }

  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  ~open_file() { ::close(descriptor_); }

  int descriptor() const noexcept { return descriptor_; }

private:
  int descriptor_;
};

std::filesystem::path filler_of(const std::filesystem::path& disk) {
  return disk / "filler";
}

/// Whoever was just being given a namespace of its own when a disk was unmounted has it still, and
/// the next mount would be of the same disk without power.
void unmount_elsewhere(const std::filesystem::path& at) {
  std::error_code ignored;
  for (const auto& process : std::filesystem::directory_iterator{"/proc", ignored}) {
    std::ifstream mounts{process.path() / "mountinfo"};
    for (std::string line; std::getline(mounts, line);)
      if (line.find(" " + at.string() + " ") != line.npos) {
        try {
          run_program({"nsenter", "--mount=" + (process.path() / "ns/mnt").string(), "umount",
                       at.string()});
        } catch (const std::exception&) { // It has ended, or has just been unmounted there.
        }
        break;
      }
  }
}

} // namespace

std::optional<std::string> why_no_loop_disk(const std::filesystem::path& folder) {
  constexpr std::uint64_t smallest = 16U << 20U;
  try {
    loop_disk tried{folder / "tried", smallest};
    tried.lose_power();
    tried.power_up();
    return std::nullopt;
  } catch (const std::exception& why) {
    return std::string{"this machine gives no disk of its own: "} + why.what();
  }
}

loop_disk::loop_disk(std::filesystem::path at, std::uint64_t bytes)
    : at_{std::move(at)}, image_{at_.string() + ".disk"} {
  std::filesystem::create_directories(at_);
  run_program({"truncate", "--size", std::to_string(bytes), image_.string()});
  run_program({"mkfs.ext4", "-q", "-F", image_.string()});
  mount();
}

loop_disk::~loop_disk() {
  ::umount2(at_.c_str(), MNT_DETACH);
  std::error_code ignored;
  std::filesystem::remove(image_, ignored);
}

void loop_disk::lose_power() const {
  const open_file root{at_, O_RDONLY | O_DIRECTORY};
  std::uint32_t how = without_journal;
  if (::ioctl(root.descriptor(), shutdown_call, &how) != 0)
    throw_errno("shutdown of " + at_.string());
}

/// What was killed may hold its files for a moment more than its pipes.
void loop_disk::power_up() {
  constexpr int tries_max = 500;
  for (int i = 0; ::umount2(at_.c_str(), 0) != 0; ++i) {
    if (errno != EBUSY || i == tries_max)
      throw_errno("umount " + at_.string());
    ::poll(nullptr, 0, 10);
  }
  unmount_elsewhere(at_);
  mount();
}

void loop_disk::fill() const {
  const open_file filler{filler_of(at_), O_WRONLY | O_CREAT};
  struct statvfs space{};
  if (::fstatvfs(filler.descriptor(), &space) != 0)
    throw_errno(at_.string());
  const auto left = static_cast<off_t>(space.f_bfree * space.f_frsize);
  // All but what ext4 needs to describe the file itself; down to nothing, block by block.
  for (off_t part = left, at = 0; part >= static_cast<off_t>(space.f_frsize);)
    if (::fallocate(filler.descriptor(), 0, at, part) == 0)
      at += part;
    else
      part /= 2;
}

void loop_disk::empty() const {
  std::error_code ignored; // It may have lost its power meanwhile, and never have been synced.
  std::filesystem::remove(filler_of(at_), ignored);
}

void loop_disk::mount() const {
  run_program({"mount", "-o", "loop", image_.string(), at_.string()});
}

} // namespace ducat::cli
