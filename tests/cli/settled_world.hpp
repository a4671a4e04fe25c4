/// A small history of card payments and settlement, without a fault, for tests of the checker.
#pragma once

#include "cli/checked_world.hpp"

#include <string>

namespace ducat::testing {

/// Returns a log, each entry of one command, and a record of its accounts:
///
/// `north` stands behind world, `south` behind shop, multilateral. shop pays 1.5 % and gives a
/// third to kiosk. `card1` 1,000 is captured, 300 of it refunded by `r1`; `card2` is in doubt and
/// reversed; `card3` is declined and then approved over another link. Window 1 is settled, and paid
/// out by po_EUR_1_1 and po_EUR_1_2, of which the second is returned. An exception about it is
/// accepted, and it is final. Window 2 has `card4`, 500.
checked_world settled_world();

/// Return a command of the world above.
v1::Command card_payment(const std::string& key, std::int64_t amount, bool manual = false);
v1::Command sent(const std::string& key);
v1::Command heard_of(const std::string& key, v1::ResolveAttempt::Event event,
                     std::int64_t amount = 0, std::uint32_t attempt = 1);
v1::Command cut_window(std::uint64_t number);
v1::Command start_of(std::uint64_t first, std::uint64_t last, std::uint64_t number);
v1::Command step_of(const std::string& settlement, std::uint32_t step);
v1::Command abort_of(const std::string& settlement);
v1::Command final_window(std::uint64_t number);
v1::Command batch_of(std::uint64_t number, std::uint32_t step);
v1::Command result_of(const std::string& payout, v1::PayoutResult::Event event);
v1::Command file_of(const std::string& of, char content);
v1::Command open_exception(const std::string& reference, std::uint64_t window,
                           std::int64_t internal, std::int64_t external);
v1::Command disposed(const std::string& id, v1::SettlementDisposition how);

/// Returns the id of the exception that open_exception() opens.
std::string exception_of(const std::string& reference, std::uint64_t window);

} // namespace ducat::testing
