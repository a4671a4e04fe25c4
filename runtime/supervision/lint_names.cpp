/// The values of the linter as text.
#include <ducat/lint.hpp>

#include <ostream>

namespace ducat {

lint_severity severity_of(lint_code code) noexcept {
  using enum lint_code;
  switch (code) {
  case transient_supervisor_not_significant:
  case finite_shutdown_of_supervisor:
  case brutal_kill_of_supervisor:
  case backoff_outlasts_window:
  case budget_too_large:
  case unreachable_after_group_restart:
  case temporary_pool:
  case auto_shutdown_never_happens:
  case auto_shutdown_of_permanent_supervisor:
  case backoff_never_used:
  case mailbox_never_kept:
  case handler_budget_never_used:
    return lint_severity::warning;
  case no_restarts:
  case supervisor_without_children:
  case shutdown_shorter_than_handler_budget:
  case infinite_shutdown_of_worker:
    return lint_severity::note;
  }
  return lint_severity::warning;
}

std::string_view to_string(lint_code value) noexcept {
  using enum lint_code;
  switch (value) {
  case transient_supervisor_not_significant:
    return "transient_supervisor_not_significant";
  case finite_shutdown_of_supervisor:
    return "finite_shutdown_of_supervisor";
  case brutal_kill_of_supervisor:
    return "brutal_kill_of_supervisor";
  case backoff_outlasts_window:
    return "backoff_outlasts_window";
  case budget_too_large:
    return "budget_too_large";
  case unreachable_after_group_restart:
    return "unreachable_after_group_restart";
  case temporary_pool:
    return "temporary_pool";
  case auto_shutdown_never_happens:
    return "auto_shutdown_never_happens";
  case auto_shutdown_of_permanent_supervisor:
    return "auto_shutdown_of_permanent_supervisor";
  case backoff_never_used:
    return "backoff_never_used";
  case mailbox_never_kept:
    return "mailbox_never_kept";
  case handler_budget_never_used:
    return "handler_budget_never_used";
  case no_restarts:
    return "no_restarts";
  case supervisor_without_children:
    return "supervisor_without_children";
  case shutdown_shorter_than_handler_budget:
    return "shutdown_shorter_than_handler_budget";
  case infinite_shutdown_of_worker:
    return "infinite_shutdown_of_worker";
  }
  return "unknown";
}

std::string_view to_string(lint_severity value) noexcept {
  return value == lint_severity::note ? "note" : "warning";
}

std::string_view to_string(start_count::end value) noexcept {
  using enum start_count::end;
  switch (value) {
  case root_gives_up:
    return "root_gives_up";
  case stays_down:
    return "stays_down";
  case goes_on:
    return "goes_on";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, const lint_finding& value) {
  return out << to_string(severity_of(value.code)) << ' '
             << (value.path.empty() ? "(root)" : value.path) << ' ' << to_string(value.code) << ": "
             << value.text;
}

std::ostream& operator<<(std::ostream& out, const start_count& value) {
  return out << value.path << ": " << value.starts << " starts, then " << to_string(value.then)
             << ' ' << (value.at.empty() ? "(root)" : value.at);
}

} // namespace ducat
