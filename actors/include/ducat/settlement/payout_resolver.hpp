/// What banks say of payouts, held against the payouts, and what follows from it.
#pragma once

#include <ducat/settlement/bank_answers.hpp>
#include <ducat/v1/settlement.pb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ducat::settlement {

/// What becomes of a payout of which a bank says something.
enum class resolution : std::uint8_t {
  paid,
  returned,
  known,   ///< It was so before.
  waiting, ///< Nothing follows yet.
  // Somebody must look; nothing is resolved:
  not_found,        ///< There is no such payout.
  other_account,    ///< It is the statement of another account than payouts are paid from.
  currency_differs, ///< From that of the payout.
  amount_differs,   ///< From that of the payout, or the file does not say.
  booked_twice,     ///< In one file: the bank has paid twice.
  returned_before,  ///< The bank has paid what was returned here before.
  paid_before,      ///< The bank rejects what it has booked.
  doubtful,         ///< See bank_says.
};

constexpr std::size_t resolutions = 12;

std::string_view to_string(resolution value) noexcept;
std::ostream& operator<<(std::ostream& out, resolution value);

/// Returns whether somebody must look.
constexpr bool needs_a_look(resolution value) noexcept {
  return value >= resolution::not_found;
}

/// Returns what follows for `payout`, which is paid from `own_iban` (empty: nobody knows). Does not
/// know what else is in the file.
resolution resolution_of(const bank_answer& said, const v1::Payout& payout,
                         const std::string& own_iban);

/// The machine, as the resolver asks and tells it. Nothing and false: it failed, and the resolver
/// goes no further.
struct payout_desk {
  std::function<std::optional<v1::ListPayoutBatchesReply>(const v1::ListPayoutBatchesRequest&)>
      batches{};
  std::function<std::optional<v1::ListPayoutsReply>(const v1::ListPayoutsRequest&)> payouts{};
  std::function<bool(const v1::ResolvePayouts&)> resolve{}; ///< Empty: nobody is told (a dry run).
};

/// Is told what becomes of `payout`, which has an empty id if it is not known.
using resolution_visitor =
    std::function<void(const bank_answer& said, resolution what, const v1::Payout& payout)>;

/// Takes the answers of one file, whose import was complete: in the order of the file, but for what
/// is said of a batch as a whole, which comes last. In requests of at most `results_at_once` results
/// and `bytes_at_once` bytes. Telling it the same file again changes nothing. Memory: a few thousand
/// payouts, and three bits for each payout of the batches that the file names.
class payout_resolver {
public:
  static constexpr int results_at_once = 4'096;
  static constexpr std::size_t bytes_at_once = 60'000; ///< A node takes messages of 64 KiB.

  payout_resolver(payout_desk desk, resolution_visitor visitor);

  /// Returns false if the desk failed.
  bool take(const bank_answer& said);

  /// Resolves what is left, and what was booked or rejected as a whole. Call once, behind the last
  /// answer.
  bool finish();

  std::uint64_t count(resolution what) const { return counts_[static_cast<std::size_t>(what)]; }

private:
  struct batch_state {
    v1::PayoutBatch facts;
    std::vector<bool> is_booked; ///< In this file, by place.
    std::vector<bool> is_returned;
    std::vector<bool> has_status; ///< Of its own, not rejected.
    bool is_booked_as_one = false;
    bool is_rejected = false; ///< As a whole.
  };

  using page_key = std::pair<std::string, std::uint64_t>;

  batch_state* find_batch(const payout_ref& of);
  v1::Payout* find_payout(const payout_ref& of);
  bool take_one(const bank_answer& said, batch_state& batch);
  bool take_batch(const bank_answer& said, batch_state& batch);
  v1::Payout whole_of(const bank_answer& said, const batch_state& batch) const;
  bool book_batch(const bank_answer& said);
  bool pay_all(const bank_answer& said, const batch_state& batch);
  bool reject_others(const bank_answer& said);
  bool tell(const bank_answer& said, resolution what, const v1::Payout& payout);
  bool add(const bank_answer& said, v1::Payout& payout, v1::PayoutResult::Event event);
  void count_returned(const payout_ref& of, std::int64_t amount);
  bool flush();

  payout_desk desk_;
  resolution_visitor visitor_;
  std::array<std::uint64_t, resolutions> counts_{};
  std::map<std::string, batch_state> batches_;
  std::map<page_key, std::vector<v1::Payout>> pages_;
  std::vector<bank_answer> booked_;   ///< Batches as a whole.
  std::vector<bank_answer> rejected_; ///< The same.
  /// Booked, and returned here before: perhaps by what this file says later.
  std::vector<std::pair<bank_answer, v1::Payout>> booked_late_;
  v1::ResolvePayouts unsent_;
  std::size_t unsent_bytes_ = 0;
  std::unordered_map<std::string, v1::Payout::State> unsent_states_;
  bool failed_ = false;
};

} // namespace ducat::settlement
