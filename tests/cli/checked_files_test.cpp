#include "check/check_command.hpp"
#include "cli/checked_world.hpp"
#include "inspect/dump.hpp"
#include "log/log_helpers.hpp"
#include "record/record_writer.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ducat::testing {

namespace {

using ::testing::HasSubstr;

/// A data directory and a record file, made of `world`.
class CheckedFiles : public ::testing::Test {
protected:
  /// Writes the log; the record gets the receipts of what was written.
  void write(checked_world world) {
    write_log(world);
    auto writer = cli::record_writer::open(record()).value();
    for (const told& one : world.record) {
      ASSERT_TRUE(writer.invoked(one.id, one.body, 1));
      ASSERT_TRUE(writer.answered(one.id, *one.answer, 2));
    }
  }

  void write_log(checked_world& world) {
    const auto log = opened(data());
    const epoch mine = log->take_epoch().value();
    for (const commands& batch : world.log) {
      const entry written = log->append(mine, {}, payload_of(batch)).value();
      for (told& one : world.record)
        if (one.answer->index == written.index)
          one.answer->hash = to_hex(written.hash);
    }
  }

  /// Copies the log into a new directory; `spoil` may change each batch. The copy is a valid chain.
  void rewrite(const std::function<void(std::uint64_t index, std::string& payload)>& spoil) {
    const std::vector<entry> kept = entries(*opened(data()));
    std::filesystem::remove_all(data());
    const auto log = opened(data());
    const epoch mine = log->take_epoch().value();
    for (entry e : kept) {
      spoil(e.index, e.payload);
      (void)log->append(mine, e.at, e.payload).value();
    }
  }

  cli::exit_code check(bool json = false) {
    out_.str({});
    return cli::check_command({.data = data(), .record = record(), .options = {}, .json = json},
                              out_, err_);
  }

  std::filesystem::path data() const { return directory_.path() / "data"; }

  std::filesystem::path record() const { return directory_.path() / "acks"; }

  temporary_directory directory_;
  std::ostringstream out_;
  std::ostringstream err_;
};

} // namespace

TEST_F(CheckedFiles, AreGreenWhenLogAndRecordAgree) {
  write(good_world());
  EXPECT_EQ(check(), cli::exit_code::done);
  EXPECT_THAT(out_.str(), HasSubstr("verdict       green"));
}

TEST_F(CheckedFiles, AreRedWhenAPaymentIsGoneFromAValidChain) {
  write(good_world());
  rewrite([](std::uint64_t index, std::string& payload) {
    if (index == 8)
      payload = payload_of({});
  });
  EXPECT_EQ(check(true), cli::exit_code::failed);
  EXPECT_THAT(out_.str(), HasSubstr("\"lost\":1"));
}

TEST_F(CheckedFiles, AreRedWhenAPaymentIsThereTwice) {
  write(good_world());
  rewrite([](std::uint64_t index, std::string& payload) {
    if (index == 8)
      payload += payload.substr(1);
  });
  EXPECT_EQ(check(true), cli::exit_code::failed);
  EXPECT_THAT(out_.str(), HasSubstr("\"doubled\":2"));
}

TEST_F(CheckedFiles, MayHoldARecordWithATornLastLine) {
  write(good_world());
  std::ofstream{record(), std::ios::app} << R"({"op":"payment","key":"to)";
  EXPECT_EQ(check(), cli::exit_code::done);
}

TEST_F(CheckedFiles, MustNotHoldARecordWithATornLineInTheMiddle) {
  write(good_world());
  std::ofstream{record(), std::ios::app} << R"({"op":"payment","key":"to)" << '\n';
  EXPECT_EQ(check(), cli::exit_code::failed);
  EXPECT_THAT(err_.str(), HasSubstr("line 23 of the record"));
}

TEST_F(CheckedFiles, MustExist) {
  EXPECT_EQ(check(), cli::exit_code::failed);
  EXPECT_THAT(err_.str(), HasSubstr("there is no record"));
}

TEST_F(CheckedFiles, AreDumpedAsJsonLines) {
  write(good_world());
  EXPECT_EQ(cli::dump_log(data(), out_, err_), cli::exit_code::done);
  EXPECT_THAT(out_.str(), HasSubstr(R"({"index":1,"epoch":1,"at":)"));
  EXPECT_THAT(out_.str(), HasSubstr(R"("commands":[{"refund_payment":{"payment_id":")" +
                                    cli::payment_id_of("k1") +
                                    R"(","idempotency_key":"r1","amount":"500"}}])"));
}

} // namespace ducat::testing
