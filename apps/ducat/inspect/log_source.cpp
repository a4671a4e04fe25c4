#include "inspect/log_source.hpp"

#include <ducat/log_follower.hpp>

namespace ducat::cli {

result<void> read_log(const std::filesystem::path& data,
                      const std::function<bool(const entry&)>& visit) {
  auto log = log_follower::open(data);
  return log ? log->read(visit) : tl::unexpected(log.error());
}

} // namespace ducat::cli
