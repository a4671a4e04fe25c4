/// What the log stores: entries, links of the chain, batches, grants. What is read is written the
/// same way again, and damage is never taken for another entry.

#include "durable/batch_codec.hpp"
#include "fuzz/input.hpp"
#include "log/chain.hpp"
#include "log/entry_codec.hpp"

#include <ducat/grant.hpp>

namespace {

using namespace ducat;

void read_entry(std::string_view bytes) {
  for (const std::uint64_t index : {1u, 7u})
    if (const auto read = decode_entry(index, bytes))
      DUCAT_CHECK(encode_entry(*read) == bytes);
}

/// Entry 7 with this payload, of which one byte is changed.
void read_damaged(std::size_t place, std::size_t change, std::string_view payload) {
  const chain_link before{.last = {.index = 6, .hash = {}}, .writer = {}, .at = {}};
  std::string bytes = encode_entry(following(before, {}, {1}, std::string{payload}));
  DUCAT_CHECK(decode_entry(7, bytes).has_value());
  const std::size_t at = place % bytes.size();
  bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(change + 1));
  DUCAT_CHECK(!decode_entry(7, bytes));
}

void read_batch(std::string_view payload) {
  const auto records = records_of(payload);
  if (!records)
    return;
  batch_builder again;
  for (const batch_record& each : *records)
    if (each.kind == record_kind::command)
      again.add(each.command);
    else
      again.add_grant(each.group, each.granted_node);
  const auto same = records_of(std::move(again).take());
  DUCAT_CHECK(same && same->size() == records->size());
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  switch (in.choose(5)) {
  case 0:
    read_entry(in.rest());
    break;
  case 1: {
    const std::size_t place = in.choose(256) * 256 + in.choose(256);
    const std::size_t change = in.choose(255);
    read_damaged(place, change, in.rest());
    break;
  }
  case 2:
    read_batch(in.rest());
    break;
  case 3:
    if (const auto read = decode_link(in.rest(), "a link"))
      DUCAT_CHECK(encode_link(*read) == in.rest());
    break;
  default:
    if (const auto read = decode_grants(in.rest()))
      DUCAT_CHECK(decode_grants(encode(*read)).value() == *read);
  }
  return 0;
}
