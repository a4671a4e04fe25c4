/// What the checker reads in an entry before it knows what comes of it. That takes most of the
/// time, and needs no other entry.
#pragma once

#include "record/operation.hpp"

#include <ducat/log.hpp>
#include <ducat/v1/journal.pb.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace ducat::cli {

/// A payment that is created. Like the other commands, a view of what it was read from.
struct created_payment {
  std::string_view key, from, to, currency, terminal;
  std::int64_t amount = 0;
  bool manual_capture = false;
  bool is_card = false;
  std::uint64_t key_hash = 0; ///< hash_of_key() of its key.
  half_digest id{};
  half_digest body{};
};

/// The id of a payment as a command has it.
struct payment_name {
  std::string_view text;
  std::optional<half_digest> digest; ///< Nothing if no payment can have such an id.

  explicit payment_name(std::string_view id = {}) : text{id}, digest{payment_digest_in(id)} {}
};

/// A payment that is authorised by nobody but its payer's balance.
struct authorized_payment {
  payment_name payment;
};

struct captured_payment {
  payment_name payment;
  std::string_view key;
  std::int64_t amount = 0;
};

/// Returns what the indexes hash the key of an operation to.
inline std::uint64_t hash_of_key(std::string_view key) noexcept {
  return checksum(key);
}

/// What most commands are, and any other.
using command_reading =
    std::variant<created_payment, authorized_payment, captured_payment, v1::Command>;

struct entry_reading {
  std::uint64_t index = 0;
  log_time at;
  digest previous{};
  digest hash{};
  bool is_hash_right = false;
  bool is_batch = false; ///< Of commands, all of which could be read.
  std::vector<command_reading> commands;
};

/// Reads an entry into `into`, whatever was there. The reading is a view of the entry, which has to
/// stay where it is.
void read(const entry& e, entry_reading& into);

/// Reads one of the commands into `into`, and returns whether it is one.
bool read_command(std::string_view bytes, command_reading& into);

/// Returns the reading of a command that protobuf has read. It is a view of it.
created_payment reading_of(const v1::CreatePayment& command);

/// Returns the bytes of the commands in the payload of an entry: format 1, then for each command
/// its length as 4 little-endian bytes, and its bytes; or format 2, with the kind of each record
/// after its length: 1 of a command, 2 of a grant of a group. Nothing if it is not that.
std::optional<std::vector<std::string_view>> batch_in(std::string_view payload);

/// Returns the commands of payments in the payload of an entry; nothing if it is not that.
std::optional<std::vector<v1::Command>> commands_in(std::string_view payload);

} // namespace ducat::cli
