/// What a reconciliation has found, for people and for programs.
#pragma once

#include "settle/reconcile_command.hpp"
#include "settle/reconcile_effects.hpp"

#include <ducat/iso20022/import.hpp>
#include <ducat/settlement/compare_totals.hpp>
#include <ducat/settlement/window_reconciliation.hpp>
#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/settlement.pb.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cli {

/// The totals of the log and of the journal since the last reconciliation (0500) in balance.
struct compared_totals {
  v1::Acquirer ours{};
  settlement::journal_totals theirs{};
  settlement::totals_verdict verdict{};
};

struct reconcile_result {
  const reconcile_request& request;
  v1::Window window{};
  settlement::date_range dates{};
  settlement::window_report found{};
  std::optional<compared_totals> totals{};
  std::vector<std::pair<std::string, iso20022::note>> notes{}; ///< Of the bank's files, by name.
  reconcile_effects done{};
};

/// Returns the result as lines of text: at most 50 of the differences.
std::string reconcile_text(const reconcile_result& of);

/// Returns the result as one JSON object, with all differences.
std::string reconcile_json(const reconcile_result& of);

} // namespace ducat::cli
