#include "byte_reader.hpp"

#include <ducat/ledger/book.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::ledger {

namespace {

bool is_reserved(const std::string& key) {
  return key.starts_with(reserved_prefix);
}

/// Returns `before` with the entries of `change`.
metadata changed(metadata before, const set_metadata& change) {
  for (const auto& [key, value] : change.entries)
    if (value)
      before.insert_or_assign(key, *value);
    else
      before.erase(key);
  return before;
}

} // namespace

std::string_view to_string(metadata_outcome outcome) noexcept {
  switch (outcome) {
    using enum metadata_outcome;
  case ok:
    return "ok";
  case key_is_reserved:
    return "key_is_reserved";
  case subject_not_found:
    return "subject_not_found";
  case too_many_keys:
    return "too_many_keys";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, metadata_outcome outcome) {
  return out << to_string(outcome);
}

std::string encode(const metadata& what) {
  std::string bytes;
  for (const auto& [key, value] : what) {
    put_text(bytes, key);
    put_text(bytes, value);
  }
  return bytes;
}

std::optional<metadata> decode_metadata(std::string_view bytes) {
  metadata what;
  for (byte_reader from{bytes}; !from.is_at_end();) {
    const auto key = from.text();
    const auto value = from.text();
    if (!key || !value)
      return std::nullopt;
    what.emplace(*key, *value);
  }
  return what;
}

metadata_outcome book::change(log_time at, const set_metadata& change) {
  advance(at);
  const auto key_of = [](const auto& entry) -> const std::string& { return entry.first; };
  if (std::ranges::any_of(change.entries, is_reserved, key_of))
    return metadata_outcome::key_is_reserved;
  if (!exists(change.about))
    return metadata_outcome::subject_not_found;
  metadata after = changed(metadata_of(change.about), change);
  if (after.size() > metadata_keys_max)
    return metadata_outcome::too_many_keys;
  newest_.put(change.about, std::move(after));
  return metadata_outcome::ok;
}

bool book::exists(const subject& about) const {
  return about.kind == subject_kind::account ? find(account_id{about.id}) != nullptr
                                             : find(transfer_id{about.id}).has_value();
}

} // namespace ducat::ledger
