#include "hosts/hosted_process.hpp"

#include <poll.h>
#include <signal.h>

#include <charconv>
#include <stdexcept>

namespace ducat::cli {

namespace {

watched_process started(const std::vector<std::string>& words) {
  auto made = watched_process::start(words);
  if (!made)
    throw std::runtime_error(to_string(made.error()));
  return std::move(*made);
}

} // namespace

hosted_process::hosted_process(const std::vector<std::string>& words,
                               const std::filesystem::path& log)
    : process_{started(words)}, log_{log, std::ios::app}, reader_{[this] { read_until_end(); }} {}

hosted_process::~hosted_process() {
  process_.signal(SIGKILL); // A runtime ends with its guardian.
  reader_.join();
}

void hosted_process::signal(int number) const {
  const std::lock_guard lock{guard_};
  if (runtime_ != 0)
    ::kill(runtime_, number);
  else
    process_.signal(number);
}

void hosted_process::kill() const noexcept {
  process_.signal(SIGKILL);
}

bool hosted_process::wait_until_ready(std::uint64_t count, duration limit) const {
  std::unique_lock lock{guard_};
  changed_.wait_for(lock, limit, [&] { return has_ended_ || readies_ >= count; });
  return readies_ >= count;
}

bool hosted_process::wait_until_ended(duration limit) const {
  std::unique_lock lock{guard_};
  return changed_.wait_for(lock, limit, [this] { return has_ended_; });
}

std::uint64_t hosted_process::readies() const {
  const std::lock_guard lock{guard_};
  return readies_;
}

void hosted_process::read_until_end() {
  while (process_.output() >= 0) {
    pollfd watched{.fd = process_.output(), .events = POLLIN, .revents = 0};
    ::poll(&watched, 1, -1);
    for (const std::string& line : process_.read_lines())
      note(line);
  }
  const std::lock_guard lock{guard_};
  has_ended_ = true;
  runtime_ = 0;
  changed_.notify_all();
}

void hosted_process::note(const std::string& line) {
  constexpr std::string_view started = "runtime_started pid=";
  log_ << line << std::endl;
  const std::lock_guard lock{guard_};
  if (const auto at = line.find(started); at != std::string::npos)
    std::from_chars(line.data() + at + started.size(), line.data() + line.size(), runtime_);
  if (line.starts_with("node_ready"))
    ++readies_;
  changed_.notify_all();
}

} // namespace ducat::cli
