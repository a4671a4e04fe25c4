#include "load/generate.hpp"
#include "load/payments_file.hpp"

#include <ducat/digest.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

namespace ducat::testing {

namespace {

using ::testing::StartsWith;

std::string generated(const cli::generator_options& options) {
  std::ostringstream out;
  cli::generate(options, out);
  return out.str();
}

std::vector<cli::operation> operations_in(const std::string& file) {
  std::istringstream in{file};
  std::vector<cli::operation> all;
  std::uint64_t line = 0;
  while (auto next = cli::read_operation(in, line).value())
    all.push_back(std::move(*next));
  return all;
}

std::map<cli::operation_kind, std::size_t> counts_of(const std::vector<cli::operation>& all) {
  std::map<cli::operation_kind, std::size_t> counts;
  for (const cli::operation& one : all)
    ++counts[one.id.kind];
  return counts;
}

} // namespace

TEST(Generator, MakesTheSameBytesOnEveryMachine) {
  const std::string file = generated({.payments = 1000, .seed = 7});
  EXPECT_EQ(file, generated({.payments = 1000, .seed = 7}));
  EXPECT_EQ(to_hex(sha256({file})),
            "754981a6f5a41f028368aae84c7448093899283541c3dabae0134eba01eaa507");
  EXPECT_NE(file, generated({.payments = 1000, .seed = 8}));
}

TEST(Generator, WritesWhatTheImportReads) {
  const auto all = operations_in(generated({.payments = 2000, .accounts = 50, .merchants = 5}));
  auto counts = counts_of(all);
  EXPECT_EQ(counts[cli::operation_kind::account], 57u);
  EXPECT_EQ(counts[cli::operation_kind::payment], 2050u);
  EXPECT_GT(counts[cli::operation_kind::capture], 100u);
  EXPECT_GT(counts[cli::operation_kind::void_payment], 25u);
  EXPECT_GT(counts[cli::operation_kind::refund], 30u);
}

TEST(Generator, UsesEachKeyOnce) {
  std::set<std::string> keys;
  const auto all = operations_in(generated({.payments = 2000}));
  for (const cli::operation& one : all)
    keys.insert(one.id.key);
  EXPECT_EQ(keys.size(), all.size());
}

TEST(Generator, ChangesOnlyPaymentsThatWereWrittenBefore) {
  std::set<std::string> payments;
  for (const cli::operation& one : operations_in(generated({.payments = 500}))) {
    if (one.id.kind == cli::operation_kind::account)
      continue;
    if (one.id.kind == cli::operation_kind::payment)
      payments.insert(cli::payment_id_of(one.id.key));
    EXPECT_TRUE(payments.contains(one.touches.front())) << one.id.key;
  }
}

TEST(Generator, SkewsTheAccounts) {
  std::map<std::string, std::size_t> paid;
  for (const cli::operation& one : operations_in(generated({.payments = 5000})))
    if (const auto* payment = std::get_if<v1::CreatePaymentRequest>(&one.request))
      ++paid[payment->from()];
  EXPECT_GT(paid["customer-1"], 10 * paid["customer-50"]);
  EXPECT_GT(paid["broke-1"], 0u);
}

TEST(Generator, BeginsAlikeForFewerPayments) {
  const std::string more = generated({.payments = 30});
  EXPECT_THAT(more, StartsWith(generated({.payments = 10}).substr(0, more.size() / 2)));
}

TEST(Generator, WorksWithOneOfEach) {
  EXPECT_EQ(counts_of(operations_in(generated({.payments = 100, .accounts = 1, .merchants = 1})))
                .at(cli::operation_kind::payment),
            101u);
}

} // namespace ducat::testing
