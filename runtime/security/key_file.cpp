#include "security/files.hpp"

#include <ducat/certificates.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace ducat::security {

namespace {

constexpr mode_t rights_of_others = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
  return text.data();
}

} // namespace

result<void> check_key_file(const std::filesystem::path& file) {
  struct stat status{};
  const std::string name = file.string();
  if (::stat(name.c_str(), &status) != 0)
    return errno == ENOENT || errno == ENOTDIR
               ? fail(errc::not_found, "there is no key file " + name)
               : io_failure("look at", file, errno);
  if (!S_ISREG(status.st_mode))
    return fail(errc::not_permitted, "the key file " + name + " is no regular file");
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return fail(errc::not_permitted, "the key file " + name + " belongs to the user " +
                                         std::to_string(status.st_uid) +
                                         ", not to the one that uses it; do: chown " +
                                         std::to_string(::geteuid()) + " " + name);
  if ((status.st_mode & rights_of_others) != 0)
    return fail(errc::not_permitted, "the key file " + name + " has mode " + octal(status.st_mode) +
                                         ": others than its owner may read or write it; do: "
                                         "chmod 600 " +
                                         name);
  return {};
}

} // namespace ducat::security
