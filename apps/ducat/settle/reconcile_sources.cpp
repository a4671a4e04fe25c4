#include "settle/reconcile_sources.hpp"

#include <algorithm>
#include <utility>

namespace ducat::cli {

namespace {

using stub = v1::Settlements::Stub;

constexpr std::uint32_t windows_per_page = 100;
constexpr std::uint32_t rows_per_page = 1'000;
constexpr std::uint32_t members_per_page = 4'096;

bool reaches_far_enough(const std::vector<v1::Window>& found, std::uint64_t window) {
  const auto own = std::ranges::find(found, window, &v1::Window::number);
  return own != found.end() && found.back().business_date() < own->business_date();
}

std::optional<failure> add_page(const v1::ListSettlementExceptionsReply& page,
                                settlement::window_reconciliation& into) {
  for (const v1::SettlementException& each : page.data())
    if (const auto added = into.add_known(each); !added)
      return failure_of_file(each.id(), added.error());
  return std::nullopt;
}

std::optional<failure> add_listed(const session& with, v1::ListSettlementExceptionsRequest asked,
                                  settlement::window_reconciliation& into) {
  asked.set_limit(rows_per_page);
  for (bool has_more = true; has_more;) {
    const auto page = call(with.limits, repetition::read, with.node, &stub::ListExceptions, asked);
    if (!page)
      return page.error();
    if (auto failed = add_page(*page, into))
      return failed;
    has_more = page->has_more() && !page->data().empty();
    if (has_more)
      asked.set_starting_after(page->data().rbegin()->id());
  }
  return std::nullopt;
}

struct member_pages {
  const session& with;
  settlement::window_reconciliation& into;
  progress_bar& bar;
  std::uint64_t done = 0;
  std::uint64_t all = 0;
  std::string what{};

  std::optional<failure> add_merchant(v1::ListMembersRequest asked) {
    for (bool has_more = true; has_more;) {
      const auto page = call(with.limits, repetition::read, with.node, &stub::ListMembers, asked);
      if (!page)
        return page.error();
      for (const v1::Member& each : page->data())
        if (const auto added = into.add_member(each); !added)
          return failure_of_file(each.transfer(), added.error());
      done += static_cast<std::uint64_t>(page->data_size());
      bar.show(done, all, what);
      has_more = page->has_more() && !page->data().empty();
      if (has_more)
        asked.set_after_ns(page->data().rbegin()->at_ns());
    }
    return std::nullopt;
  }
};

} // namespace

failure refusal_here(v1::Error::Type type, const std::string& code, const std::string& message,
                     const std::string& param) {
  failure why{.kind = failure_kind::refused, .error = {}};
  why.error.set_type(type);
  why.error.set_code(code);
  why.error.set_message(message);
  why.error.set_param(param);
  why.error.set_retry(v1::Error::NEVER);
  return why;
}

failure failure_of_file(const std::string& file, const error& why) {
  const char* code = why.code == errc::corrupt      ? "file_damaged"
                     : why.code == errc::io         ? "file_unreadable"
                     : why.code == errc::overloaded ? "differences_too_many"
                                                    : "file_refused";
  return refusal_here(v1::Error::INVALID_REQUEST, code, file + ": " + why.message, "file");
}

tl::expected<std::vector<v1::Window>, failure> windows_around(const session& with,
                                                              const reconcile_request& request) {
  v1::ListWindowsRequest asked;
  asked.set_currency(request.currency);
  asked.set_limit(windows_per_page);
  std::vector<v1::Window> found;
  for (bool has_more = true; has_more && !reaches_far_enough(found, request.window);) {
    const auto page = call(with.limits, repetition::read, with.node, &stub::ListWindows, asked);
    if (!page)
      return tl::unexpected(page.error());
    found.insert(found.end(), page->data().begin(), page->data().end());
    has_more = page->has_more() && !page->data().empty();
    if (has_more)
      asked.set_before(found.back().number());
  }
  return found;
}

std::optional<failure> add_exceptions(const session& with, const reconcile_request& request,
                                      settlement::window_reconciliation& into) {
  v1::ListSettlementExceptionsRequest own;
  own.set_currency(request.currency);
  own.set_window(request.window);
  if (auto failed = add_listed(with, own, into))
    return failed;
  v1::ListSettlementExceptionsRequest open;
  open.set_currency(request.currency);
  open.set_only_open(true);
  return add_listed(with, open, into);
}

std::optional<failure> add_members(const session& with, const v1::Window& window,
                                   settlement::window_reconciliation& into, progress_bar& bar) {
  const v1::Accrual& sums = window.total();
  member_pages pages{.with = with,
                     .into = into,
                     .bar = bar,
                     .all = sums.captures().count() + sums.refunds().count() +
                            sums.disputes().count() + sums.disputes_won().count(),
                     .what = "movements of window " + std::to_string(window.number())};
  v1::ListMerchantWindowsRequest merchants;
  merchants.set_currency(window.currency());
  merchants.set_window(window.number());
  merchants.set_limit(rows_per_page);
  v1::ListMembersRequest members;
  members.set_currency(window.currency());
  members.set_window(window.number());
  members.set_limit(members_per_page);
  for (bool has_more = true; has_more;) {
    const auto page =
        call(with.limits, repetition::read, with.node, &stub::ListMerchantWindows, merchants);
    if (!page)
      return page.error();
    for (const v1::MerchantWindow& each : page->data()) {
      members.set_merchant(each.merchant());
      if (auto failed = pages.add_merchant(members))
        return failed;
    }
    has_more = page->has_more() && !page->data().empty();
    if (has_more)
      merchants.set_starting_after(page->data().rbegin()->merchant());
  }
  return std::nullopt;
}

tl::expected<std::optional<v1::Acquirer>, failure> totals_with(const session& with,
                                                               const reconcile_request& request) {
  const auto all =
      call(with.limits, repetition::read, with.node, &v1::Acquirers::Stub::ListAcquirers, {});
  if (!all)
    return tl::unexpected(all.error());
  for (const v1::Acquirer& each : all->data())
    if (each.link() == request.acquirer && each.currency() == request.currency)
      return std::optional{each};
  return std::optional<v1::Acquirer>{};
}

} // namespace ducat::cli
