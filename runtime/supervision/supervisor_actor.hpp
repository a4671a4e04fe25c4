/// The actor around supervisor_core: spawns, signals, kills and watches the children.
#pragma once

#include "supervision/child_actor.hpp"
#include "supervision/directory_writer.hpp"
#include "supervision/supervisor_core.hpp"
#include "supervision/tree_context.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/supervisor.hpp>

#include <caf/response_promise.hpp>

#include <memory>
#include <unordered_map>

namespace ducat::supervision {

/// What a supervisor supervises.
struct plan {
  std::shared_ptr<const supervisor_spec> spec;
  bool is_pool = false;      ///< Its children are the workers and, last, the router of a pool.
  bool is_resizable = false; ///< That pool may get another size.
};

class supervisor_actor final : public child_actor {
public:
  /// `booted` may be empty; it is called once.
  supervisor_actor(caf::actor_config& config, child_link link, plan what, boot_callback booted);

  caf::behavior make_behavior() override;

  /// However it ends, its children end too.
  void on_exit() override;

private:
  /// A child spec, and where it is shown.
  struct child {
    std::shared_ptr<const child_spec> spec;
    std::shared_ptr<child_slot> slot;
    caf::actor mailbox{};          ///< Null unless its messages are kept.
    caf::message extra{};          ///< Of an instance.
    caf::message info{};           ///< What the current life told its starter.
    std::uint64_t incarnation = 0; ///< Of the current or last life.
    bool shown = false;            ///< In the directory.
    bool is_named = true;          ///< By the spec of its supervisor: it was not added since.
  };

  /// Kept until its end has been handled.
  struct life {
    child_key key;
    std::uint64_t incarnation;
    caf::actor actor;   ///< Null once it has ended.
    bool begun = false; ///< It has acknowledged its start.
  };

  /// A life that was abandoned, until it ends.
  struct zombie {
    std::shared_ptr<child_slot> slot;
    std::uint64_t incarnation;
  };

  struct pending_request {
    caf::response_promise promise;
    child_key added = 0; ///< Of start_child: the child that may be added.
  };

  void kill_children();
  void on_down(const caf::actor_addr& who, const exit_reason& why);
  void on_exit_message(const caf::exit_msg& message);
  caf::response_promise on_change(const change_request& what);
  void on_started(const child_started& what);
  caf::response_promise on_start_child(std::shared_ptr<const child_spec> spec);
  caf::response_promise on_start_instance(const caf::message& extra);
  caf::response_promise on_terminate_instance(const ducat::handle& instance);
  caf::response_promise on_change_specs(std::shared_ptr<const supervisor_spec> spec);
  caf::response_promise on_resize(std::uint32_t size);
  caf::response_promise refuse_spec(const std::string& why);
  caf::response_promise answer_now(change_reply answer);
  template <class Event>
  caf::response_promise ask(Event what);
  caf::response_promise take_request(request_id request);

  std::vector<child_traits> adopt_all();
  child_key next_key();
  child_traits adopt(std::shared_ptr<const child_spec> spec, bool is_named = true);
  child_traits adopt_instance(const caf::message& extra);
  std::shared_ptr<const child_spec> template_spec() const;
  child_key key_of(const ducat::handle& instance) const;
  void show_child(child& what);
  child_status described(const child& what) const;
  child_status::role role_of(const child_spec& spec) const noexcept;
  std::string path_of(const std::string& id) const;
  void prepare_mailbox(child& what);

  bool is_named(const child& what) const noexcept { return link().is_named && what.is_named; }

  void close_mailbox(child& what);
  caf::actor spawn_child(child& what, child_link link);

  void handle(event::any what);
  void perform(const action::start& what);
  void perform(const action::signal& what);
  void perform(const action::kill& what);
  void end_life(life_id id, caf::exit_reason how);
  void perform(const action::arm_timer& what);
  void perform(const action::retry_later& what);
  void perform(const action::reply& what);
  void perform(const action::refuse& what);
  void perform(const action::reply_children& what);
  void perform(const action::reply_counts& what);
  void perform(const action::adopt& what);
  void perform(const action::emit& what);
  void perform(const action::mark& what);
  void perform(const action::booted& what);
  void perform(const action::finish& what);

  void emit(const supervision_event& what);
  void abandon(life_id life);
  supervision_event describe(const action::emit& what) const;
  void note(const action::emit& what, const supervision_event& described);
  void report_boot(const result<void>& outcome);

  bool is_root() const noexcept { return link().supervisor == nullptr; }

  bool is_simple() const noexcept { return flags_.strategy == simple_one_for_one; }

  void withdraw_root();

  const tree_context& tree() const noexcept { return *link().tree; }

  directory_writer directory_;
  boot_callback booted_;
  plan plan_;
  supervisor_flags flags_;
  std::unordered_map<child_key, child> children_;
  std::unordered_map<life_id, life> lives_;
  std::unordered_map<caf::actor_addr, life_id> life_of_;
  std::unordered_map<life_id, zombie> zombies_; // Invariant: not in lives_ once their end is told.
  std::unordered_map<request_id, pending_request> requests_;
  child_key keys_ = 0; // The last one given.
  request_id last_request_ = 0;
  std::uint64_t incarnation_ = 0; // Of a root that has booted.
  exit_reason ended_as_{exit_kind::killed, ""};
  std::unique_ptr<supervisor_core> core_;
  caf::actor resizer_; // Of a pool that has been resized.
};

} // namespace ducat::supervision
