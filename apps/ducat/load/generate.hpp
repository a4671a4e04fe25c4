/// Makes files of payments for `ducat import`; payments_file.hpp has their format.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace ducat::cli {

struct generator_options {
  std::uint64_t payments = 1000; ///< Without the ones that fund the customers.
  std::uint64_t accounts = 100;  ///< Customers, 1 or more: few pay often, many seldom.
  std::uint64_t merchants = 10;  ///< 1 or more; few are paid often.
  std::uint64_t seed = 1;
  std::string currency = "EUR";
};

/// Writes accounts (world, which may owe; customers; merchants; broke-1, which has nothing), then
/// what funds the customers, then the payments, of which about one in a hundred is declined, one in
/// ten is held first and captured, captured in part or voided some lines later, and a few are
/// refunded. The same options make the same bytes on every machine; with fewer payments it is the
/// beginning of the same file, but for what is left to capture, void and refund at the end. Keys
/// are unique for each (seed, accounts, merchants, currency). Stops when `out` fails.
void generate(const generator_options& options, std::ostream& out);

} // namespace ducat::cli
