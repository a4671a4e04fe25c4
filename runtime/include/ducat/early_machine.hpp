/// A machine that is made before it is wanted.
#pragma once

#include <ducat/machine.hpp>

namespace ducat {

/// Begins to make a machine at once, on a thread of its own. The first call of what is returned
/// waits for that one and returns it, or throws what its making has thrown; each later call makes
/// another one. What is returned may be copied, all copies being one, and called from any thread;
/// its end waits until a machine that nobody has taken is made. `make` must not care which thread
/// it is called on.
machine_factory begun_early(machine_factory make);

} // namespace ducat
