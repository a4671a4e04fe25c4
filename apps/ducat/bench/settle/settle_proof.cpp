#include "bench/settle/settle_phases.hpp"

#include <string>

namespace ducat::bench {

namespace {

/// Adds the members of a merchant to `to`, page by page.
result<capture_sum> read_members(const settle_node& node, const std::string& merchant,
                                 std::uint32_t page, proof_figures& to) {
  capture_sum sum;
  v1::SettlementQuestion question;
  v1::ListMembersRequest& wanted = *question.mutable_members();
  wanted.set_currency(bench_currency);
  wanted.set_window(1);
  wanted.set_merchant(merchant);
  wanted.set_limit(page);
  for (bool has_more = true; has_more;) {
    const auto begin = steady::now();
    const auto found = node.ask(question);
    to.pages.add(steady::now() - begin);
    if (!found)
      return tl::unexpected(found.error());
    for (const v1::Member& each : found->members().data()) {
      if (each.kind() != v1::Member::CAPTURE)
        return fail(errc::corrupt, "a member of " + merchant + " is no capture");
      ++sum.count;
      sum.amount += each.amount();
      wanted.set_after_ns(each.at_ns());
    }
    has_more = found->members().has_more();
  }
  to.members += sum.count;
  return sum;
}

result<capture_sum> sum_of(const settle_node& node, const std::string& merchant) {
  v1::SettlementQuestion question;
  question.mutable_merchant_windows()->set_currency(bench_currency);
  question.mutable_merchant_windows()->set_window(1);
  question.mutable_merchant_windows()->set_merchant(merchant);
  return node.ask(question).map([](const v1::SettlementAnswer& found) {
    if (found.merchant_windows().data_size() == 0)
      return capture_sum{};
    const v1::SettlementTally& all = found.merchant_windows().data(0).accrual().captures();
    return capture_sum{.count = all.count(), .amount = all.amount()};
  });
}

} // namespace

result<proof_figures> prove(const settle_node& node, std::uint32_t merchants, std::uint32_t page) {
  proof_figures out;
  const auto begin = steady::now();
  for (std::uint32_t i = 0; i < merchants; ++i) {
    const std::string merchant = "m" + std::to_string(i);
    const auto members = read_members(node, merchant, page, out);
    const auto said = sum_of(node, merchant);
    if (!members || !said)
      return tl::unexpected(members ? said.error() : members.error());
    if (*members != *said)
      return fail(errc::corrupt, "the members of " + merchant + " are not its sum");
    out.captures.push_back(*members);
  }
  out.seconds = seconds_of(steady::now() - begin);
  return out;
}

} // namespace ducat::bench
