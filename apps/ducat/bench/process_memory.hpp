/// How much memory this process takes.
#pragma once

#include <cstdint>

namespace ducat::bench {

struct memory_figures {
  std::uint64_t resident = 0; ///< Bytes.
  std::uint64_t peak = 0;     ///< The most since forget_peak(), or ever.
};

/// Returns 0 where the kernel does not tell.
memory_figures memory_now();

/// The peak is what it takes now. Does nothing where the kernel does not let it.
void forget_peak();

} // namespace ducat::bench
