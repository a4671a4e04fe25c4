#include "settle/reconcile_effects.hpp"

#include <ducat/v1/settlement_api.grpc.pb.h>

#include <string>
#include <vector>

namespace ducat::cli {

namespace {

using stub = v1::Settlements::Stub;

constexpr int differences_per_command = 256;
constexpr std::uint32_t open_rows_per_page = 1'000;

v1::OpenSettlementExceptions opening_of(const reconcile_request& request, std::uint32_t due_hours) {
  v1::OpenSettlementExceptions made;
  made.set_currency(request.currency);
  made.set_owner(request.owner);
  made.set_account(request.account);
  made.set_rule(request.rule);
  made.set_due_hours(due_hours);
  return made;
}

std::optional<failure> send(const session& with, const v1::OpenSettlementExceptions& command) {
  const auto sent = call(with.limits, repetition::keyed, with.node, &stub::OpenExceptions, command);
  return sent ? std::nullopt : std::optional{sent.error()};
}

std::optional<failure> open_all(const session& with, const reconcile_request& request,
                                const settlement::window_report& found, std::uint32_t due_hours,
                                progress_bar& bar, reconcile_effects& done) {
  const v1::OpenSettlementExceptions empty = opening_of(request, due_hours);
  v1::OpenSettlementExceptions command = empty;
  for (const settlement::new_exception& each : found.to_open) {
    *command.add_differences() = each.difference;
    const auto count = static_cast<std::uint64_t>(command.differences_size());
    const bool is_last = done.opened + count == found.to_open.size();
    if (command.differences_size() < differences_per_command && !is_last)
      continue;
    if (auto failed = send(with, command))
      return failed;
    done.opened += count;
    command = empty;
    bar.show(done.opened, found.to_open.size(), "exceptions opened");
  }
  return std::nullopt;
}

std::optional<failure> dispose(const session& with, const reconcile_request& request,
                               const std::string& id) {
  v1::DisposeOfSettlementException command;
  command.set_id(id);
  command.set_how(v1::LATE_MATCHED);
  command.set_reason("seen when window " + std::to_string(request.window) + " was reconciled");
  command.set_by("reconcile");
  const auto sent =
      call(with.limits, repetition::keyed, with.node, &stub::DisposeOfException, command);
  return sent ? std::nullopt : std::optional{sent.error()};
}

} // namespace

std::optional<failure> take_effect(const session& with, const reconcile_request& request,
                                   const settlement::window_report& found, std::uint32_t due_hours,
                                   progress_bar& bar, reconcile_effects& done) {
  if (auto failed = open_all(with, request, found, due_hours, bar, done))
    return failed;
  std::vector<std::string> seen;
  for (const v1::SettlementException& each : found.seen)
    seen.push_back(each.id());
  for (const settlement::new_exception& each : found.to_open)
    if (each.is_seen && request.rule == v1::UNTIL_SEEN)
      seen.push_back(each.id);
  for (const std::string& each : seen) {
    if (auto failed = dispose(with, request, each))
      return failed;
    bar.show(++done.disposed, seen.size(), "exceptions disposed of");
  }
  return std::nullopt;
}

std::optional<failure> count_open(const session& with, const reconcile_request& request,
                                  reconcile_effects& done) {
  v1::ListSettlementExceptionsRequest asked;
  asked.set_currency(request.currency);
  asked.set_window(request.window);
  asked.set_only_open(true);
  asked.set_limit(open_rows_per_page);
  for (bool has_more = true; has_more;) {
    const auto page = call(with.limits, repetition::read, with.node, &stub::ListExceptions, asked);
    if (!page)
      return page.error();
    done.open += static_cast<std::uint64_t>(page->data_size());
    has_more = page->has_more() && !page->data().empty();
    if (has_more)
      asked.set_starting_after(page->data().rbegin()->id());
  }
  return std::nullopt;
}

std::optional<failure> finalize(const session& with, const reconcile_request& request,
                                reconcile_effects& done) {
  v1::FinalizeWindow command;
  command.set_currency(request.currency);
  command.set_window(request.window);
  const auto sent = call(with.limits, repetition::keyed, with.node, &stub::FinalizeWindow, command);
  if (!sent)
    return sent.error();
  done.is_final = sent->window().final();
  return std::nullopt;
}

} // namespace ducat::cli
