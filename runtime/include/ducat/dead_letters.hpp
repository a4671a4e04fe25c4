/// Messages that nobody will handle: kept for whoever wants to know, to try again or to discard.
#pragma once

#include <ducat/error.hpp>
#include <ducat/exit_reason.hpp>
#include <ducat/time.hpp>

#include <caf/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat {

/// Why a message is a dead letter.
enum class dead_letter_cause : std::uint8_t {
  poison = 1,      ///< It was in hand at too many crashes; its outcome is unknown.
  undelivered = 2, ///< Its receiver is gone for good, and never had it in hand.
};

std::string_view to_string(dead_letter_cause value) noexcept;

struct dead_letter {
  std::uint64_t id = 0; ///< From 1; never used twice in one process.
  std::string path{};   ///< Of the child or pool it was sent to.
  dead_letter_cause cause = dead_letter_cause::undelivered;
  std::chrono::system_clock::time_point at{}; ///< When it became one.
  std::uint32_t crashes = 0;                  ///< At which it was in hand.
  exit_reason last_crash{};
  std::string text{}; ///< For people: what the message says.
  caf::message body{};
  std::uint64_t key = 0; ///< For route::by_key.
};

/// The dead letters of one tree, in the memory of its process: a restart of the process forgets
/// them, which loses no payment, for their senders were told. Safe from any thread.
class dead_letters {
public:
  /// Keeps the last `capacity`; older ones are forgotten, and counted.
  explicit dead_letters(std::size_t capacity = 10'000);
  dead_letters(const dead_letters&) = delete;
  dead_letters& operator=(const dead_letters&) = delete;
  ~dead_letters();

  /// How messages become text; default: caf::to_string. Set it before the tree is started.
  void describe_with(std::function<std::string(const caf::message&)> describe);

  /// Files `letter`; its id and text are given here. Returns the id.
  std::uint64_t add(dead_letter letter);

  /// Returns them, oldest first.
  std::vector<dead_letter> list() const;

  /// Returns the letter, if it is still there.
  std::optional<dead_letter> find(std::uint64_t id) const;

  /// Removes and returns the letter, to send it again or to discard it. Errors: not_found.
  result<dead_letter> take(std::uint64_t id);

  /// Puts a letter that was taken back in its place, for it was not sent after all.
  void put_back(dead_letter letter);

  /// Returns how many there have been since the process started, by cause.
  std::uint64_t count(dead_letter_cause cause) const;

  /// Returns how many were forgotten because there were too many.
  std::uint64_t forgotten() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace ducat
