/// The values of supervision as text.
#include <ducat/child_spec.hpp>
#include <ducat/dynamic_children.hpp>
#include <ducat/supervisor.hpp>

#include <ostream>

namespace ducat {

std::string_view to_string(strategy value) noexcept {
  switch (value) {
  case one_for_one:
    return "one_for_one";
  case one_for_all:
    return "one_for_all";
  case rest_for_one:
    return "rest_for_one";
  case simple_one_for_one:
    return "simple_one_for_one";
  }
  return "unknown";
}

std::string_view to_string(restart_type value) noexcept {
  switch (value) {
  case permanent:
    return "permanent";
  case transient:
    return "transient";
  case temporary:
    return "temporary";
  }
  return "unknown";
}

std::string_view to_string(route value) noexcept {
  switch (value) {
  case route::round_robin:
    return "round_robin";
  case route::weighted_round_robin:
    return "weighted_round_robin";
  case route::random:
    return "random";
  case route::least_requests:
    return "least_requests";
  case route::power_of_two_choices:
    return "power_of_two_choices";
  case route::by_key:
    return "by_key";
  }
  return "unknown";
}

std::string_view to_string(redundancy_mode value) noexcept {
  switch (value) {
  case redundancy_mode::primary_backup:
    return "primary_backup";
  case redundancy_mode::exclusive:
    return "exclusive";
  case redundancy_mode::active_active:
    return "active_active";
  }
  return "unknown";
}

std::string_view to_string(standby_policy value) noexcept {
  switch (value) {
  case standby_policy::cold:
    return "cold";
  case standby_policy::hot:
    return "hot";
  case standby_policy::active:
    return "active";
  }
  return "unknown";
}

std::string_view to_string(mailbox_fate value) noexcept {
  switch (value) {
  case mailbox_fate::drop:
    return "drop";
  case mailbox_fate::keep:
    return "keep";
  case mailbox_fate::keep_rest:
    return "keep_rest";
  }
  return "unknown";
}

std::string_view to_string(auto_shutdown value) noexcept {
  switch (value) {
  case auto_shutdown::never:
    return "never";
  case auto_shutdown::any_significant:
    return "any_significant";
  case auto_shutdown::all_significant:
    return "all_significant";
  }
  return "unknown";
}

std::string_view to_string(supervision_event::kind kind) noexcept {
  using enum supervision_event::kind;
  switch (kind) {
  case started:
    return "started";
  case start_failed:
    return "start_failed";
  case down:
    return "down";
  case restart:
    return "restart";
  case give_up:
    return "give_up";
  case removed:
    return "removed";
  case supervision_event::kind::auto_shutdown:
    return "auto_shutdown";
  case ignored:
    return "ignored";
  case zombie:
    return "zombie";
  case zombie_ended:
    return "zombie_ended";
  case process_restarted:
    return "process_restarted";
  }
  return "unknown";
}

std::string_view to_string(child_status::role value) noexcept {
  using enum child_status::role;
  switch (value) {
  case worker:
    return "worker";
  case supervisor:
    return "supervisor";
  case router:
    return "router";
  }
  return "unknown";
}

std::string_view to_string(child_status::state value) noexcept {
  using enum child_status::state;
  switch (value) {
  case running:
    return "running";
  case restarting:
    return "restarting";
  case stopped:
    return "stopped";
  }
  return "unknown";
}

std::string_view to_string(change_outcome value) noexcept {
  using enum change_outcome;
  switch (value) {
  case ok:
    return "ok";
  case already_started:
    return "already_started";
  case already_present:
    return "already_present";
  case running:
    return "running";
  case restarting:
    return "restarting";
  case not_found:
    return "not_found";
  case start_failed:
    return "start_failed";
  case invalid_spec:
    return "invalid_spec";
  case change_outcome::simple_one_for_one:
    return "simple_one_for_one";
  }
  return "unknown";
}

std::string to_string(const shutdown_policy& value) {
  switch (value.how) {
  case shutdown_policy::kind::timeout:
    return std::to_string(value.timeout.count()) + " ms";
  case shutdown_policy::kind::infinity:
    return "infinity";
  case shutdown_policy::kind::brutal_kill:
    return "brutal_kill";
  }
  return "unknown";
}

std::string to_string(const supervision_event& event) {
  std::string text{to_string(event.what)};
  if (event.what == supervision_event::kind::process_restarted)
    return text + " " + event.reason.detail;
  text += " " + event.path + "#" + std::to_string(event.incarnation);
  switch (event.what) {
  case supervision_event::kind::start_failed:
  case supervision_event::kind::down:
    return text + " " + to_string(event.reason);
  case supervision_event::kind::restart:
  case supervision_event::kind::give_up:
    return text + " " + std::to_string(event.restarts) + "/" + std::to_string(event.restarts_max);
  case supervision_event::kind::started:
  case supervision_event::kind::removed:
  case supervision_event::kind::auto_shutdown:
  case supervision_event::kind::ignored:
  case supervision_event::kind::zombie:
  case supervision_event::kind::zombie_ended:
  case supervision_event::kind::process_restarted:
    break;
  }
  return text;
}

std::ostream& operator<<(std::ostream& out, strategy value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, restart_type value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, route value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, const shutdown_policy& value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, const supervision_event& event) {
  return out << to_string(event);
}

std::ostream& operator<<(std::ostream& out, change_outcome value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, const child_counts& value) {
  return out << "specs=" << value.specs << " active=" << value.active
             << " supervisors=" << value.supervisors << " workers=" << value.workers;
}

} // namespace ducat
