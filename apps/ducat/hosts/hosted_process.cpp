#include "hosts/hosted_process.hpp"

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
    : log_{log, std::ios::app},
      process_{started(words), // A runtime ends with its guardian.
               {.on_line = [this](const std::string& line) { note(line); },
                .on_end =
                    [this] {
                      runtime_ = 0;
                      has_ended_ = true;
                    }}} {}

void hosted_process::signal(int number) const {
  process_.look([&] {
    if (number == SIGCONT)
      process_.signal(number);
    if (runtime_ != 0)
      return void(::kill(runtime_, number));
    is_hit_ = !has_ended_;
    process_.signal(number);
  });
}

void hosted_process::kill() const noexcept {
  process_.signal(SIGKILL);
}

bool hosted_process::wait_until_ready(std::uint64_t count, duration limit) const {
  return process_.wait_until([&] { return readies_ >= count; }, limit);
}

bool hosted_process::wait_until_ended(duration limit) const {
  return process_.wait_until_ended(limit);
}

bool hosted_process::was_ended_early() const {
  return process_.look([this] { return is_hit_ && has_ended_; });
}

std::uint64_t hosted_process::readies() const {
  return process_.look([this] { return readies_; });
}

void hosted_process::note(const std::string& line) {
  constexpr std::string_view started = "runtime_started pid=";
  log_ << line << std::endl;
  if (const auto at = line.find(started); at != std::string::npos)
    std::from_chars(line.data() + at + started.size(), line.data() + line.size(), runtime_);
  if (line.starts_with("node_ready"))
    ++readies_;
}

} // namespace ducat::cli
