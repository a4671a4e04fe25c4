#include "guardian/guarded_start.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace ducat::guardian {

namespace {

constexpr const char* pipe_variable = "DUCAT_GUARDIAN_PIPE";
constexpr const char* last_end_variable = "DUCAT_LAST_END";
constexpr const char* since_variable = "DUCAT_NOT_READY_SINCE"; // Nanoseconds.

std::string take(const char* name) {
  const char* const value = ::getenv(name);
  std::string text = value != nullptr ? value : "";
  ::unsetenv(name);
  return text;
}

/// Returns the pipe that `text` names, closed from now on to what this process executes; else -1.
int pipe_of(const std::string& text) {
  int pipe = -1;
  std::from_chars(text.data(), text.data() + text.size(), pipe);
  struct stat what{};
  if (pipe < 0 || ::fstat(pipe, &what) != 0 || !S_ISFIFO(what.st_mode))
    return -1;
  ::fcntl(pipe, F_SETFD, FD_CLOEXEC);
  return pipe;
}

/// Returns the moment that `text` names, if it is one that has been.
std::optional<time_point> moment_of(const std::string& text) {
  duration::rep count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  const time_point moment{duration{count}};
  if (count <= 0 || moment > std::chrono::steady_clock::now())
    return std::nullopt;
  return moment;
}

std::string text_of(const std::optional<time_point>& moment) {
  return moment ? std::to_string(moment->time_since_epoch().count()) : "";
}

} // namespace

std::vector<std::string> variables_of(const guarded_start& start) {
  return {std::string{pipe_variable} + "=" + std::to_string(start.pipe),
          std::string{last_end_variable} + "=" + start.last_end,
          std::string{since_variable} + "=" + text_of(start.not_ready_since)};
}

bool is_of_guarded_start(std::string_view variable) {
  constexpr std::array names{pipe_variable, last_end_variable, since_variable};
  return std::ranges::any_of(
      names, [&](const char* name) { return variable.starts_with(std::string{name} + "="); });
}

guarded_start take_guarded_start() {
  ::prctl(PR_SET_NAME, "ducat"); // What was executed as /proc/self/exe is called exe.
  const std::string pipe = take(pipe_variable);
  std::string last_end = take(last_end_variable);
  return {.pipe = pipe_of(pipe),
          .last_end = std::move(last_end),
          .not_ready_since = moment_of(take(since_variable))};
}

} // namespace ducat::guardian
