/// The payload of a log entry: a batch of commands, and of grants of groups.
///
///   offset 0  u8   format version: 1 if there are only commands, else 2
///   then, for each record:
///             u32  length (little-endian)
///             u8   kind, only with format version 2
///             the bytes of the command, or of the grant: u8 length of the group's name, the
///             group, and the node
#pragma once

#include <ducat/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ducat {

enum class record_kind : std::uint8_t { command = 1, grant = 2 };

struct batch_record {
  record_kind kind = record_kind::command;
  std::string_view command{};               ///< Of a command.
  std::string_view group{}, granted_node{}; ///< Of a grant.
};

/// Collects records into a payload.
class batch_builder {
public:
  void add(std::string_view command);

  /// A group's name is 1 to 255 bytes; no node: nobody has it.
  void add_grant(std::string_view group, std::string_view node);

  bool is_empty() const noexcept { return records_.empty(); }

  /// Returns the payload; the builder is done with. It refers to what was added.
  std::string take() &&;

private:
  std::vector<batch_record> records_;
};

/// Returns the records of a payload, in order, as views into it.
/// Errors: newer_version (an unknown format or kind), corrupt (empty, a length does not fit, or a
/// grant is of no group).
result<std::vector<batch_record>> records_of(std::string_view payload);

/// Returns only the commands. Errors: those of records_of().
result<std::vector<std::string_view>> commands_of(std::string_view payload);

} // namespace ducat
