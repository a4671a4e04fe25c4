/// What a node says that is to be reconciled.
#pragma once

#include "settle/progress_bar.hpp"
#include "settle/reconcile_command.hpp"

#include <ducat/settlement/window_reconciliation.hpp>
#include <ducat/v1/settlement.pb.h>

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// Returns why something was refused here, before the node was asked.
failure refusal_here(v1::Error::Type type, const std::string& code, const std::string& message,
                     const std::string& param = {});

/// Returns why files could not be used.
failure failure_of_file(const std::string& file, const error& why);

/// Returns the window, those that follow it, and those before it as far as one of an earlier date.
tl::expected<std::vector<v1::Window>, failure> windows_around(const session& with,
                                                              const reconcile_request& request);

/// Gives `into` the exceptions of the window, and the open ones of those before.
std::optional<failure> add_exceptions(const session& with, const reconcile_request& request,
                                      settlement::window_reconciliation& into);

/// Gives `into` every movement of the window, page by page.
std::optional<failure> add_members(const session& with, const v1::Window& window,
                                   settlement::window_reconciliation& into, progress_bar& bar);

/// Returns the totals that the log has with the acquirer in the currency; nothing if there are
/// none.
tl::expected<std::optional<v1::Acquirer>, failure> totals_with(const session& with,
                                                               const reconcile_request& request);

} // namespace ducat::cli
