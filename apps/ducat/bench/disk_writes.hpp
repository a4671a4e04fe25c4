/// What this process gave the disk to write.
#pragma once

#include <cstdint>

namespace ducat::bench {

/// Returns write_bytes of /proc/self/io: the pages that this process had written to a disk, whole
/// ones, whoever in it did. 0 where the kernel does not tell.
std::uint64_t bytes_to_disk();

} // namespace ducat::bench
