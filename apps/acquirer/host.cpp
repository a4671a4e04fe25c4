#include "host.hpp"

namespace ducat::acquirer {

result<host> host::open(const std::filesystem::path& path, host_core core) {
  std::vector<effect> read;
  auto opened = journal::open(path, read);
  if (!opened)
    return tl::unexpected(opened.error());
  for (effect& each : read)
    core.restore(std::move(each));
  return host{std::move(core), std::move(*opened)};
}

reaction host::receive(session& from, std::string_view payload, std::int64_t now_ms) {
  reaction made = core_.receive(from, payload, now_ms);
  if (made.done)
    journal_.append(*made.done);
  return made;
}

} // namespace ducat::acquirer
