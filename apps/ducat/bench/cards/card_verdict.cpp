#include "bench/cards/card_verdict.hpp"

#include "client/repeat.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t complaints_max = 100;
constexpr call_limits patient{.total = 60s, .attempt = 20s, .between = {}};

std::string name_of(std::uint8_t state) {
  return v1::Payment::State_Name(static_cast<v1::Payment::State>(state));
}

std::uint64_t count_in(const v1::StatusReply& status, const char* state) {
  const auto found = status.payments_by_state().find(state);
  return found == status.payments_by_state().end() ? 0 : found->second;
}

} // namespace

bool may_become(v1::Payment::State then, v1::Payment::State now) {
  switch (then) {
  case v1::Payment::CREATED:
  case v1::Payment::AUTHORIZING:
    return true;
  case v1::Payment::AUTHORIZED:
    return now == then || now == v1::Payment::CAPTURED;
  case v1::Payment::IN_DOUBT:
    return now == then || now == v1::Payment::REVERSED || now == v1::Payment::EXCEPTION;
  case v1::Payment::EXCEPTION:
    return now == then || now == v1::Payment::REVERSED;
  default:
    return now == then; // These are final, unless somebody asks for more.
  }
}

told_check::told_check(const std::vector<told_states>& told) : told_{told} {
  for (const told_states& each : told)
    seen_.emplace_back(each.of_payments.size());
}

void told_check::add(const v1::Payment& now) {
  const auto name = parse_payment_name(now.description());
  if (!name || name->client >= seen_.size() || name->number >= seen_[name->client].size())
    return; // Nobody was told anything of it.
  std::uint8_t& seen = seen_[name->client][name->number];
  if (seen != 0) {
    ++made_.broken;
    made_.complaints.push_back("made twice: " + now.description());
  }
  seen = static_cast<std::uint8_t>(now.state());
}

told_report told_check::compare() const {
  told_report made = made_;
  for (std::size_t client = 0; client < told_.size(); ++client)
    for (std::size_t number = 0; number < seen_[client].size(); ++number) {
      const std::uint8_t then = told_[client].of_payments[number];
      const std::uint8_t now = seen_[client][number];
      if (then == 0)
        continue;
      ++made.told;
      if (now != 0 &&
          may_become(static_cast<v1::Payment::State>(then), static_cast<v1::Payment::State>(now)))
        continue;
      ++made.broken;
      made.complaints.push_back("told " + name_of(then) + ", is " +
                                (now == 0 ? "lost" : name_of(now)) + ": " +
                                to_text({static_cast<std::uint32_t>(client), number}));
    }
  made.complaints.resize(std::min(made.complaints.size(), complaints_max));
  return made;
}

bool is_settled(const v1::StatusReply& status) {
  return count_in(status, "authorizing") == 0 && count_in(status, "in_doubt") == 0 &&
         status.time_in_doubt().open() == count_in(status, "exception");
}

result<v1::StatusReply> wait_until_settled(const connection& node,
                                           std::chrono::steady_clock::duration patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto status = call(patient, repetition::read, node, &v1::Node::Stub::Status, {});
    if (!status)
      return fail(errc::unavailable, "the node does not say how it is");
    if (is_settled(*status) || std::chrono::steady_clock::now() > end)
      return *status;
    std::this_thread::sleep_for(100ms);
  }
}

result<card_verdict> judge_cards(const connection& node, const std::vector<told_states>& told,
                                 cards::card_join join) {
  card_verdict made;
  told_check check{told};
  v1::ListPaymentsRequest page;
  page.set_limit(100);
  for (bool has_more = true; has_more;) {
    const auto part =
        call(patient, repetition::read, node, &v1::Payments::Stub::ListPayments, page);
    if (!part)
      return fail(errc::unavailable, "the payments cannot be listed");
    for (const v1::Payment& each : part->data()) {
      join.add(each);
      check.add(each);
      made.captured += each.captured() - each.refunded();
      page.set_starting_after(each.id());
    }
    has_more = part->has_more();
  }
  v1::GetAccountRequest shop;
  shop.set_id("shop");
  const auto account = call(patient, repetition::read, node, &v1::Accounts::Stub::GetAccount, shop);
  const auto status = call(patient, repetition::read, node, &v1::Node::Stub::Status, {});
  if (!account || !status)
    return fail(errc::unavailable, "the payee's account cannot be read");
  made.credited = account->credits_posted() - account->debits_posted();
  made.in_balance = std::ranges::all_of(status->totals(), &v1::LedgerTotals::in_balance);
  made.join = join.compare();
  made.told = check.compare();
  return made;
}

} // namespace ducat::cli
