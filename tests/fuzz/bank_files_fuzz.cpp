/// Files of banks and of acquirers.

#include "fuzz/input.hpp"

#include <ducat/iso20022/bank_statement.hpp>
#include <ducat/iso20022/csv.hpp>
#include <ducat/iso20022/status_report.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ducat;
  fuzz::input in{data, size};
  switch (in.choose(4)) {
  case 0:
    (void)iso20022::read_statements(in.rest());
    break;
  case 1:
    (void)iso20022::read_status_report(in.rest());
    break;
  case 2:
    (void)iso20022::read_csv(iso20022::source_of(in.rest()), ',', [](const auto&) {});
    break;
  default:
    (void)iso20022::read_entries_csv(iso20022::source_of(in.rest()), [](const auto&) {});
  }
  return 0;
}
