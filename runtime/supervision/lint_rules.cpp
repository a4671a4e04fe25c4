#include "supervision/lint_rules.hpp"

#include <algorithm>

namespace ducat::supervision {

namespace {

using enum lint_code;

std::string in_ms(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

bool may_be_restarted(const child_spec& child) noexcept {
  return child.restart != temporary;
}

bool has_significant(const supervisor_spec& spec) {
  return std::ranges::any_of(spec.children, &child_spec::significant);
}

/// Returns whether a restart of a sibling stops the child of `link` too.
bool is_stopped_with_its_group(const lint_link& link) {
  const auto& siblings = link.in.children;
  if (link.in.flags.restarts_max == 0)
    return false;
  if (link.in.flags.strategy == one_for_all)
    return std::ranges::any_of(siblings, may_be_restarted);
  if (link.in.flags.strategy != rest_for_one)
    return false;
  const auto self = std::ranges::find(siblings, link.child.id, &child_spec::id);
  return std::any_of(siblings.begin(), self, may_be_restarted);
}

/// One child, and where what is found of it goes.
class child_rules {
public:
  child_rules(const lint_link& link, lint_findings& into)
      : link_{link}, child_{link.child}, into_{into} {}

  void look_at_restarts() {
    const bool nothing_is = link_.in.flags.restarts_max == 0;
    if (child_.restart == temporary && is_stopped_with_its_group(link_))
      find(unreachable_after_group_restart,
           "a temporary child that is stopped with its group never returns, so nobody reaches it "
           "after the first restart of a sibling: make it permanent or transient, or move it "
           "under a supervisor of its own");
    if (child_.pool || child_.backoff.initial.count() == 0)
      return; // Of a pool it is the workers' too.
    if (child_.restart == temporary)
      find(backoff_never_used, "a temporary child is never restarted: leave backoff out");
    else if (nothing_is)
      find(backoff_never_used, "restarts_max of its supervisor is 0, so it is never restarted: "
                               "leave backoff out, or raise restarts_max");
  }

  void look_at_worker() {
    if (child_.restart == temporary && child_.mailbox.fate != mailbox_fate::drop)
      find(mailbox_never_kept, "a temporary child has no next life that could get the messages: "
                               "use fate drop, or make it permanent or transient");
    const shutdown_policy policy = child_.shutdown.value_or(shutdown_policy{});
    const auto budget = child_.handler_budget;
    if (policy.how == shutdown_policy::kind::infinity && budget.count() == 0)
      find(infinite_shutdown_of_worker,
           "if a handler hangs it never ends, nor does its supervisor: give it a finite shutdown, "
           "or a handler_budget");
    if (policy.how == shutdown_policy::kind::timeout && policy.timeout < budget)
      find(shutdown_shorter_than_handler_budget,
           "a handler may take " + in_ms(budget) + ", but a stop waits for " +
               in_ms(policy.timeout) + " only: make shutdown as long as handler_budget");
  }

  void look_at_supervisor() {
    if (child_.restart == transient && !child_.significant)
      find(transient_supervisor_not_significant,
           "if it gives up it ends with shutdown, which is a normal end, so it stays down and "
           "nobody is told: make it permanent, or significant");
    if (child_.pool)
      return look_at_pool();
    if (child_.handler_budget.count() > 0)
      find(handler_budget_never_used,
           "a supervisor has no handlers that could hang: give its workers a handler_budget");
    if (child_.restart == permanent && has_significant(*child_.supervisor))
      find(auto_shutdown_of_permanent_supervisor,
           "when it ends by itself it is restarted at once, which its supervisor counts as a "
           "failure: make it transient, and significant if its supervisor is to end with it");
    look_at_shutdown();
  }

private:
  void look_at_pool() {
    if (child_.restart == temporary)
      find(temporary_pool, "a worker that ends never comes back, until none is left to take a "
                           "request: make it permanent or transient");
  }

  void look_at_shutdown() {
    const shutdown_policy policy = child_.shutdown.value_or(wait_forever);
    const std::string then = "it is killed, and its children with it, whatever shutdown they "
                             "have: use infinity";
    if (policy.how == shutdown_policy::kind::timeout)
      find(finite_shutdown_of_supervisor,
           "if its children take more than " + in_ms(policy.timeout) + " to stop, " + then);
    if (policy.how == shutdown_policy::kind::brutal_kill)
      find(brutal_kill_of_supervisor, "when it is stopped " + then);
  }

  void find(lint_code code, std::string text) {
    into_.push_back({.code = code, .path = link_.path, .text = std::move(text)});
  }

  const lint_link& link_;
  const child_spec& child_;
  lint_findings& into_;
};

} // namespace

void lint_flags(const std::string& path, const supervisor_spec& spec, lint_findings& into) {
  const auto find = [&](lint_code code, std::string text) {
    into.push_back({.code = code, .path = path, .text = std::move(text)});
  };
  if (spec.children.empty())
    find(supervisor_without_children, "it does nothing until somebody adds a child, and forgets "
                                      "that one when it is restarted");
  if (spec.flags.auto_shutdown != auto_shutdown::never && !has_significant(spec))
    find(auto_shutdown_never_happens, "no child is significant, so it never ends by itself: make "
                                      "one significant, or leave auto_shutdown out");
  if (spec.flags.restarts_max == 0 && std::ranges::any_of(spec.children, may_be_restarted))
    find(no_restarts, "restarts_max is 0: the first failure of a child ends it with all others");
}

void lint_child(const lint_link& link, lint_findings& into) {
  child_rules rules{link, into};
  rules.look_at_restarts();
  if (is_worker(link.child))
    rules.look_at_worker();
  else
    rules.look_at_supervisor();
}

lint_finding never_exceeded(const lint_link& leaf, const start_count& count) {
  const lint_link* at = &leaf;
  while (at->path != count.at)
    at = at->above;
  const supervisor_flags& flags = at->in.flags;
  return {.code = backoff_outlasts_window,
          .path = count.at,
          .text = "more than " + std::to_string(flags.restarts_max) +
                  " restarts never come within " + in_ms(flags.window) + " if " +
                  (at == &leaf ? "it" : leaf.path) +
                  " fails as soon as it starts, so it is restarted for ever: make backoff or "
                  "restarts_max smaller, or the window longer"};
}

lint_finding too_large(const std::string& path, const start_count& count) {
  return {.code = budget_too_large,
          .path = path,
          .text = "if " + count.path + " always fails it is started " +
                  std::to_string(count.starts) +
                  " times, for the budgets of the supervisors above "
                  "it multiply: make restarts_max of one of them smaller"};
}

} // namespace ducat::supervision
