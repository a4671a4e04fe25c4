/// What the checker keeps of settlement.
#pragma once

#include "check/books.hpp"

#include <ducat/v1/exception.pb.h>
#include <ducat/v1/settlement.pb.h>
#include <ducat/v1/settlement_journal.pb.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cli {

struct counted {
  std::uint64_t count = 0;
  std::int64_t amount = 0;

  void add(std::int64_t more) noexcept {
    ++count;
    amount += more;
  }

  friend bool operator==(const counted&, const counted&) = default;
};

/// What a merchant, or all of them, have in a window.
struct window_sums {
  counted captures{}, refunds{}, disputes{}, won{}, late{};
  std::int64_t fees = 0, given_back = 0, interchange = 0;
  std::int64_t split_out = 0, split_in = 0, reserved = 0, released = 0;

  void add(const window_sums& more) noexcept;

  /// Returns what is left of the merchant's own captures.
  std::int64_t own() const noexcept;

  std::int64_t net() const noexcept { return own() + split_in; }

  friend bool operator==(const window_sums&, const window_sums&) = default;
};

using merchant_number = std::size_t;
using participant_number = std::size_t;

struct checked_window {
  std::uint64_t number = 0;
  v1::Window::State now = v1::Window::OPEN;
  std::uint32_t business_date = 0;
  v1::SettlementModel model = v1::MODEL_UNSPECIFIED;
  bool is_final = false;
  window_sums total{}; ///< Counted by itself: to be the sum of the merchants.
  std::map<merchant_number, window_sums> merchants{};
  std::map<merchant_number, std::map<merchant_number, std::int64_t>> splits{}; ///< From, to.
  std::map<std::pair<participant_number, participant_number>, std::int64_t> owed{};
};

struct checked_merchant {
  v1::PutMerchant terms;
  std::string currency;
  books::number account = books::none, available = books::none, reserve = books::none;
  std::uint64_t unpaid_from = 1;
  std::uint32_t month = 0;
  std::int64_t volume = 0;
  std::map<std::uint64_t, std::int64_t> reserves{}; ///< Held, by window.
};

struct checked_participant {
  v1::PutParticipant terms;
  std::set<std::string> accounts;
  books::number settlement = books::none;
};

/// What one moves to another when positions are committed; the hub has no name.
struct checked_leg {
  std::string from, to;
  std::int64_t amount = 0;

  friend auto operator<=>(const checked_leg&, const checked_leg&) = default;
};

struct checked_settlement {
  std::string id;
  v1::Settlement::State now = v1::Settlement::PENDING_SETTLEMENT;
  std::uint64_t first = 0, last = 0;
  std::uint32_t step = 0;
  std::vector<checked_leg> legs{};
  merchant_number next = 0; ///< Those before are settled.
  std::uint64_t settled = 0;
  window_sums total{}; ///< Of its windows, when it ended.
};

struct checked_payout {
  std::string id;
  merchant_number merchant = 0;
  std::int64_t amount = 0;
  v1::Payout::State now = v1::Payout::BATCHED;
  std::uint64_t first = 0, last = 0; ///< Windows; 0: none.
};

struct checked_batch {
  std::string id;
  bool is_complete = false, is_submitted = false;
  std::uint32_t step = 0;
  merchant_number next = 0;
  std::vector<checked_payout> payouts{};

  v1::PayoutBatch::State state() const noexcept;
};

/// The settlement of a currency.
struct checked_ledger {
  v1::ConfigureSettlement terms;
  std::vector<checked_window> windows{};
  std::uint64_t unsettled_from = 1;
  std::vector<checked_settlement> settlements{};
  std::vector<checked_batch> batches{};
  std::int64_t paid_out = 0;   ///< By payouts, and not returned.
  std::int64_t on_the_way = 0; ///< In payouts that are neither paid nor returned.

  checked_window& open_window() { return windows.back(); }
};

struct checked_exception {
  std::string currency; ///< Of the window.
  std::uint64_t window = 0;
  std::string bearer; ///< Empty: the fees.
  std::string owner{};

  struct part {
    std::string currency;
    std::int64_t amount = 0;
    bool is_excess = false;
  };

  std::vector<part> suspense{};
  std::uint64_t due_ns = 0;
  bool is_alarmed = false;
  v1::SettlementDisposition how = v1::DISPOSITION_UNSPECIFIED;
};

} // namespace ducat::cli
