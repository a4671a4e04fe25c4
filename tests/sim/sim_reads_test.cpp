/// A read shows what some entry has made of the accounts: none older than what was acknowledged
/// before it, and none that was not there yet.

#include "durable/batch_codec.hpp"
#include "log/chain.hpp"
#include "sim/sim_reads.hpp"
#include "support/payment_commands.hpp"

#include <gmock/gmock.h>

namespace ducat::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A log in which one account after the other is opened.
std::vector<entry> log_of_accounts(const std::vector<std::string>& ids) {
  std::vector<entry> log;
  chain_link end;
  for (const std::string& each : ids) {
    const std::string command = ducat::testing::open_account(each, true).SerializeAsString();
    batch_builder batch;
    batch.add(command);
    log.push_back(following(end, {1}, {log.size() + 1}, std::move(batch).take()));
    end = link_of(log.back());
  }
  return log;
}

account_read read_of(const std::vector<std::string>& ids, std::uint64_t least, std::uint64_t most) {
  account_read made{.node = "node1", .least = least, .most = most, .accounts = {}};
  for (const std::string& each : ids)
    made.accounts.emplace_back().set_id(each);
  return made;
}

TEST(ImpossibleReads, AreNoneThatShowWhatWasTrueMeanwhile) {
  const auto log = log_of_accounts({"a", "b", "c"});
  EXPECT_THAT(impossible_reads(log, {read_of({}, 0, 3), read_of({"a"}, 1, 1),
                                     read_of({"a", "b"}, 1, 3), read_of({"a", "b", "c"}, 2, 3)}),
              IsEmpty());
}

TEST(ImpossibleReads, AreThoseOfBeforeWhatWasAcknowledged) {
  const auto wrong = impossible_reads(log_of_accounts({"a", "b", "c"}), {read_of({"a"}, 2, 3)});
  ASSERT_THAT(wrong, SizeIs(1));
  EXPECT_THAT(wrong.front(), HasSubstr("node1 was asked when entry 2 was acknowledged"));
}

TEST(ImpossibleReads, AreThoseOfWhatWasNotInTheLogYet) {
  EXPECT_THAT(impossible_reads(log_of_accounts({"a", "b", "c"}), {read_of({"a", "b"}, 1, 1)}),
              SizeIs(1));
}

TEST(ImpossibleReads, AreThoseOfWhatNeverWas) {
  EXPECT_THAT(impossible_reads(log_of_accounts({"a", "b"}), {read_of({"b"}, 0, 2)}), SizeIs(1));
}

} // namespace
} // namespace ducat::cli
