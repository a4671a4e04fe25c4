#include "check/outcomes.hpp"

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace ducat::cli {

namespace {

using nlohmann::json;

/// Collects where what was said differs from what it ought to be.
class comparison {
public:
  comparison(std::string subject, findings& into) : subject_{std::move(subject)}, into_{into} {}

  template <class Value>
  void equal(const char* what, const Value& said, const Value& ought,
             finding_kind kind = finding_kind::altered) {
    if (said != ought)
      into_.add(make_finding(kind, subject_,
                             std::string{what} + " was said to be " + text_of(said) + ", and is " +
                                 text_of(ought)));
  }

  void differ(std::string text) {
    into_.add(make_finding(finding_kind::altered, subject_, std::move(text)));
  }

  void unknown() {
    into_.add(make_finding(finding_kind::phantom, subject_, "the log knows nothing of it"));
  }

private:
  static std::string text_of(const std::string& value) { return value; }

  template <class Number>
  static std::string text_of(Number value) {
    return std::to_string(value);
  }

  const std::string subject_;
  findings& into_;
};

/// The sum of what was said has to be right in itself, and each part as the log has it.
void compare(comparison& with, const v1::Accrual& said, const window_sums& ought) {
  const auto tally = [&](const char* what, const v1::SettlementTally& one, const counted& is) {
    with.equal(what, one.amount(), is.amount);
    with.equal(what, one.count(), is.count);
  };
  tally("captures", said.captures(), ought.captures);
  tally("refunds", said.refunds(), ought.refunds);
  tally("disputes", said.disputes(), ought.disputes);
  tally("disputes won", said.disputes_won(), ought.won);
  tally("late", said.late(), ought.late);
  with.equal("fees", said.fees(), ought.fees);
  with.equal("given back", said.given_back(), ought.given_back);
  with.equal("interchange", said.interchange(), ought.interchange);
  with.equal("split out", said.split_out(), ought.split_out);
  with.equal("split in", said.split_in(), ought.split_in);
  with.equal("reserved", said.reserved(), ought.reserved);
  with.equal("released", said.released(), ought.released);
  const std::int64_t sum = said.captures().amount() - said.refunds().amount() -
                           said.disputes().amount() + said.disputes_won().amount() - said.fees() +
                           said.given_back() - said.split_out() + said.split_in();
  with.equal("net", said.net(), sum, finding_kind::unbalanced);
}

/// Compares one thing after another with the log.
class listener {
public:
  listener(const history& log, findings& into) : log_{log}, into_{into} {}

  void hear(const v1::Window& said) {
    comparison with{"window " + std::to_string(said.number()) + " of " + said.currency(), into_};
    const checked_ledger* of = ledger(said.currency());
    if (of == nullptr || said.number() == 0 || said.number() > of->windows.size())
      return with.unknown();
    const checked_window& ought = of->windows[said.number() - 1];
    with.equal<int>("its state", said.state(), ought.now);
    with.equal("its business date", said.business_date(), ought.business_date);
    with.equal<int>("final", said.final(), ought.is_final);
    with.equal("its number of merchants", said.merchants(),
               static_cast<std::uint64_t>(ought.merchants.size()));
    compare(with, said.total(), ought.total);
  }

  void hear(const v1::MerchantWindow& said) {
    comparison with{said.merchant() + " in window " + std::to_string(said.window()), into_};
    const auto merchant = log_.settlement().find_merchant(said.merchant());
    if (!merchant)
      return with.unknown();
    const auto& windows = ledger(log_.settlement().merchant(*merchant).currency)->windows;
    if (said.window() == 0 || said.window() > windows.size())
      return with.unknown();
    const auto& merchants = windows[said.window() - 1].merchants;
    const auto found = merchants.find(*merchant);
    compare(with, said.accrual(), found == merchants.end() ? window_sums{} : found->second);
  }

  void hear(const v1::Settlement& said) {
    comparison with{said.id(), into_};
    const checked_ledger* of = ledger(said.currency());
    const auto* ought = of == nullptr ? nullptr : find(of->settlements, said.id());
    if (ought == nullptr)
      return with.unknown();
    with.equal<int>("its state", said.state(), ought->now);
    with.equal("its first window", said.first_window(), ought->first);
    with.equal("its last window", said.last_window(), ought->last);
    with.equal("its step", said.step(), ought->step);
    std::vector<checked_leg> legs;
    std::int64_t through_hub = 0;
    for (const v1::Position& each : said.legs()) {
      through_hub += each.against().empty() ? each.amount() : 0;
      legs.push_back(each.amount() < 0
                         ? checked_leg{each.participant(), each.against(), -each.amount()}
                         : checked_leg{each.against(), each.participant(), each.amount()});
    }
    with.equal("the sum of its positions", through_hub, std::int64_t{0}, finding_kind::unbalanced);
    std::vector<checked_leg> own = ought->legs;
    std::ranges::sort(legs);
    std::ranges::sort(own);
    if (legs != own)
      with.differ("its positions are not what the payments make the participants owe");
    if (ought->now == v1::Settlement::SETTLED)
      compare(with, said.total(), ought->total);
  }

  void hear(const v1::PayoutBatch& said) {
    comparison with{said.id(), into_};
    const checked_ledger* of = ledger(said.currency());
    const auto* ought = of == nullptr ? nullptr : find(of->batches, said.id());
    if (ought == nullptr)
      return with.unknown();
    with.equal<int>("its state", said.state(), ought->state());
    const auto sum = [&](const char* what, const v1::SettlementTally& one, auto counts) {
      counted all;
      for (const checked_payout& each : ought->payouts)
        if (counts(each.now))
          all.add(each.amount);
      with.equal(what, one.amount(), all.amount, finding_kind::unbalanced);
      with.equal(what, one.count(), all.count, finding_kind::unbalanced);
    };
    sum("the sum of its payouts", said.payouts(), [](auto) { return true; });
    sum("what was paid", said.paid(), [](auto now) { return now == v1::Payout::PAID; });
    sum("what was returned", said.returned(), [](auto now) { return now == v1::Payout::RETURNED; });
  }

  void hear(const v1::Payout& said) {
    comparison with{said.id(), into_};
    const checked_ledger* of = ledger(said.currency());
    const auto* batch = of == nullptr ? nullptr : find(of->batches, said.batch());
    const auto* ought = batch == nullptr ? nullptr : find(batch->payouts, said.id());
    if (ought == nullptr)
      return with.unknown();
    const checked_merchant& merchant = log_.settlement().merchant(ought->merchant);
    with.equal("its merchant", said.merchant(), merchant.terms.id());
    with.equal("its amount", said.amount(), ought->amount);
    with.equal<int>("its state", said.state(), ought->now);
    with.equal("its first window", said.first_window(), ought->first);
    with.equal("its last window", said.last_window(), ought->last);
    std::int64_t carried = ought->amount;
    for (std::uint64_t number = ought->first; number != 0 && number <= ought->last; ++number)
      if (const auto& in = of->windows[number - 1].merchants; in.contains(ought->merchant)) {
        const window_sums& sums = in.at(ought->merchant);
        carried -= sums.net() - sums.reserved + sums.released;
      }
    with.equal("what was carried", said.carried(), carried, finding_kind::unbalanced);
  }

  void hear(const v1::Merchant& said) {
    comparison with{said.terms().id(), into_};
    const auto number = log_.settlement().find_merchant(said.terms().id());
    if (!number)
      return with.unknown();
    const checked_merchant& ought = log_.settlement().merchant(*number);
    with.equal("its balance", said.pending(), balance(ought.account));
    with.equal("what is available", said.available(),
               static_cast<std::int64_t>(log_.accounts().at(ought.available).available()));
    with.equal("its reserve", said.reserve(), balance(ought.reserve));
    with.equal("what is held for payouts", said.held(),
               static_cast<std::int64_t>(log_.accounts().at(ought.available).debits_pending));
  }

  void hear(const v1::SettlementException& said) {
    comparison with{said.id(), into_};
    const auto found = log_.settlement().exceptions().find(said.id());
    if (found == log_.settlement().exceptions().end())
      return with.unknown();
    with.equal<int>("what became of it", said.how(), found->second.how);
    with.equal("its owner", said.owner(), found->second.owner);
    const auto& parts = found->second.suspense;
    const std::int64_t ought = std::accumulate(
        parts.begin(), parts.end(), std::int64_t{0},
        [](std::int64_t sum, const checked_exception::part& each) { return sum + each.amount; });
    const std::int64_t is = std::accumulate(
        said.suspense().begin(), said.suspense().end(), std::int64_t{0},
        [](std::int64_t sum, const v1::SettlementSuspense& each) { return sum + each.amount(); });
    with.equal("what is in suspense", is, ought, finding_kind::unbalanced);
  }

private:
  const checked_ledger* ledger(const std::string& currency) const {
    const auto found = log_.settlement().ledgers().find(currency);
    return found == log_.settlement().ledgers().end() ? nullptr : &found->second;
  }

  template <class Thing>
  static const Thing* find(const std::vector<Thing>& among, const std::string& id) {
    const auto found = std::ranges::find(among, id, &Thing::id);
    return found == among.end() ? nullptr : &*found;
  }

  std::int64_t balance(books::number account) const {
    const checked_account& of = log_.accounts().at(account);
    return static_cast<std::int64_t>(of.credits_posted - of.debits_posted);
  }

  const history& log_;
  findings& into_;
};

template <class Message>
bool hear_as(listener& ear, const std::string& text) {
  Message said;
  if (!google::protobuf::util::JsonStringToMessage(text, &said).ok())
    return false;
  ear.hear(said);
  return true;
}

/// What a thing is its id says, or what only such a thing has.
bool hear_one(listener& ear, const json& one) {
  const std::string text = one.dump();
  const std::string id =
      one.contains("id") && one["id"].is_string() ? one["id"].get<std::string>() : "";
  if (id.starts_with("set_"))
    return hear_as<v1::Settlement>(ear, text);
  if (id.starts_with("pob_"))
    return hear_as<v1::PayoutBatch>(ear, text);
  if (id.starts_with("po_"))
    return hear_as<v1::Payout>(ear, text);
  if (id.starts_with("exc_"))
    return hear_as<v1::SettlementException>(ear, text);
  if (one.contains("accrual"))
    return hear_as<v1::MerchantWindow>(ear, text);
  if (one.contains("terms"))
    return hear_as<v1::Merchant>(ear, text);
  return one.contains("number") && hear_as<v1::Window>(ear, text);
}

} // namespace

std::uint64_t check_outcomes(const std::vector<std::string>& lists, const history& log,
                             findings& found) {
  std::uint64_t compared = 0;
  listener ear{log, found};
  const auto is_shallow = [](int depth, json::parse_event_t, const json&) { return depth <= 16; };
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const json list = json::parse(lists[i], is_shallow, false);
    const bool is_list = list.is_object() && list.contains("data") && list["data"].is_array();
    if (list.is_object() && list.empty())
      continue; // A list of nothing.
    for (const json& one : is_list ? list["data"] : json::array({list}))
      if (one.is_object() && hear_one(ear, one))
        ++compared;
      else
        found.add(make_finding(finding_kind::broken, "line " + std::to_string(i + 1),
                               "it is nothing that is said of settlement"));
  }
  return compared;
}

} // namespace ducat::cli
