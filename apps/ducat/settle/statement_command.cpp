#include "client/show.hpp"
#include "settle/commands.hpp"
#include "settle/files.hpp"

#include <ducat/iso20022/printed_statement.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

namespace ducat::cli {

namespace {

namespace fs = std::filesystem;
using stub = v1::Settlements::Stub;

constexpr std::uint32_t members_at_once = 1'000;
constexpr std::uint32_t payouts_at_most = 1'000;

std::chrono::year_month_day date_in(std::uint32_t yyyymmdd) {
  return {std::chrono::year{static_cast<int>(yyyymmdd / 10'000)},
          std::chrono::month{yyyymmdd / 100 % 100}, std::chrono::day{yyyymmdd % 100}};
}

/// Returns "Pending settlement" for PENDING_SETTLEMENT.
std::string words_of(std::string name) {
  for (std::size_t i = 1; i < name.size(); ++i)
    name[i] = name[i] == '_'                     ? ' '
              : name[i] >= 'A' && name[i] <= 'Z' ? char(name[i] + 32)
                                                 : name[i];
  return name;
}

failure not_there(const char* code, const std::string& what, const char* param) {
  failure why{.kind = failure_kind::refused, .error = {}};
  why.error.set_type(v1::Error::NOT_FOUND);
  why.error.set_code(code);
  why.error.set_message("there is no " + what);
  why.error.set_param(param);
  return why;
}

struct dated_payout {
  v1::Payout payout;
  std::uint32_t execution_date = 0; ///< yyyymmdd
};

/// What the API says of a merchant's window, but for its members.
struct window_facts {
  v1::SettlementLedger ledger;
  v1::Window window;
  v1::Merchant merchant;
  v1::Accrual sums;
  std::vector<dated_payout> payouts;
};

template <class Request, class Reply>
tl::expected<Reply, failure> read(const session& with,
                                  grpc::Status (stub::*method)(grpc::ClientContext*, const Request&,
                                                               Reply*),
                                  const Request& request) {
  return call(with.limits, repetition::read, with.node, method, request);
}

tl::expected<v1::Window, failure> find_window(const session& with, const statement_options& of) {
  v1::ListWindowsRequest asked;
  asked.set_currency(of.currency);
  asked.set_before(of.window + 1);
  asked.set_limit(1);
  const auto found = read(with, &stub::ListWindows, asked);
  if (!found)
    return tl::unexpected(found.error());
  if (found->data().empty() || found->data(0).number() != of.window)
    return tl::unexpected(
        not_there("window_not_found", "window " + std::to_string(of.window), "window"));
  return found->data(0);
}

tl::expected<v1::Merchant, failure> find_merchant(const session& with,
                                                  const statement_options& of) {
  v1::ListMerchantsRequest asked;
  asked.set_id(of.merchant);
  asked.set_currency(of.currency);
  const auto found = read(with, &stub::ListMerchants, asked);
  if (!found)
    return tl::unexpected(found.error());
  if (found->data().empty())
    return tl::unexpected(not_there("merchant_not_found",
                                    "merchant " + of.merchant + " in " + of.currency, "merchant"));
  return found->data(0);
}

/// A merchant without movements has sums of 0.
tl::expected<v1::Accrual, failure> find_sums(const session& with, const statement_options& of) {
  v1::ListMerchantWindowsRequest asked;
  asked.set_currency(of.currency);
  asked.set_window(of.window);
  asked.set_merchant(of.merchant);
  const auto found = read(with, &stub::ListMerchantWindows, asked);
  if (!found)
    return tl::unexpected(found.error());
  return found->data().empty() ? v1::Accrual{} : found->data(0).accrual();
}

tl::expected<std::uint32_t, failure> find_execution_date(const session& with,
                                                         const std::string& batch) {
  v1::ListPayoutBatchesRequest asked;
  asked.set_id(batch);
  const auto found = read(with, &stub::ListPayoutBatches, asked);
  if (!found)
    return tl::unexpected(found.error());
  return found->data().empty() ? 0 : found->data(0).execution_date();
}

/// The newest ones of those that pay the window.
tl::expected<std::vector<dated_payout>, failure> find_payouts(const session& with,
                                                              const statement_options& of) {
  v1::ListPayoutsRequest asked;
  asked.set_merchant(of.merchant);
  asked.set_limit(payouts_at_most);
  const auto found = read(with, &stub::ListPayouts, asked);
  if (!found)
    return tl::unexpected(found.error());
  std::vector<dated_payout> out;
  for (const v1::Payout& each : found->data()) {
    if (each.currency() != of.currency || of.window < each.first_window() ||
        each.last_window() < of.window)
      continue;
    const auto date = find_execution_date(with, each.batch());
    if (!date)
      return tl::unexpected(date.error());
    out.push_back({.payout = each, .execution_date = *date});
  }
  return out;
}

tl::expected<window_facts, failure> find_facts(const session& with, const statement_options& of) {
  window_facts out;
  const auto put = [](auto& to) {
    return [&to](auto&& found) { to = std::forward<decltype(found)>(found); };
  };
  return find_ledger(with, of.currency)
      .map(put(out.ledger))
      .and_then([&] { return find_window(with, of).map(put(out.window)); })
      .and_then([&] { return find_merchant(with, of).map(put(out.merchant)); })
      .and_then([&] { return find_sums(with, of).map(put(out.sums)); })
      .and_then([&] { return find_payouts(with, of).map(put(out.payouts)); })
      .map([&] { return std::move(out); });
}

iso20022::printed_statement statement_of(const window_facts& of) {
  const v1::Accrual& sums = of.sums;
  iso20022::printed_statement out{.issuer = of.ledger.terms().own().name(),
                                  .merchant = of.merchant.terms().id(),
                                  .merchant_name = of.merchant.terms().name(),
                                  .window = of.window.number(),
                                  .state = words_of(v1::Window::State_Name(of.window.state())),
                                  .currency = of.window.currency(),
                                  .first_date = date_in(of.window.business_date()),
                                  .last_date = date_in(of.window.business_date()),
                                  .members = sums.captures().count() + sums.refunds().count() +
                                             sums.disputes().count() + sums.disputes_won().count(),
                                  .gross_minor = sums.captures().amount(),
                                  .refunds_minor = -sums.refunds().amount(),
                                  .disputed_minor = -sums.disputes().amount(),
                                  .won_minor = sums.disputes_won().amount(),
                                  .fees_minor = sums.fees() - sums.given_back(),
                                  .splits_minor = sums.split_in() - sums.split_out(),
                                  .held_minor = sums.reserved(),
                                  .released_minor = sums.released(),
                                  .members_have_fees = false};
  for (const auto& [payout, execution_date] : of.payouts)
    out.payouts.push_back({.id = payout.id(),
                           .state = words_of(v1::Payout::State_Name(payout.state())),
                           .account = payout.creditor().iban(),
                           .amount_minor = payout.amount(),
                           .execution_date = date_in(execution_date)});
  return out;
}

iso20022::printed_member member_of(const v1::Member& from) {
  const bool is_given =
      from.kind() == v1::Member::CAPTURE || from.kind() == v1::Member::DISPUTE_WON;
  return {.payment = from.payment().empty() ? from.transfer() : from.payment(),
          .kind = words_of(v1::Member::Kind_Name(from.kind())),
          .business_date = date_in(from.business_date()),
          .amount_minor = is_given ? from.amount() : -from.amount()};
}

/// Shows all members, page by page. `failed` gets why the node did not go on.
iso20022::member_source members_of(const session& with, const statement_options& of,
                                   std::optional<failure>& failed) {
  return [&](const iso20022::member_visitor& visitor) -> iso20022::result<void> {
    v1::ListMembersRequest asked;
    asked.set_currency(of.currency);
    asked.set_window(of.window);
    asked.set_merchant(of.merchant);
    asked.set_limit(members_at_once);
    for (bool has_more = true; has_more;) {
      const auto page = read(with, &stub::ListMembers, asked);
      if (!page) {
        failed = page.error();
        return tl::unexpected(iso20022::problem{.what = iso20022::fault::source_changed});
      }
      for (const v1::Member& each : page->data())
        if (each.kind() != v1::Member::KIND_UNSPECIFIED)
          if (auto taken = visitor(member_of(each)); !taken)
            return taken;
      has_more = page->has_more() && !page->data().empty();
      if (has_more)
        asked.set_after_ns(page->data().rbegin()->at_ns());
    }
    return {};
  };
}

/// The file in which the page is written, before it has its name. Gone at the end if it has not got
/// it.
class new_page {
public:
  explicit new_page(const std::string& path)
      : path_{path}, made_{path + ".new"}, out_{made_, std::ios::binary | std::ios::trunc} {}

  ~new_page() {
    std::error_code ignored;
    if (!made_.empty())
      fs::remove(made_, ignored);
  }

  new_page(const new_page&) = delete;
  new_page& operator=(const new_page&) = delete;

  bool add(std::string_view part) { return static_cast<bool>(out_ << part); }

  /// Returns whether the file is there, under its name.
  bool finish() {
    out_.close();
    std::error_code failure;
    if (out_)
      fs::rename(made_, path_, failure);
    if (!out_ || failure)
      return false;
    made_.clear();
    return true;
  }

private:
  std::string path_;
  std::string made_;
  std::ofstream out_;
};

} // namespace

exit_code write_statement(const session& with, const statement_options& options) {
  const auto facts = find_facts(with, options);
  if (!facts)
    return report(with.io, facts.error(), {});
  std::optional<failure> failed;
  std::optional<new_page> page;
  if (!options.out.empty())
    page.emplace(options.out);
  const auto printed =
      print(statement_of(*facts), members_of(with, options, failed), [&](std::string_view part) {
        return page ? page->add(part) : static_cast<bool>(with.io.out << part);
      });
  if (failed)
    return report(with.io, *failed, {});
  if (!printed) {
    with.io.err << "ducat: " << to_string(printed.error()) << '\n';
    return exit_code::failed;
  }
  if (page && !page->finish()) {
    with.io.err << "ducat: cannot write " << options.out << '\n';
    return exit_code::failed;
  }
  return exit_code::done;
}

} // namespace ducat::cli
