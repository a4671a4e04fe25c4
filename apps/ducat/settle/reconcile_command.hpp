/// `ducat settle reconcile`: a window against an acquirer's journal and a bank's statements.
#pragma once

#include "client/session.hpp"

#include <ducat/v1/exception.pb.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ducat::cli {

struct reconcile_request {
  std::string currency{};
  std::uint64_t window = 0;
  std::string acquirer{};
  std::vector<std::string> journals{};
  std::vector<std::string> banks{};
  std::uint32_t from = 0;         ///< yyyymmdd; 0: since the window before.
  std::uint32_t through = 0;      ///< The last business date that the journal has whole; 0: all.
  std::uint32_t bank_through = 0; ///< The last one whose batches the bank has booked; 0: all.
  bool is_utc = false;            ///< The acquirer's days are those of UTC.
  std::uint32_t basis_points = 0; ///< What it may keep of a capture,
  std::int64_t fixed = 0;         ///< and for each.
  std::string owner{};
  std::string account{};
  v1::SettlementExceptionRule rule = v1::UNTIL_SEEN;
  bool is_dry = false;
  bool is_to_be_final = false;
  std::filesystem::path scratch = std::filesystem::temp_directory_path();
};

/// Compares, opens an exception for each difference, disposes of those that were waiting for what
/// was seen now, and finalizes the window if that is asked for. All is read and compared before
/// anything is opened; a file that is damaged opens nothing. Repeating it has no second effect. The
/// exit code is `usage` for a file that cannot be used, and `failed` for a window that cannot be
/// final.
exit_code reconcile_window(const session& with, const reconcile_request& request);

} // namespace ducat::cli
