/// What a reconciliation has found, into the log.
#pragma once

#include "settle/progress_bar.hpp"
#include "settle/reconcile_command.hpp"

#include <ducat/settlement/window_reconciliation.hpp>

#include <cstdint>
#include <optional>

namespace ducat::cli {

struct reconcile_effects {
  std::uint64_t opened = 0;
  std::uint64_t disposed = 0; ///< As LATE_MATCHED.
  std::uint64_t open = 0;     ///< Exceptions of the window that are open now.
  bool is_final = false;
};

/// Opens what is to be opened, at most 256 in a command, and disposes of what was seen. Whatever
/// ends it before the end, the next time does the rest.
std::optional<failure> take_effect(const session& with, const reconcile_request& request,
                                   const settlement::window_report& found, std::uint32_t due_hours,
                                   progress_bar& bar, reconcile_effects& done);

/// Counts what is open of the window.
std::optional<failure> count_open(const session& with, const reconcile_request& request,
                                  reconcile_effects& done);

/// Finalizes the window if nothing about it is open. Errors: those of the call, such as that it is
/// not settled.
std::optional<failure> finalize(const session& with, const reconcile_request& request,
                                reconcile_effects& done);

} // namespace ducat::cli
