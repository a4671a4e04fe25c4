#include "client/account_commands.hpp"

#include "client/pages.hpp"
#include "client/show.hpp"
#include "client/table.hpp"

#include <ostream>

namespace ducat::cli {

namespace {

void print(std::ostream& out, const v1::Account& account) {
  print_fields(out, {{"id", account.id()},
                     {"currency", account.currency()},
                     {"overdraft", account.overdraft() ? "allowed" : "none"},
                     {"owner", account.owner()},
                     {"balance", std::to_string(account.balance())},
                     {"available", std::to_string(account.available())},
                     {"debits posted", std::to_string(account.debits_posted())},
                     {"debits pending", std::to_string(account.debits_pending())},
                     {"credits posted", std::to_string(account.credits_posted())},
                     {"credits pending", std::to_string(account.credits_pending())}});
}

void print(std::ostream& out, const v1::ListAccountsReply& list) {
  table rows{{{"ACCOUNT"},
              {"CURRENCY"},
              {"BALANCE", align::right},
              {"AVAILABLE", align::right},
              {"OVERDRAFT"}}};
  for (const v1::Account& account : list.data())
    rows.add({account.id(), account.currency(), std::to_string(account.balance()),
              std::to_string(account.available()), account.overdraft() ? "allowed" : "none"});
  rows.print(out);
  if (list.has_more() && !list.data().empty())
    out << "more: --after " << list.data().rbegin()->id() << '\n';
}

} // namespace

exit_code create_account(const session& with, const v1::CreateAccountRequest& request) {
  const auto reply =
      call(with.limits, repetition::keyed, with.node, &v1::Accounts::Stub::CreateAccount, request);
  return show(
      with, reply,
      [&](const v1::AccountReply& done) {
        print(with.io.out, done.account());
        print_fields(with.io.out, {{"replayed", done.replayed() ? "yes" : ""}});
      },
      "the same id");
}

exit_code show_account(const session& with, const std::string& id) {
  v1::GetAccountRequest request;
  request.set_id(id);
  const auto account =
      call(with.limits, repetition::read, with.node, &v1::Accounts::Stub::GetAccount, request);
  return show(with, account, [&](const v1::Account& found) { print(with.io.out, found); });
}

exit_code list_accounts(const session& with, const page_options& page) {
  const auto list = fetch_pages<v1::ListAccountsRequest, v1::ListAccountsReply>(
      page, [&](const v1::ListAccountsRequest& request) {
        return call(with.limits, repetition::read, with.node, &v1::Accounts::Stub::ListAccounts,
                    request);
      });
  return show(with, list, [&](const v1::ListAccountsReply& found) { print(with.io.out, found); });
}

} // namespace ducat::cli
