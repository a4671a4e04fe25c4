/// Children for tests of supervision.
#pragma once

#include "supervision/virtual_system.hpp"

#include <stdexcept>

namespace ducat::test {

/// Answers its argument plus one.
inline caf::behavior adder(caf::event_based_actor*) {
  return {[](int value) { return value + 1; }};
}

inline void end_as(caf::event_based_actor* self, const std::string& why) {
  if (why == "normal")
    quit(self, {});
  else if (why == "shutdown")
    quit(self, {exit_kind::shutdown, ""});
  else
    throw std::runtime_error(why);
}

/// Ends as it is told to.
inline caf::behavior mortal(caf::event_based_actor* self) {
  return {[self](const std::string& why) { end_as(self, why); }};
}

/// Ignores every request to shut down.
inline caf::behavior stubborn(caf::event_based_actor* self) {
  self->set_exit_handler([](caf::exit_msg&) {});
  return {[](int value) { return value; }};
}

inline caf::behavior stillborn(caf::event_based_actor*) {
  throw std::runtime_error("no disk");
}

/// Has nothing to do.
inline caf::behavior idler(caf::event_based_actor* self) {
  ignore(self);
  return {};
}

inline supervisor_spec three_of(strategy how, std::uint32_t restarts_max = 5) {
  return {.flags = {.strategy = how, .restarts_max = restarts_max},
          .children = {{.id = "a", .start = start(mortal)},
                       {.id = "b", .start = start(mortal)},
                       {.id = "c", .start = start(mortal)}}};
}

inline void end(virtual_tree& tree, const std::string& path, const std::string& how) {
  caf::anon_send(tree.find(path).current(), how);
  tree.system().run();
}

} // namespace ducat::test
