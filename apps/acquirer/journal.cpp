#include "journal.hpp"

#include "effect_line.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace ducat::acquirer {

namespace {

tl::unexpected<error> refused(const std::filesystem::path& path) {
  return fail(errc::io, path.string() + ": " + std::strerror(errno));
}

/// A new file is there after a crash only if its directory is synced too.
bool sync_directory_of(const std::filesystem::path& path) {
  const auto directory = std::filesystem::absolute(path).parent_path();
  const int opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0)
    return false;
  const bool synced = ::fsync(opened) == 0;
  ::close(opened);
  return synced;
}

/// Appends the effects of the whole lines to `read`; returns how many bytes they are.
result<std::size_t> read_lines(const std::filesystem::path& path, std::vector<effect>& read) {
  std::ostringstream contents;
  std::ifstream file{path, std::ios::binary};
  if (!file)
    return refused(path);
  if (file.peek() != std::ifstream::traits_type::eof())
    contents << file.rdbuf();
  const std::string text = contents.str();
  std::size_t begin = 0;
  std::uint64_t number = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const std::string where = path.string() + ":" + std::to_string(++number) + ": ";
    auto parsed = parse_line(std::string_view{text}.substr(begin, end - begin));
    if (!parsed)
      return fail(errc::corrupt, where + "the line is damaged: " + parsed.error().message);
    if (parsed->sequence != number)
      return fail(errc::corrupt, where + "the sequence is " + std::to_string(parsed->sequence));
    read.push_back(std::move(*parsed));
    begin = end + 1;
  }
  return begin;
}

} // namespace

result<journal> journal::open(const std::filesystem::path& path, std::vector<effect>& read) {
  const int opened = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (opened < 0)
    return refused(path);
  journal made{opened};
  if (::flock(opened, LOCK_EX | LOCK_NB) != 0)
    return fail(errc::in_use, path.string() + ": another process has this journal");
  const auto whole = read_lines(path, read);
  if (!whole)
    return tl::unexpected(whole.error());
  if (::ftruncate(opened, static_cast<off_t>(*whole)) != 0 || ::fsync(opened) != 0 ||
      !sync_directory_of(path))
    return refused(path);
  return made;
}

journal::journal(journal&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, pending_{std::move(other.pending_)} {}

journal::~journal() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

void journal::append(const effect& what) {
  pending_ += line_of(what) += '\n';
}

result<void> journal::sync() {
  if (pending_.empty())
    return {};
  for (std::string_view rest = pending_; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR)
      return refused("the journal");
    if (written > 0)
      rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fdatasync(descriptor_) != 0)
    return refused("the journal");
  pending_.clear();
  return {};
}

} // namespace ducat::acquirer
