/// What is written here is valid by the schemas of ISO 20022. They are not part of this project, by
/// their copyright: DUCAT_ISO20022_XSD_DIR says where pain.001.001.03.xsd and the others are.

#include "iso20022/orders.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ducat::iso20022 {

namespace {

using testing::child_program;

std::filesystem::path schema_of(order_message which) {
  const char* const directory = std::getenv("DUCAT_ISO20022_XSD_DIR");
  return directory == nullptr
             ? std::filesystem::path{}
             : std::filesystem::path{directory} / (std::string{to_string(which)} + ".xsd");
}

/// Returns what xmllint says of it; empty: it is valid.
std::string complaints(const std::filesystem::path& schema, const std::string& bytes) {
  const testing::temporary_directory home;
  const auto file = home.path() / "order.xml";
  std::ofstream{file} << bytes;
  child_program lint{{.words = {"xmllint", "--noout", "--nonet", "--schema", schema, file},
                      .error_file = home.path() / "said"}};
  while (lint.read_line()) {
  }
  if (lint.wait() == 0)
    return {};
  std::ifstream said{home.path() / "said"};
  return {std::istreambuf_iterator<char>{said}, {}};
}

class Schema : public ::testing::TestWithParam<order_message> {
protected:
  void SetUp() override {
    if (schema_of(GetParam()).empty())
      GTEST_SKIP() << "DUCAT_ISO20022_XSD_DIR is not set";
    if (!std::filesystem::exists(schema_of(GetParam())))
      GTEST_SKIP() << schema_of(GetParam()) << " is not there";
  }
};

std::string name_of(const ::testing::TestParamInfo<order_message>& info) {
  std::string name{to_string(info.param)};
  std::erase(name, '.');
  return name;
}

/// All that may be left out, left out.
initiation shortest_order() {
  auto order = test::some_order();
  order.service_level.clear();
  order.books_as_one = false;
  return order;
}

/// The longest texts, and the largest amount.
std::vector<credit_transfer> longest_transfers() {
  auto transfers = test::some_transfers(1);
  auto& one = transfers[0];
  one.end_to_end_id.assign(35, 'E');
  one.id.assign(35, 'I');
  one.creditor.name.assign(140, 'N');
  one.creditor.account = {.other = std::string(34, '1')};
  one.remittance.assign(140, 'R');
  one.amount_minor = 999'999'999'999'999'999;
  return transfers;
}

} // namespace

TEST_P(Schema, TakesWhatIsWritten) {
  const auto schema = schema_of(GetParam());
  const auto valid = [&](const initiation& order, const std::vector<credit_transfer>& transfers) {
    return complaints(schema, write(GetParam(), order, transfers).value());
  };
  EXPECT_EQ(valid(test::some_order(), test::some_transfers(3)), "");
  EXPECT_EQ(valid(shortest_order(), test::some_transfers(1)), "");
  EXPECT_EQ(valid(test::some_order(), longest_transfers()), "");
}

INSTANTIATE_TEST_SUITE_P(Iso20022, Schema,
                         ::testing::Values(order_message::pain_001_001_03,
                                           order_message::pain_001_001_09,
                                           order_message::pacs_008_001_08),
                         name_of);

} // namespace ducat::iso20022
