/// The payload of a log entry: a batch of commands.
///
///   offset 0  u8   format version
///   then, for each command: u32 length (little-endian) and the command's bytes
#pragma once

#include <ducat/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ducat {

constexpr char batch_format_version = 1;

/// Collects commands into a payload.
class batch_builder {
public:
  void add(std::string_view command);

  bool is_empty() const noexcept { return bytes_.size() == 1; }

  std::size_t size() const noexcept { return bytes_.size(); }

  /// Returns the payload; the builder is done with.
  std::string take() && { return std::move(bytes_); }

private:
  std::string bytes_{batch_format_version};
};

/// Returns the commands of a payload, in order, as views into it.
/// Errors: newer_version (an unknown format), corrupt (empty, or a length that does not fit).
result<std::vector<std::string_view>> commands_of(std::string_view payload);

} // namespace ducat
