/// How supervisors write the directory that others look at.
#pragma once

#include "supervision/child_slot.hpp"

#include <ducat/supervisor.hpp>

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat {

struct directory::state {
  struct node;

  /// What only supervisors have.
  struct supervisor_part {
    std::optional<supervisor_flags> flags{}; ///< Nothing while it is no supervisor.
    std::uint64_t instances = 0;             ///< The last number given to an instance.
    std::list<node*> children{};             ///< In start order.
  };

  /// What is known of one path, whether or not there is a child at it now. There may be a million.
  struct node {
    std::shared_ptr<child_slot> slot;
    std::shared_ptr<const child_spec> spec{};
    std::uint64_t incarnation = 0;            ///< Of the current or last life.
    std::uint64_t begun = 0;                  ///< Lives that began.
    std::unique_ptr<exit_reason> last_exit{}; ///< Null if it was normal.
    std::unique_ptr<supervisor_part> below{}; ///< Null if it never was a supervisor.
    std::list<node*>::iterator place{};       ///< Among its parent's children, while present.
    child_status::role what = child_status::role::worker;
    child_status::state now = child_status::state::stopped;
    restart_type restart = permanent;
    bool present = false;
  };

  std::mutex guard;
  std::map<std::string_view, node> nodes; // Needs the guard. By the path of the slot.
  std::string root;                       // Needs the guard.

  node& at(const std::string& path);
  void describe(const child_status& status);
  void forget(node& gone);
  void forget_children(node& parent);
  void list(const node& here, std::vector<child_status>& out) const;
  supervisor_spec spec_of(const node& supervisor) const;
  static supervisor_part& part_of(node& supervisor);
  static child_status status_of(const node& here);
};

/// Writes one directory. Safe from any thread.
class directory_writer {
public:
  explicit directory_writer(std::shared_ptr<ducat::directory> target)
      : target_{std::move(target)} {}

  std::shared_ptr<child_slot> slot(const std::string& path);

  /// The tree at `path` begins.
  void set_root(const std::string& path, const supervisor_flags& flags);

  /// The children of `path` are none, until add() says otherwise.
  void clear_children(const std::string& path);

  /// There is a child at `status.path`, the last one of `parent`. What is known of its former lives
  /// is kept.
  void add(const std::string& parent, const child_status& status);

  /// What is known of the next life of the child at `status.path`.
  void describe(const child_status& status);

  /// These are the children of `parent`, in this order, and `flags` its flags. Those that are
  /// there already stay as they are, but for their restart type and spec.
  void arrange(const std::string& parent, const supervisor_flags& flags,
               const std::vector<child_status>& children);

  /// There is no child at `path` any more. If there will never be one again nothing is kept.
  void remove(const std::string& parent, const std::string& path, bool for_ever);

  /// Returns the number of one more instance of the supervisor at `path`. They are never used
  /// twice.
  std::uint64_t next_instance(const std::string& path);

  void running(const std::string& path, std::uint64_t incarnation);

  /// The life `incarnation` has ended; does nothing if a later one runs by now.
  void ended(const std::string& path, std::uint64_t incarnation, const exit_reason& reason);
  void set_state(const std::string& path, child_status::state now);
  child_status status(const std::string& path);

private:
  directory::state& state() { return *target_->state_; }

  std::shared_ptr<ducat::directory> target_;
};

} // namespace ducat
