/// Dialects as files.

#include "iso8583/dialect_file.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/iso8583/codec.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace ducat::cli {

namespace {

using ::testing::HasSubstr;

class DialectFile : public ::testing::Test {
protected:
  std::string write(std::string_view text) const {
    std::ofstream{path_} << text;
    return path_;
  }

  result<iso8583::dialect> load(std::string_view text) const { return load_dialect(write(text)); }

  /// What is said about a file, after its path.
  std::string complaint_about(std::string_view text) const {
    const auto read = load(text);
    if (read)
      return "nothing";
    EXPECT_EQ(read.error().code, errc::invalid_argument);
    EXPECT_EQ(read.error().message.substr(0, path_.size() + 1), path_ + ":");
    return read.error().message.substr(path_.size() + 1);
  }

  testing::temporary_directory home_;
  std::string path_ = home_.path() / "host.toml";
};

} // namespace

TEST_F(DialectFile, OfEachShippedDialectIsReadAsIt) {
  for (const iso8583::dialect& each : iso8583::shipped_dialects()) {
    const auto read = load(toml_of(each));
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(*read == each) << each.name;
  }
}

TEST_F(DialectFile, ChangesItsBase) {
  const auto read = load(R"(
base = "ascii87"
length_header = "ascii4"
bitmap = "hex"
[tpdu]
bytes = 5
counted = false
[fields]
48 = { length = 500, show = "open" }      # The rest is as it was.
55 = { kind = "ans" , encoding = "ascii" }
19 = { absent = true }
)");
  ASSERT_TRUE(read) << read.error();
  iso8583::dialect expected = *iso8583::find_dialect("ascii87");
  expected.name = "host";
  expected.about = "";
  expected.header = iso8583::length_header::ascii4;
  expected.bitmap = iso8583::bitmap_encoding::hex;
  expected.tpdu = {.bytes = 5, .counted = false};
  expected.fields.at(48).length = 500;
  expected.fields.at(48).shown = iso8583::exposure::open;
  expected.fields.at(55).kind = iso8583::content::ans;
  expected.fields.at(55).written = iso8583::encoding::ascii;
  expected.fields.erase(19);
  EXPECT_TRUE(*read == expected);
}

TEST_F(DialectFile, NeedsNoBase) {
  const auto read = load(R"(
name = "tiny"
[fields]
3 = { kind = "n", length = 6 }
52 = { kind = "b", length = 8 }
127 = { kind = "ans", length = 99, prefix_digits = 2, prefix_encoding = "binary", counts = "wire" }
)");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->name, "tiny");
  EXPECT_EQ(read->fields.size(), 3u);
  EXPECT_EQ(read->fields.at(52).written, iso8583::encoding::raw);
  EXPECT_EQ(read->fields.at(3).shown, iso8583::exposure::open);
  EXPECT_EQ(read->fields.at(52).shown, iso8583::exposure::secret);
  iso8583::message what{"0800"};
  what.set(3, "990000");
  EXPECT_TRUE(iso8583::encode(*read, what));
}

TEST_F(DialectFile, KeepsNamesWithQuotes) {
  iso8583::dialect odd = *iso8583::find_dialect("ascii87");
  odd.about = "a \"quoted\" \\ line\nand 'more'";
  odd.fields.at(48).name = "[\"x\" = {1}] # no comment";
  const auto read = load(toml_of(odd));
  ASSERT_TRUE(read) << read.error() << toml_of(odd);
  EXPECT_TRUE(*read == odd);
}

TEST_F(DialectFile, SaysInWhichLineAndColumnItIsWrong) {
  const std::pair<const char*, const char*> wrong[] = {
      {"bitmap = ", "1:10: "},
      {"\nbit_map = \"raw\"", "2:1: `bit_map` is not known"},
      {"bitmap = \"rare\"", "1:10: `bitmap` must be raw or hex"},
      {"base = \"morse\"", "1:8: `base` must be a dialect that comes with ducat"},
      {"versions = 0", "1:12: `versions` must be a string"},
      {"versions = \"v\"", "1:1: `versions` must be digits"},
      {"[tpdu]\nbytes = 65", "1:1: a TPDU has at most 64 bytes"},
      {"[tpdu]\nbites = 5", "2:1: `tpdu.bites` is not known"},
      {"[fields]\nx = { kind = \"n\", length = 1 }",
       "2:1: `fields.x` is not the number of a field"},
      {"[fields]\n03 = { kind = \"n\", length = 1 }", "2:1: `fields.03` is not the number"},
      {"[fields]\n3 = 7", "2:5: `fields.3` must be a table"},
      {"[fields]\n3 = { length = 6 }", "`fields.3.kind` is missing"},
      {"[fields]\n3 = { kind = \"n\" }", "`fields.3.length` is missing"},
      {"[fields]\n3 = { kind = \"n\", size = 6 }", "`fields.3.length` is missing"},
      {"[fields]\n3 = { kind = \"n\", length = 6, size = 6 }", "`fields.3.size` is not known"},
      {"[fields]\n3 = { kind = \"m\", length = 6 }", "2:14: `fields.3.kind` must be a, n, an, anp"},
      {"[fields]\n3 = { kind = \"n\", length = -1 }", "2:28: `fields.3.length` must be a number"},
      {"[fields]\n3 = { kind = \"n\", length = 1 }\n3 = { kind = \"n\", length = 1 }", "3:"},
      {"[fields]\n2 = { kind = \"n\", length = 1 }\n129 = { kind = \"n\", length = 1 }",
       "3:1: field 129: fields have the numbers 2 to 128, without 65"},
      {"base = \"ascii87\"\n[fields]\n4 = { encoding = \"raw\" }",
       "3:1: field 4: kind \"n\" cannot be written in \"raw\""},
      {"base = \"ascii87\"\n[fields]\n2 = { show = \"open\" }",
       "3:1: field 2: holds data of a card, and may not be shown as \"open\""},
      {"base = \"ascii87\"\n[fields]\n4 = { absent = false }", "must be true"},
      {"base = \"ascii87\"\n[fields]\n4 = { absent = true, length = 3 }", "is not known"},
  };
  for (const auto& [text, said] : wrong)
    EXPECT_THAT(complaint_about(text), HasSubstr(said)) << text;
}

TEST_F(DialectFile, IsFoundByItsPathUnlessADialectHasThatName) {
  EXPECT_EQ(find_dialect("bcd87")->name, "bcd87");
  EXPECT_EQ(find_dialect(write("base = \"bcd87\""))->name, "host");
  EXPECT_EQ(find_dialect("morse").error().message,
            "there is no dialect and no file \"morse\"; dialects are ascii87, ascii87-hex, "
            "npm-iso8583, bcd87");
}

} // namespace ducat::cli
