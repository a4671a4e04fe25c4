/// What comes of bytes that nobody should send.
#pragma once

#include "api/raw_connection.hpp"
#include "bad_input/bad_bytes.hpp"
#include "bad_input/served_node.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <thread>

namespace ducat::bad_input {

/// Returns DUCAT_SEED, or another number each time.
inline std::uint64_t seed() {
  const char* const given = std::getenv("DUCAT_SEED");
  return given != nullptr ? std::stoull(given) : std::random_device{}();
}

struct reaction {
  std::string answer;
  bool is_closed = false;
};

/// Sends `what`, and nothing after it.
template <class Connection>
reaction send_to(Connection& connection, const bad_bytes& what) {
  if (what.in_pieces)
    for (const char each : what.bytes)
      connection.send({&each, 1});
  else
    connection.send(what.bytes);
  connection.end();
  const std::string answer = connection.receive_all();
  return {.answer = answer, .is_closed = !connection.has_timed_out()};
}

inline reaction sent_in_the_clear(int port, const bad_bytes& what) {
  testing::raw_connection connection{port};
  return send_to(connection, what);
}

/// Returns the status of an answer over HTTP/1.1; 0 if it is none.
inline int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

/// Writes a line of the table of docs/security.md.
inline void note(const std::string& port, const bad_bytes& what, const reaction& seen) {
  std::ofstream{DUCAT_MATRIX, std::ios::app}
      << "| " << what.name << " | " << port << " | "
      << (seen.answer.empty()           ? "closed"
          : status_of(seen.answer) != 0 ? std::to_string(status_of(seen.answer))
                                        : std::to_string(seen.answer.size()) + " bytes, closed")
      << " |\n";
}

/// Nothing wrong is ever done.
inline void expect_a_refusal(const bad_bytes& what, const reaction& seen) {
  const int status = status_of(seen.answer);
  EXPECT_TRUE(status == 0 || status >= 400) << what.name << ": " << seen.answer;
}

/// The node has about as much memory and as many connections as it had.
inline void expect_no_growth(const served_node& node, long memory_kib, long descriptors) {
#ifndef DUCAT_ADDRESS_SANITIZED // It keeps what was freed.
  EXPECT_LT(node.memory_kib(), memory_kib + (32 << 10)) << "KiB";
#else
  (void)memory_kib;
#endif
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (node.descriptors() > descriptors + 4 && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  EXPECT_LE(node.descriptors(), descriptors + 4) << "connections are left";
}

} // namespace ducat::bad_input
