#include "supervision/event_log.hpp"
#include "supervision/one_thread.hpp"
#include "supervision/supervisor_actor.hpp"

#include <ducat/fatal.hpp>
#include <ducat/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <future>

namespace ducat {

namespace {

using caf::scheduler::test_coordinator;

/// Waits for `done`. Under the policy `testing` nothing moves by itself: waits as this thread is
/// to, or runs the scheduler, and the virtual clock as far as needed.
template <class T>
T wait_for(caf::actor_system& system, std::future<T> done) {
  if (auto* const scheduler = dynamic_cast<test_coordinator*>(&system.scheduler())) {
    const auto is_ready = [&] {
      return done.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    };
    const auto* const wait = current_wait();
    if (wait != nullptr && (*wait)(is_ready))
      return done.get();
    while (!is_ready() && (scheduler->try_run_once() || scheduler->trigger_timeout())) {
    }
  }
  return done.get();
}

/// Nothing in this process moves any more.
void end_exhausted() {
  end_process({errc::unavailable, "handlers that do not return hold all threads"});
}

void tell_last_end(const supervisor_options& options) {
  const supervision_event event{.what = supervision_event::kind::process_restarted,
                                .path = options.path,
                                .reason = {exit_kind::crashed, options.last_end}};
  directory_writer directory{options.directory};
  supervision::log_event(event, directory);
  if (options.observer)
    options.observer(event);
}

} // namespace

result<caf::actor> launch_tree(caf::actor_system& system, const supervisor_spec& spec,
                               const supervisor_options& options, boot_callback booted) {
  if (const auto good = check(spec); !good)
    return tl::unexpected{good.error()};
  directory_writer{options.directory}.set_root(options.path, spec.flags);
  if (!options.last_end.empty())
    tell_last_end(options);
  auto clock = options.clock ? options.clock : [&system] { return system.clock().now(); };
  const std::size_t threads = system.scheduler().num_workers();
  auto on_exhausted = options.on_exhausted ? options.on_exhausted : end_exhausted;
  const std::shared_ptr<const supervision::tree_context> tree{
      new supervision::tree_context{.directory = options.directory,
                                    .dead_letters = options.dead_letters,
                                    .clock = std::move(clock),
                                    .observer = options.observer,
                                    .seed = options.seed,
                                    .grants = options.grants,
                                    .fence = {},
                                    .hang_watch = {threads, std::move(on_exhausted)}}};
  return system.spawn<supervision::supervisor_actor>(
      supervision::child_link{.supervisor = {},
                              .life = 0,
                              .slot = directory_writer{options.directory}.slot(options.path),
                              .tree = tree},
      supervision::plan{.spec = std::make_shared<const supervisor_spec>(spec)}, std::move(booted));
}

result<caf::actor> start_tree(caf::actor_system& system, const supervisor_spec& spec,
                              const supervisor_options& options) {
  auto booted = std::make_shared<std::promise<result<void>>>();
  auto root = launch_tree(system, spec, options,
                          [booted](const result<void>& how) { booted->set_value(how); });
  if (!root)
    return root;
  if (const auto outcome = wait_for(system, booted->get_future()); !outcome)
    return tl::unexpected{outcome.error()};
  return root;
}

void stop_tree(caf::actor_system& system, const caf::actor& root) {
  auto ended = std::make_shared<std::promise<void>>();
  root->attach_functor([ended](const caf::error&) { ended->set_value(); });
  caf::anon_send<caf::message_priority::high>(
      root, caf::exit_msg{root.address(), caf::exit_reason::user_shutdown});
  wait_for(system, ended->get_future());
}

} // namespace ducat
