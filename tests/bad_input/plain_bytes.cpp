#include "bad_input/bad_bytes.hpp"

#include <random>

namespace ducat::bad_input {

namespace {

using namespace std::string_literals;

std::string random_bytes(std::mt19937_64& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& each : bytes)
    each = static_cast<char>(random());
  return bytes;
}

/// A record of TLS: its type, version and content.
std::string tls_record(char type, const std::string& version, const std::string& content) {
  const auto size = static_cast<std::uint16_t>(content.size());
  return std::string{type} + version + static_cast<char>(size >> 8) + static_cast<char>(size) +
         content;
}

} // namespace

classes plain_bytes(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  return {
      {"nothing", ""},
      {"one byte", "x"},
      {"one zero", "\0"s},
      {"64 KiB of zeros", std::string(64 << 10, '\0')},
      {"64 KiB of 0xff", std::string(64 << 10, '\xff')},
      {"random: 1 KiB", random_bytes(random, 1 << 10)},
      {"random: 64 KiB", random_bytes(random, 64 << 10)},
      {"random: 10 MiB", random_bytes(random, 10 << 20)},
      {"random, byte by byte", random_bytes(random, 300), true},
      {"a length of 0", "\0\0\0\0"s},
      {"a length of 2^31 - 1", "\x7f\xff\xff\xff"s + random_bytes(random, 100)},
      {"a length of 2^32 - 1", "\xff\xff\xff\xff"s + random_bytes(random, 100)},
      {"a length in the other order", "\x05\0\0\0hello"s},
      {"TLS: an alert", tls_record(21, "\x03\x03"s, "\x02\x28"s)},
      {"TLS: a hello that is cut", tls_record(22, "\x03\x01"s, "\x01\x00\x01\xfc\x03\x03"s)},
      {"TLS: a hello of random bytes", tls_record(22, "\x03\x01"s, random_bytes(random, 512))},
      {"TLS: a record of 64 KiB", tls_record(22, "\x03\x03"s, random_bytes(random, 65'535))},
      {"TLS: SSLv2", "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10"s + random_bytes(random, 37)},
      {"another protocol: SSH", "SSH-2.0-OpenSSH_9.2\r\n"},
      {"another protocol: Redis", "*1\r\n$4\r\nPING\r\n"},
      {"another protocol: CAF's BASP", "\x00\x00\x00\x00"s + random_bytes(random, 32)},
      {"another protocol: HTTP/1.1", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
      {"another protocol: HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"s},
      {"a terminal's escapes", "\x1b]0;x\x07\x1b[2J\x1b[31m\r\n"},
  };
}

} // namespace ducat::bad_input
