/// What the ledger keeps of its state and of its past.

#include "fuzz/input.hpp"
#include "ledger_store/layout.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ducat;
  using namespace ducat::ledger;
  fuzz::input in{data, size};
  const std::size_t kind = in.choose(6);
  const rocksdb::Slice bytes{in.rest().data(), in.rest().size()};
  switch (kind) {
  case 0:
    if (const auto read = decode_id(bytes))
      DUCAT_CHECK(decode_id(encode(*read)).has_value());
    break;
  case 1:
    if (const auto read = decode_state(bytes))
      DUCAT_CHECK(decode_state(encode(*read)).has_value());
    break;
  case 2:
    if (const auto read = decode_segment(bytes))
      DUCAT_CHECK(decode_segment(encode(*read)).has_value());
    break;
  case 3:
    (void)decode_account(bytes);
    break;
  case 4:
    if (const auto read = decode_transfers(bytes))
      for (const transfer& each : *read)
        (void)find_transfer(bytes, each.timestamp.nanoseconds);
    break;
  default:
    (void)decode_events(bytes);
  }
  return 0;
}
