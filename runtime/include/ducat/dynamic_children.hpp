/// Changing the children of a supervisor while it runs. Each function makes a message for
/// `self->request(supervisor, timeout, start_child(spec))`; the supervisor of a path is
/// `handle.own()`. Requests are served one at a time and wait for a start or stop in progress; a
/// supervisor that ends before it comes to one answers `unavailable`.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/exit_reason.hpp>
#include <ducat/handle.hpp>
#include <ducat/supervisor.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ducat {

/// What became of a change, in OTP's words.
enum class change_outcome : std::uint8_t {
  ok = 1,
  already_started = 2,    ///< start_child: a child of that id runs.
  already_present = 3,    ///< start_child: there is one of that id that does not run.
  running = 4,            ///< restart_child, delete_child: it runs.
  restarting = 5,         ///< restart_child, delete_child: its restart is being tried.
  not_found = 6,          ///< There is no child of that id.
  start_failed = 7,       ///< `reason` says why.
  invalid_spec = 8,       ///< start_child, change_specs, resize_pool: `reason.detail` says what is
                          ///< wrong with it.
  simple_one_for_one = 9, ///< Its children are named by their handles only.
};

std::string_view to_string(change_outcome value) noexcept;
std::ostream& operator<<(std::ostream& out, change_outcome value);

/// The answer to each request that changes something. `reason` is `ignored` if the outcome is ok
/// but the child does not run, since it had nothing to do.
struct change_reply {
  change_outcome outcome = change_outcome::ok;
  exit_reason reason{};
  handle child{};      ///< The child that was started; names nothing if none was.
  caf::message info{}; ///< What the child gave to tell_starter().
};

/// A request to change a child; make it with the functions below.
struct change_request {
  enum class kind : std::uint8_t {
    start,
    terminate,
    restart,
    remove,
    specs,
    start_instance,
    terminate_instance,
    resize
  };
  kind what = kind::start;
  std::string id{};
  std::shared_ptr<const child_spec> spec{};       ///< Only for kind::start.
  std::shared_ptr<const supervisor_spec> specs{}; ///< Only for kind::specs.
  caf::message extra{};                           ///< Only for kind::start_instance.
  handle instance{};                              ///< Only for kind::terminate_instance.
  std::uint32_t size = 0;                         ///< Only for kind::resize.
};

/// Adds a child at the end of the start order and starts it. If the start fails, no spec is kept.
change_request start_child(child_spec spec);

/// Stops a child, or cancels the restart that is being tried. Its spec stays, unless it is
/// temporary.
change_request terminate_child(std::string id);

/// Starts a child that is stopped. If the start fails it stays stopped and is not tried again.
change_request restart_child(std::string id);

/// Forgets a child that is stopped.
change_request delete_child(std::string id);

/// Gives the supervisor other flags and specs, for what happens from now on: no child is started,
/// stopped or removed. A child of an id in `spec` keeps its life, and its next one begins as the
/// new spec says. A new one is listed, but does not run until restart_child or the restart of its
/// group. One that is missing in `spec` stays, after those that are in it. If check() refuses
/// `spec`, or the supervisor is a pool's, nothing changes. A supervisor that is restarted begins
/// with the spec it has in its parent: change that too.
change_request change_specs(supervisor_spec spec);

/// Under simple_one_for_one: starts one more child, whose template made with start_template() is
/// given `extra...`. The answer names it: its path is the supervisor's and a number.
template <class... Extra>
change_request start_instance(Extra&&... extra) {
  change_request request{.what = change_request::kind::start_instance};
  request.extra = caf::make_message(std::forward<Extra>(extra)...);
  return request;
}

/// Under simple_one_for_one: stops a child, or cancels the restart that is being tried. `ok` also
/// if it has ended by itself; not_found if it lives, and is no child of this supervisor.
change_request terminate_instance(handle instance);

/// Gives the pool that is asked (`pool.own()`) `size` workers: more are started, or the last ones
/// get no more requests, finish those they have, and are stopped. Answered when that is done; if a
/// worker does not start, with start_failed: the pool has the size that it had reached. Only for a
/// pool; not with weighted_round_robin. A pool whose supervisor is restarted has the size of its
/// spec again.
change_request resize_pool(std::uint32_t size);

/// Called in the body of a child: the answer to the start_child(), restart_child() or
/// start_instance() that started this life carries `info`. (OTP: {ok, Pid, Info}.)
void tell_starter(caf::event_based_actor* self, caf::message info);

/// A request for the supervisor's children; the answer is a child_list.
struct which_children {};

/// A request for one child; the answer is a child_list, empty if there is none of that id.
struct which_child {
  std::string id;
};

/// A request to count the supervisor's children; the answer is child_counts.
struct count_children {};

/// `supervisors + workers == specs`.
struct child_counts {
  std::uint32_t specs = 0;       ///< Children, whether they run or not.
  std::uint32_t active = 0;      ///< Those that run; one that is being restarted does not.
  std::uint32_t supervisors = 0; ///< Those that are supervisors or pools, whether they run or not.
  std::uint32_t workers = 0;     ///< The others.

  friend bool operator==(const child_counts&, const child_counts&) = default;
};

std::ostream& operator<<(std::ostream& out, const child_counts& value);

/// In start order. (OTP lists the newest first.)
struct child_list {
  std::vector<child_status> children;
};

} // namespace ducat

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::change_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::change_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::which_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::which_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::count_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::child_counts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::child_list)
