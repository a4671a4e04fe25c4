/// What was moved with an acquirer, and whether it says the same. Pure.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace ducat::payment {

/// How many, and how much together in minor units.
struct tally {
  std::uint64_t count = 0;
  std::int64_t amount = 0;

  void add(std::int64_t more) {
    ++count;
    amount += more;
  }

  friend bool operator==(const tally&, const tally&) = default;
};

/// What was reversed counts on both sides.
struct acquirer_totals {
  tally debits{};
  tally debit_reversals{};
  tally credits{}; ///< Refunds.
  tally credit_reversals{};

  friend bool operator==(const acquirer_totals&, const acquirer_totals&) = default;
};

std::ostream& operator<<(std::ostream& out, const acquirer_totals& what);

/// Returns what has come since `before`, which is a part of `all`.
tally since(const tally& all, const tally& before) noexcept;
acquirer_totals since(const acquirer_totals& all, const acquirer_totals& before) noexcept;

/// Returns whether `theirs` are ours but for payments that were reversed before anybody knew
/// whether they had arrived: such a one is on both sides or on none. `uncertain`: how many and how
/// much of them there were. The net is the same either way.
bool agree(const acquirer_totals& ours, const acquirer_totals& theirs,
           const tally& uncertain) noexcept;

/// Values are stored and on the wire (ducat.v1.Acquirer.State): never renumber.
enum class reconciliation_state : std::uint8_t {
  none = 0,
  begun = 1,          ///< It is told until the acquirer says something.
  in_balance = 2,     ///< The period is closed.
  out_of_balance = 3, ///< Somebody has to look.
  interrupted = 4,    ///< Something was moved meanwhile, so that nothing could be compared.
};

std::string_view to_string(reconciliation_state value) noexcept;
std::ostream& operator<<(std::ostream& out, reconciliation_state value);

/// The newest reconciliation with an acquirer.
struct reconciliation {
  std::uint64_t number = 0; ///< As of an attempt; makes the STAN. 0: there was none.
  reconciliation_state now = reconciliation_state::none;
  log_time begun_at{};
  acquirer_totals told{};    ///< What the acquirer is to say the same of.
  acquirer_totals counted{}; ///< Ours when it began; told, but for uncertain ones.
  tally counted_uncertain{};
  acquirer_totals theirs{}; ///< Of one out of balance.
};

/// What was moved over a link in one currency since the last reconciliation in balance.
struct acquirer_account {
  acquirer_totals totals{};
  tally uncertain{};         ///< Of the reversed: nobody knows whether the payment had arrived.
  std::uint64_t periods = 0; ///< How many were closed.
  reconciliation newest{};
};

/// What the acquirer has said of a reconciliation that is begun.
struct reconciliation_answer {
  bool is_in_balance = false;
  acquirer_totals theirs{};
  bool was_quiet = true; ///< Nothing is open or owed now.
};

/// What follows from it.
enum class reconciliation_verdict : std::uint8_t {
  close,     ///< In balance, at the moment when the acquirer looked.
  tell_them, ///< Theirs are as good as ours: they are told once more, with their totals.
  interrupt, ///< Something was moved meanwhile: to be begun again.
  differ,    ///< Out of balance.
};

reconciliation_verdict judge(const acquirer_account& account,
                             const reconciliation_answer& heard) noexcept;

} // namespace ducat::payment
