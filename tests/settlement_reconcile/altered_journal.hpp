/// Journals of an acquirer that are not what they should be.
#pragma once

#include "acquirer/effect_line.hpp"

#include <ducat/digest.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ducat::settlement::testing {

constexpr std::int64_t day_ms = std::int64_t{24} * 3600 * 1000;
constexpr std::int64_t noon_ms = 20'786 * day_ms + day_ms / 2; ///< 2026-11-29.
constexpr std::uint32_t that_day = 20'261'129;

/// Effects, and what can be wrong with one. Payments are named by their place, from 0.
class altered_journal {
public:
  altered_journal() = default;

  /// Begins with what an acquirer has written.
  explicit altered_journal(std::vector<acquirer::effect> written) : effects_{std::move(written)} {}

  /// A capture, or a refund; returns its place.
  std::size_t pay(std::int64_t amount, bool is_refund = false) {
    const std::string number = std::to_string(100'000 + effects_.size());
    return append({.kind = acquirer::effect_kind::captured,
                   .mti = "0200",
                   .key = {'2', number, "1129120000", "TERM0001"},
                   .rrn = "000000" + number,
                   .processing_code = is_refund ? "200000" : "000000",
                   .amount_minor = amount,
                   .currency = "978",
                   .response_code = "00",
                   .at_ms = noon_ms});
  }

  void reverse(std::size_t place) {
    const acquirer::effect original = effects_.at(place);
    acquirer::effect made = original;
    made.kind = acquirer::effect_kind::reversed;
    made.mti = "0420";
    made.key.kind = '4';
    made.key.stan = std::to_string(100'000 + effects_.size());
    made.original = original.sequence;
    made.original_key = original.key;
    append(made);
  }

  /// The totals of all terminals begin again.
  void reconcile() {
    append({.kind = acquirer::effect_kind::reconciled, .mti = "0500", .key = {'5', "1", "", ""}});
  }

  void drop(std::size_t place) { effects_.at(place).kind = acquirer::effect_kind::declined; }

  /// Takes back that it was dropped.
  void restore(std::size_t place) { effects_.at(place).kind = acquirer::effect_kind::captured; }

  std::size_t duplicate(std::size_t place) { return append(effects_.at(place)); }

  void set_amount(std::size_t place, std::int64_t to) { effects_.at(place).amount_minor = to; }

  void set_rrn(std::size_t place, std::string to) { effects_.at(place).rrn = std::move(to); }

  void set_currency(std::size_t place, std::string to) {
    effects_.at(place).currency = std::move(to);
  }

  void set_fee(std::size_t place, std::int64_t to) { fees_[place] = to; }

  void delay(std::size_t place, std::int64_t days) { effects_.at(place).at_ms += days * day_ms; }

  std::string reference(std::size_t place) const {
    return effects_.at(place).rrn + "/" + effects_.at(place).key.stan;
  }

  const std::vector<acquirer::effect>& effects() const { return effects_; }

  std::string text() const {
    std::string lines;
    for (std::size_t place = 0; place < effects_.size(); ++place) {
      std::string line = acquirer::line_of(effects_[place]);
      if (const auto fee = fees_.find(place); fee != fees_.end())
        line = with_fee(line, fee->second);
      lines += line + "\n";
    }
    return lines;
  }

private:
  std::size_t append(acquirer::effect made) {
    made.sequence = effects_.size() + 1;
    effects_.push_back(std::move(made));
    return effects_.size() - 1;
  }

  static std::string with_fee(const std::string& line, std::int64_t fee) {
    auto object = nlohmann::ordered_json::parse(line);
    object.erase("check");
    object["fee"] = fee;
    const std::string body = object.dump();
    char check[17];
    std::snprintf(check, sizeof check, "%016llx", static_cast<unsigned long long>(checksum(body)));
    return body.substr(0, body.size() - 1) + ",\"check\":\"" + check + "\"}";
  }

  std::vector<acquirer::effect> effects_;
  std::map<std::size_t, std::int64_t> fees_;
};

} // namespace ducat::settlement::testing
