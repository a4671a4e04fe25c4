#include <ducat/inject.hpp>

#include <caf/send.hpp>

namespace ducat {

result<void> inject(const handle& target, fault_kind kind, std::chrono::milliseconds lease) {
  if (lease.count() < 0 || lease > fault_lease_max)
    return fail(errc::invalid_argument, "the lease of a fault is between 0 and " +
                                            std::to_string(fault_lease_max.count()) + " ms");
  const caf::actor actor = target.own();
  if (!actor)
    return fail(errc::unavailable, target.path() + " is not running");
  caf::anon_send<caf::message_priority::high>(actor, inject_fault{.kind = kind, .lease = lease});
  return {};
}

} // namespace ducat
