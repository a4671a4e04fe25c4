#include <ducat/iso8583/dialect.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

namespace {

/// What is wrong with ascii87 whose field 48 is changed.
template <class Change>
std::string wrong_with(Change change, int field = 48) {
  dialect with = *find_dialect("ascii87");
  change(with.fields[field]);
  const auto wrong = check(with);
  if (!wrong)
    return "nothing";
  EXPECT_EQ(wrong->field, field);
  return wrong->what;
}

} // namespace

TEST(CheckDialect, FindsNothingWrongWithTheShippedOnes) {
  EXPECT_EQ(shipped_dialects().size(), 4u);
  for (const dialect& with : shipped_dialects()) {
    const auto wrong = check(with);
    EXPECT_FALSE(wrong) << with.name << ": " << wrong->what;
    EXPECT_EQ(find_dialect(with.name), &with);
    EXPECT_EQ(with.fields.size(), 126u) << "2 to 128 without 65";
  }
  EXPECT_EQ(find_dialect("morse"), nullptr);
}

TEST(CheckDialect, RefusesWhatCannotBeWritten) {
  EXPECT_EQ(wrong_with([](field_spec& field) { field.written = encoding::raw; }),
            R"(kind "ans" cannot be written in "raw")");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.kind = content::b; }),
            R"(kind "b" cannot be written in "ascii")");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.length = 1000; }),
            "its length prefix holds at most 999");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.length = 0; }),
            "its length must be 1 or more");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.prefix_digits = 7; }),
            "a length prefix has at most 6 digits");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.kind = content::xn; }),
            "kind \"xn\" has a fixed length");
}

TEST(CheckDialect, RefusesNumbersThatAreNoFields) {
  for (const int number : {0, 1, 65, 129})
    EXPECT_EQ(wrong_with([](field_spec& field) { field.length = 1; }, number),
              "fields have the numbers 2 to 128, without 65");
}

TEST(CheckDialect, LetsNobodyOpenCardData) {
  for (const int number : {2, 34, 35, 36, 45, 52, 55})
    EXPECT_NE(wrong_with([](field_spec& field) { field.shown = exposure::open; }, number),
              "nothing");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.shown = exposure::pan; }, 35),
            "holds data of a card, and may not be shown as \"pan\"");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.shown = exposure::open; }, 48), "nothing");
  EXPECT_EQ(wrong_with([](field_spec& field) { field.shown = exposure::secret; }, 2), "nothing");
}

TEST(CheckDialect, LooksAtWhatIsInFrontOfTheFields) {
  dialect with = *find_dialect("ascii87");
  with.versions = "v";
  EXPECT_FALSE(check(with)->field);
  with = *find_dialect("ascii87");
  with.tpdu.bytes = 65;
  EXPECT_EQ(check(with)->what, "a TPDU has at most 64 bytes");
  with = *find_dialect("ascii87");
  with.mti = encoding::raw;
  EXPECT_EQ(check(with)->what, "an MTI cannot be written in \"raw\"");
}

} // namespace ducat::iso8583
