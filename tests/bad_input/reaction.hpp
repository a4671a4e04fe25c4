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

/// Does the same again and again until once it left next to nothing in the node's memory: what
/// allocators keep of the first times is no growth, but what is lost each time is. What is sent to
/// the node by others meanwhile may leave as much. No connection may be left.
template <class Again>
void expect_no_growth(const served_node& node, Again again) {
  const long open_before = node.descriptors();
#ifdef DUCAT_ADDRESS_SANITIZED // It keeps what was freed.
  again();
#else
  constexpr long next_to_nothing_kib = 4 << 10;
  long left_kib = next_to_nothing_kib;
  for (int times = 0; left_kib >= next_to_nothing_kib && times < 12; ++times) {
    const long before = node.memory_kib();
    again();
    left_kib = node.memory_kib() - before;
  }
  EXPECT_LT(left_kib, next_to_nothing_kib) << "KiB, and each time before";
#endif
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (node.descriptors() > open_before + 4 && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  EXPECT_LE(node.descriptors(), open_before + 4) << "connections are left";
}

} // namespace ducat::bad_input
