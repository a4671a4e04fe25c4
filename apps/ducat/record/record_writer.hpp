/// Writes the client's record of calls; see call_record.hpp.
#pragma once

#include "record/call_record.hpp"

#include <filesystem>
#include <fstream>

namespace ducat::cli {

/// Appends to a record. Each line is handed to the system in one piece before the call returns, so
/// that it outlives a killed client. For one thread.
class record_writer {
public:
  /// Opens or creates `path`, and drops a last line that has no end.
  /// Errors: io.
  static result<record_writer> open(const std::filesystem::path& path);

  /// Errors: io (the disk is full; what comes next would not be on record).
  result<void> invoked(const operation_id& id, const std::string& body, std::uint64_t at_ns);
  result<void> answered(const operation_id& id, const call_answer& answer, std::uint64_t at_ns);

private:
  explicit record_writer(std::ofstream out) : out_{std::move(out)} {}

  result<void> write(const std::string& line);

  std::ofstream out_;
};

} // namespace ducat::cli
