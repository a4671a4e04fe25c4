/// What can happen to a supervisor.
#pragma once

#include "supervision/child_records.hpp"

#include <ducat/exit_reason.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ducat::supervision {

using request_id = std::uint64_t; ///< Names who asked.

namespace event {
struct boot {};

struct started {
  life_id life;
};

struct down {
  life_id life;
  exit_reason reason;
};

/// A handler of this life has not returned within its budget.
struct hung {
  life_id life;
  exit_reason reason;
};

/// The time that arm_timer asked for is over; life 0 for all that are being stopped together.
struct stop_timeout {
  life_id life;
};

struct retry {
  child_key key;
  std::uint64_t attempt;
};

struct start_child {
  request_id request;
  child_traits traits;
};

/// Adds one more child, of the template's traits and without an id.
struct start_instance {
  request_id request;
  child_traits traits;
};

struct terminate_child {
  request_id request;
  std::string id;
};

struct terminate_instance {
  request_id request;
  child_key key; ///< Of a child that may be gone by now.
};

struct restart_child {
  request_id request;
  std::string id;
};

struct delete_child {
  request_id request;
  std::string id;
};

struct which_children {
  request_id request;
};

struct which_child {
  request_id request;
  std::string id;
};

struct count_children {
  request_id request;
};

/// `children` have new keys; those of an id that is known go by the old one.
struct change_specs {
  request_id request;
  supervisor_flags flags;
  std::vector<child_traits> children;
};

struct stop {
  exit_reason reason;
};

using any =
    std::variant<boot, started, down, hung, stop_timeout, retry, start_child, start_instance,
                 terminate_child, terminate_instance, restart_child, delete_child, which_children,
                 which_child, count_children, change_specs, stop>;
} // namespace event

} // namespace ducat::supervision
