#include "postgres/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace ducat::bench {

namespace {

constexpr int cannot_start = 127;

/// Becomes the program; returns only if it cannot.
void become(const process_options& options, char* const* words) {
  const int log =
      ::open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (log < 0 || ::dup2(log, STDOUT_FILENO) < 0 || ::dup2(log, STDERR_FILENO) < 0)
    return;
  if (options.as && (::setgroups(0, nullptr) != 0 || ::setgid(options.as->gid) != 0 ||
                     ::setuid(options.as->uid) != 0))
    return;
  if (::prctl(PR_SET_PDEATHSIG, SIGINT) != 0 || ::chdir("/") != 0)
    return;
  ::execv(words[0], words);
}

} // namespace

std::optional<user> user_for_server() {
  if (::geteuid() != 0)
    return std::nullopt;
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* found = ::getpwnam(name))
      return user{name, found->pw_uid, found->pw_gid};
  return std::nullopt;
}

pid_t start_process(const process_options& options) {
  std::vector<std::string> words = options.words;
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const pid_t id = ::fork();
  if (id == 0) {
    become(options, pointers.data());
    ::_exit(cannot_start);
  }
  return id;
}

} // namespace ducat::bench
