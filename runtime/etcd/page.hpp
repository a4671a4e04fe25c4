/// How many entries of the log are read at a time.
#pragma once

#include "etcd/client.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ducat::etcd {

/// Each entry may be payload_bytes_max long, and most are small: the size of the next page follows
/// from the one before.
class page_size {
public:
  std::int64_t entries() const noexcept { return entries_; }

  void note(const pb::RangeResponse& page) {
    std::size_t bytes = 1;
    for (const pb::KeyValue& each : page.kvs())
      bytes += each.value().size();
    const auto mean = bytes / static_cast<std::size_t>(std::max(page.kvs_size(), 1)) + 1;
    entries_ = std::clamp(static_cast<std::int64_t>(bytes_wanted / mean), smallest, largest);
  }

private:
  static constexpr std::int64_t smallest = 16;
  static constexpr std::int64_t largest = 2'048;
  static constexpr std::size_t bytes_wanted = std::size_t{4} << 20;

  std::int64_t entries_ = smallest;
};

} // namespace ducat::etcd
