/// Files that nobody should be harmed by.

#include "iso20022/samples.hpp"
#include "routing/seed.hpp"

#include <ducat/iso20022/bank_statement.hpp>
#include <ducat/iso20022/status_report.hpp>

#include <gtest/gtest.h>

#include <random>

namespace ducat::iso20022 {

namespace {

/// Returns the statement with this before or in its <Document>.
std::string statement_behind(const std::string& prolog) {
  return test::replaced(test::sample("camt.053.001.02"), "<Document", prolog + "<Document");
}

void expect_forbidden(const std::string& bytes) {
  const auto read = read_statements(bytes);
  EXPECT_FALSE(read.report.complete);
  ASSERT_FALSE(read.report.notes.empty());
  EXPECT_EQ(read.report.notes.back().what, remark::forbidden) << read.report.notes.back();
}

/// As many entries as wanted, made while they are read.
class long_file {
public:
  explicit long_file(std::size_t entries) : left_{entries} {
    const auto whole = test::sample("camt.053.001.02");
    const auto begin = whole.find("<Ntry>");
    const auto end = whole.find("</Ntry>") + 7;
    text_ = whole.substr(0, begin);
    entry_ = whole.substr(begin, end - begin);
    rest_ = "</Stmt></BkToCstmrStmt></Document>";
  }

  std::size_t operator()(std::span<char> buffer) {
    while (text_.size() < buffer.size() && left_ > 0) {
      text_ += entry_ + '\n';
      --left_;
    }
    if (left_ == 0)
      text_ += std::exchange(rest_, "");
    const auto size = text_.copy(buffer.data(), buffer.size());
    text_.erase(0, size);
    return size;
  }

private:
  std::size_t left_;
  std::string text_;
  std::string entry_;
  std::string rest_;
};

/// Counts, and holds nothing.
class counting_visitor final : public statement_visitor {
public:
  void on_statement(const statement_head&) override {}

  void on_entry(bank_entry entry) override { last_line = entry.line; }

  void on_end(const statement_totals& given) override { totals = given; }

  statement_totals totals;
  std::size_t last_line = 0;
};

} // namespace

TEST(HostileFile, ExpandsNoEntities) {
  std::string bomb = "<!DOCTYPE Document [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ';';
    bomb += "<!ENTITY a" + std::to_string(i) + " \"" + before + before + "\">";
  }
  expect_forbidden(test::replaced(statement_behind(bomb + "]>"), "STMT-1<", "&a29;<"));
}

TEST(HostileFile, ReadsNothingElse) {
  expect_forbidden(statement_behind("<!DOCTYPE Document SYSTEM \"file:///etc/passwd\">"));
  expect_forbidden(test::replaced(
      statement_behind("<!DOCTYPE Document [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"),
      "STMT-1<", "&x;<"));
}

TEST(HostileFile, IsNotDeeperThanMessagesAre) {
  std::string deep = "<Document><BkToCstmrStmt><Stmt>";
  for (int i = 0; i < 100'000; ++i)
    deep += "<a>";
  expect_forbidden(deep);
}

TEST(HostileFile, HasNoEndlessText) {
  expect_forbidden("<Document><BkToCstmrStmt><Stmt><Id>" + std::string(1'000'000, 'x'));
}

TEST(HostileFile, HasNoEndlessNotes) {
  std::string many = "<Document><BkToCstmrStmt><Stmt>";
  for (int i = 0; i < 5000; ++i)
    many += "<Ntry/>";
  const auto read = read_statements(many + "</Stmt></BkToCstmrStmt></Document>");
  EXPECT_EQ(read.report.left_out, 5000u);
  EXPECT_EQ(read.report.notes.size(), import_report::notes_max);
  EXPECT_GT(read.report.notes_left_out, 4000u);
}

TEST(HostileFile, MayHaveTheWrongEncoding) {
  auto bytes = test::replaced(test::sample("camt.053.001.02"), "Shop, No. 1", "Shop \xFF");
  ::testing::internal::CaptureStderr();
  const auto read = read_statements(bytes);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_FALSE(read.report.complete);
  EXPECT_TRUE(read.report.has(remark::not_well_formed));
  bytes = test::replaced(bytes, "UTF-8", "ISO-8859-1");
  EXPECT_EQ(read_statements(bytes).statements.at(0).entries.at(0).transactions.at(0).creditor,
            "Shop \xC3\xBF");
}

TEST(HostileFile, MayEndAnywhere) {
  for (const auto* name : {"camt.053.001.02", "camt.053.001.08"}) {
    const auto whole = test::sample(name);
    const auto end = whole.rfind('>');
    for (std::size_t size = 0; size < end; ++size) {
      const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<long>(size));
      const auto read = read_statements(std::string_view{exact.data(), exact.size()});
      ASSERT_FALSE(read.report.complete) << size;
      ASSERT_FALSE(read.report.notes.empty()) << size;
    }
  }
}

TEST(HostileFile, MayHaveAnyByteChanged) {
  const auto seed = ducat::test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int round = 0; round < 3000; ++round)
    for (const auto* name : {"camt.053.001.02", "pain.002.001.03"}) {
      auto bytes = test::sample(name);
      for (auto left = 1 + random() % 4; left > 0; --left)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      (void)read_status_report(bytes);
      for (const auto& statement : read_statements(bytes).statements)
        for (const auto& entry : statement.entries)
          ASSERT_GE(entry.amount.minor, 0);
    }
}

TEST(LongFile, IsReadWithoutBeingHeld) {
  counting_visitor visitor;
  const auto report = read_statements(byte_source{long_file{20'000}}, visitor);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.read, 20'000u);
  EXPECT_EQ(visitor.totals.entries, 20'000u);
  EXPECT_EQ(visitor.totals.booked_minor, -2011 * 20'000LL);
  EXPECT_GT(visitor.last_line, 65'535u);
}

TEST(LongFile, ThrowsWhatItsSourceOrItsReaderThrows) {
  const byte_source broken = [](std::span<char>) -> std::size_t {
    throw std::runtime_error{"disk"};
  };
  counting_visitor visitor;
  EXPECT_THROW(read_statements(broken, visitor), std::runtime_error);
  const auto bytes = test::sample("pain.002.001.03");
  EXPECT_THROW(read_status_report(source_of(bytes),
                                  [](const order_status&) { throw std::runtime_error{"mine"}; }),
               std::runtime_error);
}

} // namespace ducat::iso20022
