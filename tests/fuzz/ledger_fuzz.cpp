/// Commands of the ledger, as bytes, one after the other: whatever they are, debits are equal to
/// credits.

#include "fuzz/input.hpp"

#include <ducat/ledger/commands.hpp>
#include <ducat/ledger/machine.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ducat;
  fuzz::input in{data, size};
  ledger::machine books;
  position where{.index = 0, .at = {1}};
  while (const auto command = in.part()) {
    if (const auto read = ledger::decode_command(*command)) {
      const auto again = ledger::decode_command(ledger::encode(*read));
      DUCAT_CHECK(again.has_value());
    }
    if (books.answer_without_commit(*command))
      continue;
    where.at.nanoseconds += 1'000'000;
    ++where.index;
    DUCAT_CHECK(ledger::decode_reply(books.apply(where, *command)).has_value());
  }
  return 0;
}
