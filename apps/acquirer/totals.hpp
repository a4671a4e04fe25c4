/// What a reconciliation compares: fields 74 to 77, 86 to 89 and 97.
#pragma once

#include <ducat/iso8583/message.hpp>

#include <cstdint>

namespace ducat::acquirer {

struct tally {
  std::uint64_t count = 0;
  std::int64_t amount_minor = 0;

  void add(std::int64_t amount) {
    ++count;
    amount_minor += amount;
  }

  friend bool operator==(const tally&, const tally&) = default;
};

/// Of what moved money since the last reconciliation in balance. A credit has a processing code of
/// 20 to 29, such as a refund. What was reversed counts on both sides.
struct totals {
  tally credits{};
  tally credit_reversals{};
  tally debits{};
  tally debit_reversals{};

  totals& operator+=(const totals& more);

  friend bool operator==(const totals&, const totals&) = default;
};

/// Sets the nine fields of `into`.
void write_totals(const totals& from, iso8583::message& into);

/// Returns whether the nine fields of `request` say the same. One that is missing says zero.
bool is_in_balance(const totals& own, const iso8583::message& request);

} // namespace ducat::acquirer
