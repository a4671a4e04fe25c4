/// Accounts at banks, which are checked when they are told and not when the order is written: one
/// that banks refuse would stop the payouts of all.

#include "settlement/settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

constexpr const char* good_iban = "GB82WEST12345698765432";

struct account_case {
  const char* name;
  const char* iban;
  const char* bic;
  const char* code; ///< Empty: it is taken.
};

const account_case account_cases[] = {
    {"Books and more", good_iban, "", ""},
    {"Books", good_iban, "NWBKGB2L", ""},
    {"Books", good_iban, "NWBKGB2LXXX", ""},
    {"", "", "", ""},
    {"M\xc3\xbcller", "", "", ""}, // Nobody is paid, so nobody is named.
    {"Books", "GB82WEST12345698765433", "", "iban_invalid"},
    {"Books", "GB82 WEST 1234 5698 7654 32", "", "iban_invalid"},
    {"Books", "gb82west12345698765432", "", "iban_invalid"},
    {"Books", "GB82", "", "iban_invalid"},
    {"Books", good_iban, "NWBK", "bic_invalid"},
    {"Books", good_iban, "nwbkgb2l", "bic_invalid"},
    {"Books", "", "NWBK", "bic_invalid"},
    {"", good_iban, "", "bank_name_invalid"},
    {" Books", good_iban, "", "bank_name_invalid"},
    {"M\xc3\xbcller", good_iban, "", "bank_name_invalid"},
    {"<Books>", good_iban, "", "bank_name_invalid"},
};

void put(v1::BankAccount& into, const account_case& from) {
  into.set_name(from.name);
  into.set_iban(from.iban);
  into.set_bic(from.bic);
}

TEST(BankAccount, OfAMerchantIsRefusedIfBanksWouldRefuseIt) {
  settlement_world w;
  for (const account_case& each : account_cases) {
    v1::SettlementCommand command = settlement_world::merchant("books");
    put(*command.mutable_merchant()->mutable_bank(), each);
    const v1::Outcome said = w.settle(command);
    EXPECT_EQ(said.error().code(), each.code) << each.name << ' ' << each.iban << ' ' << each.bic;
    EXPECT_EQ(said.error().param(), *each.code == '\0' ? "" : "bank");
  }
}

TEST(BankAccount, WhencePayoutsArePaidIsRefusedIfBanksWouldRefuseIt) {
  settlement_world w;
  for (const account_case& each : account_cases) {
    v1::SettlementCommand command;
    command.mutable_configure()->set_currency("EUR");
    command.mutable_configure()->set_model(v1::NET_MULTILATERAL_DEFERRED);
    command.mutable_configure()->set_business_date(first_day);
    put(*command.mutable_configure()->mutable_own(), each);
    const v1::Outcome said = w.settle(command);
    EXPECT_EQ(said.error().code(), each.code) << each.name << ' ' << each.iban << ' ' << each.bic;
    EXPECT_EQ(said.error().param(), *each.code == '\0' ? "" : "own");
  }
}

TEST(BankAccount, OfANameTooLongIsRefused) {
  settlement_world w;
  v1::SettlementCommand command = settlement_world::merchant("books");
  command.mutable_merchant()->mutable_bank()->set_name(std::string(140, 'a'));
  EXPECT_FALSE(w.settle(command).has_error());
  command.mutable_merchant()->mutable_bank()->set_name(std::string(141, 'a'));
  EXPECT_EQ(w.settle(command).error().code(), "bank_name_invalid");
}

} // namespace
} // namespace ducat::settlement::test
