#include "supervision/one_thread.hpp"
#include "testing/pending_answer.hpp"

#include <ducat/inject.hpp>
#include <ducat/testing/virtual_tree.hpp>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

namespace ducat::testing {

namespace {

std::string line_of(const child_status& child) {
  return child.path + " " + std::string{to_string(child.now)} + " #" +
         std::to_string(child.incarnation) + " restarts=" + std::to_string(child.restarts);
}

} // namespace

struct virtual_tree::state {
  std::shared_ptr<ducat::dead_letters> letters = std::make_shared<ducat::dead_letters>();
  std::shared_ptr<directory> names = std::make_shared<directory>();
  std::vector<supervision_event> events;            ///< Since the last take_events().
  std::string last_event = "nothing";               ///< As text.
  std::map<std::string, std::uint64_t> lives_known; ///< By path: see wait_until_restarted().
  std::vector<std::string> armed;
  virtual_system system;
  result<caf::actor> root = fail(errc::unavailable, "not started");

  void on_event(const supervision_event& event) {
    events.push_back(event);
    last_event = to_string(event);
  }

  /// Returns the life of `path` that runs and is about to end, having taken note of it.
  caf::actor doomed(const std::string& path) {
    const handle target = names->find(path);
    caf::actor life = target.own();
    if (!life)
      throw std::runtime_error{path + " is not running; " + what_became_of(path)};
    lives_known[path] = incarnation(path);
    return life;
  }

  /// Of the actor at `path` itself, be it a pool's supervisor; 0 while it does not run.
  std::uint64_t incarnation(const std::string& path) const {
    for (const child_status& child : names->list())
      if (child.path == path && child.now == child_status::state::running)
        return child.incarnation;
    return 0;
  }

  std::string what_became_of(const std::string& path) const {
    const auto all = names->list();
    const auto found = std::ranges::find(all, path, &child_status::path);
    const std::string now = found == all.end() ? "there is no child " + path : line_of(*found);
    return now + ", and the last event was: " + last_event;
  }
};

virtual_tree::virtual_tree(const supervisor_spec& spec) : state_{std::make_unique<state>()} {
  supervisor_options options;
  options.directory = state_->names;
  options.dead_letters = state_->letters;
  options.observer = [s = state_.get()](const supervision_event& event) { s->on_event(event); };
  state_->root = start_tree(system().get(), on_one_thread(spec), options);
  for (const child_status& child : list())
    state_->lives_known[child.path] = child.incarnation;
}

virtual_tree::~virtual_tree() {
  for (const std::string& point : state_->armed)
    std::ignore = disarm_fault(point);
  if (state_->root)
    stop_tree(system().get(), *state_->root);
}

const result<caf::actor>& virtual_tree::outcome() const noexcept {
  return state_->root;
}

virtual_system& virtual_tree::system() noexcept {
  return state_->system;
}

time_point virtual_tree::now() const {
  return state_->system.now();
}

void virtual_tree::run() {
  state_->system.run();
}

void virtual_tree::advance(duration by) {
  state_->system.advance(by);
}

result<caf::message> virtual_tree::ask_for_message(const std::string& path,
                                                   const caf::message& request) {
  run();
  const caf::actor to = find(path).current();
  if (!to)
    return fail(errc::unavailable, path + " is not running");
  const pending_answer answered = testing::ask_for_message(system().get(), to, request);
  if (!system().run_until([&] { return answered->has_value(); }))
    return fail(errc::outcome_unknown, path + " did not answer");
  return **answered;
}

void virtual_tree::crash(const std::string& path) {
  std::ignore = state_->doomed(path);
  if (const auto sent = inject(find(path), fault_kind::crash, {}); !sent)
    throw std::runtime_error{to_string(sent.error())};
  run();
}

void virtual_tree::kill(const std::string& path) {
  caf::anon_send_exit(state_->doomed(path), caf::exit_reason::kill);
  run();
}

void virtual_tree::arm(const fault_point& point, const fault& what) {
  if (const auto armed = arm_fault(point.name(), what); !armed)
    throw std::runtime_error{to_string(armed.error())};
  state_->armed.emplace_back(point.name());
}

result<std::uint64_t> virtual_tree::wait_until_restarted(const std::string& path) {
  std::uint64_t& known = state_->lives_known[path];
  if (!system().run_until([&] { return state_->incarnation(path) > known; }))
    return fail(errc::unavailable, path + " was not restarted: " + state_->what_became_of(path));
  known = state_->incarnation(path);
  return known;
}

handle virtual_tree::find(const std::string& path) const {
  return state_->names->find(path);
}

ducat::dead_letters& virtual_tree::letters() noexcept {
  return *state_->letters;
}

std::vector<child_status> virtual_tree::list() const {
  return state_->names->list();
}

std::string virtual_tree::tree() const {
  std::string lines;
  for (const child_status& child : list())
    lines += line_of(child) + "\n";
  return lines;
}

std::string virtual_tree::events() const {
  std::string lines;
  for (const supervision_event& event : state_->events)
    lines += to_string(event) + "\n";
  return lines;
}

std::string virtual_tree::take_events() {
  std::string lines = events();
  state_->events.clear();
  return lines;
}

} // namespace ducat::testing
