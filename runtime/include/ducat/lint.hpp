/// What a supervision tree says that it cannot mean, and how often it starts a child that always
/// fails. Pure: nothing is started.
#pragma once

#include <ducat/child_spec.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace ducat {

/// Names and meanings are stable; new ones are added at the end.
enum class lint_code : std::uint8_t {
  transient_supervisor_not_significant = 1,  ///< S34: it gives up and stays down, silently.
  finite_shutdown_of_supervisor = 2,         ///< S28: it is killed with its children unstopped.
  brutal_kill_of_supervisor = 3,             ///< S28: the same, at once.
  backoff_outlasts_window = 4,               ///< X6: the budget can never be exceeded.
  budget_too_large = 5,                      ///< S35: more than lint_starts_max starts.
  unreachable_after_group_restart = 6,       ///< S24: the first restart of its group ends it.
  temporary_pool = 7,                        ///< Its workers never come back, one after another.
  auto_shutdown_never_happens = 8,           ///< No child is significant.
  auto_shutdown_of_permanent_supervisor = 9, ///< It is started again as soon as it has ended.
  backoff_never_used = 10,                   ///< The child is never restarted.
  mailbox_never_kept = 11,                   ///< No next life gets the messages.
  handler_budget_never_used = 12,            ///< A supervisor has no handlers of the user.
  no_restarts = 13,                          ///< The first failure ends the supervisor.
  supervisor_without_children = 14,
  shutdown_shorter_than_handler_budget = 15,
  infinite_shutdown_of_worker = 16, ///< One hung handler and the stop never ends.
};

enum class lint_severity : std::uint8_t {
  warning = 1, ///< It does not do what it says; change it.
  note = 2,    ///< It does what it says; look whether that is meant.
};

struct lint_finding {
  lint_code code;
  std::string path; ///< Of the child or supervisor; empty for the root.
  std::string text; ///< What it means and what to do. Not stable.
};

/// More starts than that before anybody above is told are no supervision.
inline constexpr std::uint64_t lint_starts_max = 10'000;

/// How often one worker is started in all, if it fails abnormally as soon as it has started, each
/// time, and nothing else fails. Waits of backoffs pass, as short as they can be; nothing else
/// takes time.
struct start_count {
  enum class end : std::uint8_t {
    root_gives_up = 1, ///< The root ends.
    stays_down = 2,    ///< `at` is not started again, and whoever supervises it runs on.
    goes_on = 3,       ///< `at` is restarted for ever, for its waits outlast its window.
  };
  std::string path;         ///< P/w1 stands for all workers of the pool P.
  std::uint64_t starts = 1; ///< Saturates. Of goes_on: the largest number.
  end then = end::root_gives_up;
  std::string at{}; ///< Empty for the root.

  friend bool operator==(const start_count&, const start_count&) = default;
};

struct lint_report {
  std::vector<lint_finding> findings; ///< Depth first.
  std::vector<start_count> starts;    ///< Of every worker, depth first, in start order.

  bool has_warnings() const noexcept;

  /// Returns the largest of those that end the root, nullptr if no worker alone can. Invalidated by
  /// a change of `starts`.
  const start_count* starts_before_root_gives_up() const noexcept;
};

/// Returns what is doubtful about `spec`, which check() accepts. Any thread.
lint_report lint(const supervisor_spec& spec);

lint_severity severity_of(lint_code code) noexcept;
std::string_view to_string(lint_code value) noexcept;
std::string_view to_string(lint_severity value) noexcept;
std::string_view to_string(start_count::end value) noexcept;
std::ostream& operator<<(std::ostream& out, const lint_finding& value);
std::ostream& operator<<(std::ostream& out, const start_count& value);

} // namespace ducat
