#include "supervision/one_thread.hpp"

#include <memory>
#include <utility>

namespace ducat {

supervisor_spec on_one_thread(supervisor_spec spec) {
  for (child_spec& child : spec.children) {
    child.start.detached = false;
    child.handler_budget = {};
    if (child.supervisor)
      child.supervisor = std::make_shared<const supervisor_spec>(on_one_thread(*child.supervisor));
  }
  return spec;
}

} // namespace ducat
