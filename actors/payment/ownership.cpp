/// Who may ask the payment machine for what, and a merchant only for what is theirs. It is looked
/// at where a request comes in, too: there a request of nobody costs nothing.

#include "payment/limits.hpp"
#include "payment/view.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <span>

namespace ducat::payment {

namespace {

constexpr std::string_view merchant_role = "merchant";
constexpr std::string_view settler_role = "settler";

bool is_administrator(std::string_view role) {
  return role == "operator" || role == "admin";
}

} // namespace

/// What is not listed only nodes propose.
bool machine::may_propose(std::string_view role, const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kCreatePayment:
  case v1::Command::kCapturePayment:
  case v1::Command::kVoidPayment:
  case v1::Command::kRefundPayment:
    return role == merchant_role;
  case v1::Command::kOpenAccount:
    return role == "admin";
  case v1::Command::kDecidePayment:
  case v1::Command::kResolveAdvice:
  case v1::Command::kReconcileAcquirer:
  case v1::Command::kPutEndpoint:
  case v1::Command::kRemoveEndpoint:
  case v1::Command::kReplayEvents:
    return is_administrator(role);
  case v1::Command::kSettlement:
  case v1::Command::kSettlementException:
    return role == settler_role;
  case v1::Command::kDecideChange: // And what the change is, whoever decides it.
    return is_administrator(role) || role == settler_role;
  default:
    return false;
  }
}

namespace {

/// What a merchant may ask for; everybody else may ask for everything.
bool has_owner(const v1::Question& question) {
  switch (question.kind_case()) {
  case v1::Question::kAccount:
  case v1::Question::kAccounts:
  case v1::Question::kPayment:
  case v1::Question::kPayments:
  case v1::Question::kEvent:
  case v1::Question::kEvents:
    return true;
  default:
    return false;
  }
}

const std::string* merchant_in(const v1::Question& question) {
  const v1::Principal& who = question.principal();
  return who.role() == merchant_role ? &who.name() : nullptr;
}

/// Returns the part of `places`, which ascend, that follows on `last`, of at most `limit`.
std::span<const std::uint64_t> page_of(std::span<const std::uint64_t> places,
                                       std::optional<std::uint64_t> last, std::uint32_t limit) {
  const auto begin = last ? std::ranges::upper_bound(places, *last) : places.begin();
  const std::span<const std::uint64_t> rest{begin, places.end()};
  return rest.first(std::min<std::size_t>(rest.size(), limit == 0 ? page_size_default : limit));
}

} // namespace

std::optional<machine::decision> machine::check_principal(const v1::Command& command) const {
  if (!command.has_principal())
    return std::nullopt;
  const v1::Principal& who = command.principal();
  if (who.name().empty() || !may_propose(who.role(), command))
    return refuse(refusal::role_not_allowed);
  return who.role() == merchant_role ? check_owner(command) : std::nullopt;
}

/// A merchant pays out of their own account, or is paid into it by a card; what was paid into it
/// they capture, release and give back. What belongs to others is not there for them.
std::optional<machine::decision> machine::check_owner(const v1::Command& command) const {
  const std::string& merchant = command.principal().name();
  if (command.has_create_payment()) {
    const v1::CreatePayment& made = command.create_payment();
    const char* const side = made.card().empty() ? "from" : "to";
    const account_record* own = find_account(made.card().empty() ? made.from() : made.to());
    return own == nullptr || own->owner == merchant
               ? std::nullopt
               : std::optional{refuse(refusal::account_not_found, side)};
  }
  const payment_record* payment =
      find_payment(command.has_capture_payment() ? command.capture_payment().payment_id()
                   : command.has_void_payment()  ? command.void_payment().payment_id()
                                                 : command.refund_payment().payment_id());
  if (payment == nullptr || accounts_[payment->to].owner == merchant)
    return std::nullopt;
  return refuse(refusal::payment_not_found, "id");
}

std::optional<v1::Outcome> machine::ask_as_merchant(const v1::Question& question) const {
  const std::string* merchant = merchant_in(question);
  if (merchant == nullptr)
    return std::nullopt;
  if (merchant->empty() || !has_owner(question))
    return refused(refusal::role_not_allowed, "");
  if (question.has_account()) {
    const account_record* account = find_account(question.account().id());
    if (account != nullptr && account->owner != *merchant)
      return refused(refusal::account_not_found, "id");
  }
  if (question.has_payment()) {
    const payment_record* payment = find_payment(question.payment().id());
    if (payment != nullptr && !is_shown_to(merchant, *payment))
      return refused(refusal::payment_not_found, "id");
  }
  if (question.has_accounts())
    return own_accounts(question.accounts(), *merchant);
  if (question.has_payments())
    return own_payments(question.payments(), *merchant);
  if (question.has_events())
    return ask(question.events(), merchant);
  if (question.has_event())
    return ask(question.event(), merchant);
  return std::nullopt;
}

/// Both sides of a payment see it; null is everybody.
bool machine::is_shown_to(const std::string* merchant, const payment_record& payment) const {
  return merchant == nullptr || accounts_[payment.from].owner == *merchant ||
         accounts_[payment.to].owner == *merchant;
}

v1::Outcome machine::own_accounts(const v1::ListAccountsRequest& question,
                                  const std::string& merchant) const {
  if (question.limit() > page_size_max)
    return refused(refusal::limit_invalid, "limit");
  const auto after = accounts_by_id_.find(question.starting_after());
  const bool is_own = after != accounts_by_id_.end() && accounts_[after->second].owner == merchant;
  if (!is_own && !question.starting_after().empty())
    return refused(refusal::cursor_not_found, "starting_after");
  const auto found = owned_.find(merchant);
  const std::span<const std::uint64_t> all =
      found != owned_.end() ? found->second.accounts : std::span<const std::uint64_t>{};
  const auto rows = page_of(
      all, is_own ? std::optional<std::uint64_t>{after->second} : std::nullopt, question.limit());
  v1::Outcome out;
  auto& reply = *out.mutable_accounts();
  for (const std::uint64_t place : rows)
    *reply.add_data() = view(accounts_[place]);
  reply.set_has_more(!rows.empty() && rows.back() != all.back());
  return out;
}

v1::Outcome machine::own_payments(const v1::ListPaymentsRequest& question,
                                  const std::string& merchant) const {
  if (question.limit() > page_size_max)
    return refused(refusal::limit_invalid, "limit");
  const payment_record* after = find_payment(question.starting_after());
  if (after != nullptr && !is_shown_to(&merchant, *after))
    after = nullptr;
  if (after == nullptr && !question.starting_after().empty())
    return refused(refusal::cursor_not_found, "starting_after");
  const auto found = owned_.find(merchant);
  const std::span<const std::uint64_t> all =
      found != owned_.end() ? found->second.payments : std::span<const std::uint64_t>{};
  const auto rows = page_of(all, after != nullptr ? std::optional{after->sequence} : std::nullopt,
                            question.limit());
  v1::Outcome out;
  auto& reply = *out.mutable_payments();
  for (const std::uint64_t place : rows)
    *reply.add_data() = view(payments_[place], std::nullopt);
  reply.set_has_more(!rows.empty() && rows.back() != all.back());
  return out;
}

void machine::note_owner(const account_record& account) {
  if (!account.owner.empty())
    owned_[account.owner].accounts.push_back(accounts_by_id_.at(account.id));
}

void machine::note_owners(const payment_record& payment) {
  const std::string& payer = accounts_[payment.from].owner;
  const std::string& payee = accounts_[payment.to].owner;
  if (!payer.empty())
    owned_[payer].payments.push_back(payment.sequence);
  if (!payee.empty() && payee != payer)
    owned_[payee].payments.push_back(payment.sequence);
}

} // namespace ducat::payment
