#include "log/anchor.hpp"

namespace ducat {

namespace {

result<chain_link> read_link(const database& db, const char* key, const std::string& name) {
  std::string bytes;
  const auto status = db.get().Get(scanning(), db.meta(), key, &bytes);
  if (status.IsNotFound())
    return chain_link{};
  if (!status.ok())
    return tl::unexpected(error_of(status, "read " + name));
  return decode_link(bytes, name);
}

} // namespace

result<chain_link> read_anchor(const database& db) {
  return read_link(db, anchor_key, "the anchor of the trimmed log");
}

result<chain_link> read_checkpoint(const database& db) {
  return read_link(db, checkpoint_key, "the checkpoint of the log");
}

} // namespace ducat
