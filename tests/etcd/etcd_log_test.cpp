/// The log on a real etcd: what every log does, and what only this one can meet.

#include "etcd/client.hpp"
#include "etcd/keys.hpp"
#include "etcd_server.hpp"
#include "log/log_suite.hpp"

#include <ducat/etcd_log.hpp>

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <numeric>
#include <optional>

namespace ducat {
namespace {

using namespace testing;
using namespace std::chrono_literals;

std::unique_ptr<shared_log> open_at(const etcd_server& server,
                                    std::chrono::milliseconds give_up = 60s) {
  auto opened = open_etcd_log({{.endpoints = {server.endpoint()}, .give_up = give_up}});
  if (!opened)
    throw std::runtime_error(to_string(opened.error()));
  return std::move(*opened);
}

class etcd_home final : public log_home {
public:
  std::unique_ptr<log> open() override { return open_at(server_); }

private:
  etcd_server server_;
};

class EtcdLog : public ::testing::Test {
protected:
  etcd_server server_;
};

TEST_F(EtcdLog, RefusesToBeOpenedWithoutAnEndpoint) {
  EXPECT_EQ(open_etcd_log({}).error().code, errc::invalid_argument);
  EXPECT_EQ(open_etcd_log({{.endpoints = {"10.0.0.1:2379"}}}).error().code, errc::invalid_argument);
}

TEST_F(EtcdLog, SaysThatNoMemberAnswers) {
  server_.kill();
  const auto refused =
      open_etcd_log({{.endpoints = {server_.endpoint()}, .attempt = 50ms, .give_up = 200ms}});
  EXPECT_EQ(refused.error().code, errc::unavailable);
}

// It is opened through another member then: a stream that waited for this one would be silent.
TEST(EtcdClient, EndsAWatchThroughAMemberThatIsNotThere) {
  const etcd::client nobody{{.endpoints = {"127.0.0.1:" + std::to_string(free_port())}}};
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 30s);
  const auto stream = nobody.open_watch(context);
  etcd::pb::WatchResponse none;
  EXPECT_FALSE(stream->Read(&none));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(EtcdLog, KeepsLogsOfDifferentPrefixesApart) {
  const auto one =
      open_etcd_log({{.endpoints = {server_.endpoint()}, .give_up = 60s}, "a/"}).value();
  append_some(*one, 2);
  const auto other = open_etcd_log({{.endpoints = {server_.endpoint()}}, "b/"}).value();
  EXPECT_EQ(other->last(), receipt{});
}

// The fence: who took the epoch last is the only one whose appends stay, on whatever node.
TEST_F(EtcdLog, RefusesAWriterOfAnotherProcessWhoseEpochIsOver) {
  const auto one = open_at(server_);
  const auto other = open_at(server_);
  const epoch old = one->take_epoch().value();
  ASSERT_TRUE(one->append(old, {}, "a"));
  const epoch mine = other->take_epoch().value();
  EXPECT_GT(mine, old);
  EXPECT_EQ(other->last(), one->last());
  EXPECT_EQ(one->append(old, {}, "stale").error().code, errc::epoch_lost);
  ASSERT_TRUE(other->append(mine, {}, "b"));
  EXPECT_EQ(one->append(old, {}, "stale").error().code, errc::epoch_lost);
  EXPECT_EQ(payloads(*one), (std::vector<std::string>{"a", "b"}));
}

TEST_F(EtcdLog, HasExactlyOneWriterOfMany) {
  const auto one = open_at(server_);
  const auto other = open_at(server_);
  const auto run = [](log& through) {
    std::uint64_t acknowledged = 0;
    for (int round = 0; round < 5; ++round) {
      const epoch mine = through.take_epoch().value();
      for (int i = 0; i < 10; ++i) {
        const auto done = through.append(mine, {}, std::to_string(mine.value));
        acknowledged += done ? 1 : 0;
        EXPECT_EQ(done ? errc::epoch_lost : done.error().code, errc::epoch_lost);
      }
    }
    return acknowledged;
  };
  auto first = std::async(std::launch::async, [&] { return run(*one); });
  const std::uint64_t acknowledged_by_other = run(*other);
  const std::uint64_t acknowledged = first.get() + acknowledged_by_other;
  EXPECT_EQ(entries(*open_at(server_)).size(), acknowledged);
}

// An answer that is lost is no failure: the append goes on until it is known.
TEST_F(EtcdLog, LosesNothingWhenEtcdIsKilledAndStartedAgain) {
  const auto log = open_at(server_);
  const epoch mine = log->take_epoch().value();
  auto writer = std::async(std::launch::async, [&] {
    for (std::uint64_t i = 1; i <= 200; ++i)
      if (const auto done = log->append(mine, {}, payload(i)); !done)
        return to_string(done.error());
    return std::string{};
  });
  for (int round = 0; round < 3; ++round) {
    const std::uint64_t seen = log->last().index;
    while (log->last().index < std::min<std::uint64_t>(seen + 20, 200))
      std::this_thread::yield();
    server_.kill();
    server_.start();
  }
  EXPECT_EQ(writer.get(), "");
  std::uint64_t index = 0;
  for (const entry& e : entries(*open_at(server_)))
    EXPECT_EQ(e.payload, payload(++index));
  EXPECT_EQ(index, 200u);
}

/// Changes what is in etcd behind the log's back.
void change(const etcd_server& server, const etcd::pb::RequestOp& how) {
  etcd::pb::TxnRequest request;
  *request.add_success() = how;
  ASSERT_TRUE(etcd::client{{.endpoints = {server.endpoint()}}}.try_txn(request));
}

TEST_F(EtcdLog, NamesAMissingEntry) {
  const etcd::keys keys{"ducat/"};
  append_some(*open_at(server_), 3 + etcd_in_flight_max);
  change(server_, etcd::remove(keys.entry(3), keys.entry(4)));
  const auto refused = open_etcd_log({{.endpoints = {server_.endpoint()}}});
  EXPECT_EQ(to_string(refused.error()), "corrupt: log entry 3 is missing; the next one is 11");
}

// A gap is what a writer leaves that dies with entries under way: nothing after it was
// acknowledged.
TEST_F(EtcdLog, RemovesWhatADeadWriterLeftBehindAGap) {
  const etcd::keys keys{"ducat/"};
  append_some(*open_at(server_), 4);
  change(server_, etcd::remove(keys.entry(3), keys.entry(4)));
  const auto log = open_at(server_);
  EXPECT_EQ(log->last().index, 2u);
  EXPECT_EQ(payloads(*log).size(), 2u);
  const epoch mine = log->take_epoch().value();
  for (const char* each : {"a", "b", "c"})
    ASSERT_TRUE(log->append(mine, {}, each));
  EXPECT_EQ(payloads(*open_at(server_)),
            (std::vector<std::string>{"payload-1", "payload-2", "a", "b", "c"}));
}

// An attempt to remove what stands after a gap may come late, when the writer has gone on.
TEST_F(EtcdLog, IsNotCutOffByALateAttemptToCloseAGap) {
  const etcd::keys keys{"ducat/"};
  const auto log = open_at(server_);
  const epoch mine = log->take_epoch().value();
  ASSERT_TRUE(log->append(mine, {}, "a"));
  const etcd::client raw{{.endpoints = {server_.endpoint()}}};
  etcd::pb::RangeRequest look;
  look.set_key(keys.epoch());
  const auto epoch_key = raw.range(look).value().kvs(0);
  etcd::pb::TxnRequest
      late; // As the first attempt was, which compared with the revision of the take.
  *late.add_compare() = etcd::mod_is(keys.epoch(), epoch_key.create_revision());
  *late.add_success() = etcd::remove(keys.entry(1), keys.end_of_entries());
  EXPECT_FALSE(raw.try_txn(late).value().succeeded());
  ASSERT_TRUE(log->append(mine, {}, "b"));
  EXPECT_EQ(payloads(*open_at(server_)), (std::vector<std::string>{"a", "b"}));
}

TEST_F(EtcdLog, TellsOfEntriesUnderWayInTheirOrder) {
  const auto log = open_at(server_);
  const epoch mine = log->take_epoch().value();
  std::vector<std::uint64_t> told;
  std::promise<void> all;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    const auto begun = log->begin_append(mine, {}, payload(i), [&, i](const result<void>& done) {
      EXPECT_TRUE(done);
      told.push_back(i); // One after the other.
      if (i == 100)
        all.set_value();
    });
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->index, i);
  }
  all.get_future().wait();
  std::vector<std::uint64_t> in_order(100);
  std::iota(in_order.begin(), in_order.end(), 1);
  EXPECT_EQ(told, in_order);
  EXPECT_EQ(log->last().index, 100u);
  EXPECT_EQ(payloads(*open_at(server_)).size(), 100u);
}

TEST_F(EtcdLog, FailsWhatIsUnderWayWhenTheEpochIsLost) {
  const auto one = open_at(server_);
  const epoch old = one->take_epoch().value();
  const epoch newer = open_at(server_)->take_epoch().value();
  EXPECT_GT(newer, old);
  std::vector<errc> told;
  std::promise<void> all;
  std::size_t begun = 0;
  for (; begun < 3; ++begun)
    if (!one->begin_append(old, {}, "stale", [&](const result<void>& done) {
          told.push_back(done ? errc{} : done.error().code);
          if (told.size() == 3)
            all.set_value();
        }))
      break; // It may be known by now.
  if (begun == 3)
    all.get_future().wait();
  EXPECT_GE(told.size(), 1u);
  for (const errc each : told)
    EXPECT_EQ(each, errc::epoch_lost);
  EXPECT_EQ(open_at(server_)->last().index, 0u);
}

TEST_F(EtcdLog, ConfirmsOnlyTheNewestEpoch) {
  const auto confirmed = [](shared_log& log, epoch writer) {
    std::promise<errc> known;
    log.confirm(writer, [&](const result<void>& done) {
      known.set_value(done ? errc{} : done.error().code);
    });
    return known.get_future().get();
  };
  const auto one = open_at(server_);
  const epoch old = one->take_epoch().value();
  EXPECT_EQ(confirmed(*one, old), errc{});
  ASSERT_TRUE(one->append(old, {}, "a"));
  EXPECT_EQ(confirmed(*one, old), errc{});
  ASSERT_TRUE(open_at(server_)->take_epoch());
  EXPECT_EQ(confirmed(*one, old), errc::epoch_lost);
  EXPECT_EQ(confirmed(*one, epoch{}), errc::epoch_lost);
}

// Of several that suspect the same writer one takes its place.
TEST_F(EtcdLog, GivesTheEpochAfterTheOneSeenToOneOnly) {
  const auto log = open_etcd_log({{.endpoints = {server_.endpoint()}}, "ducat/", "node1"}).value();
  EXPECT_EQ(log->newest_holder().value(), shared_log::holder{});
  const epoch first = log->take_epoch_after(epoch{}).value();
  EXPECT_EQ(log->newest_holder().value(), (shared_log::holder{first, "node1"}));
  const auto other = open_at(server_);
  EXPECT_EQ(other->take_epoch_after(epoch{}).error().code, errc::epoch_lost);
  EXPECT_GT(other->take_epoch_after(first).value(), first);
  EXPECT_EQ(log->take_epoch_after(first).error().code, errc::epoch_lost);
}

/// What a feed delivered so far.
class collected {
public:
  entry_callback callback() {
    return [this](result<entry> e) {
      const std::lock_guard guard{guard_};
      if (e)
        payloads_.push_back(e->payload);
      else
        end_ = e.error();
      changed_.notify_all();
    };
  }

  /// Waits until there are `count`, or the feed has ended.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [&] { return payloads_.size() >= count || end_; });
    return payloads_;
  }

  error wait_for_end() {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [&] { return end_.has_value(); });
    return *end_;
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<std::string> payloads_;
  std::optional<error> end_;
};

std::vector<std::string> some_payloads(std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> made;
  for (std::uint64_t i = from; i <= to; ++i)
    made.push_back(payload(i));
  return made;
}

TEST_F(EtcdLog, IsFollowedFromItsBeginningAndAsItGrows) {
  const auto writer = open_at(server_);
  append_some(*writer, 30);
  const auto reader = open_at(server_);
  collected seen;
  const auto feed = reader->follow({}, seen.callback());
  EXPECT_EQ(seen.wait_for(30), some_payloads(1, 30));
  append_some(*writer, 30);
  EXPECT_EQ(seen.wait_for(60), some_payloads(1, 60));
}

TEST_F(EtcdLog, IsFollowedFromAnEntryOn) {
  const auto log = open_at(server_);
  append_some(*log, 2);
  const receipt second = log->last();
  collected seen;
  const auto feed = log->follow(second, seen.callback());
  append_some(*log, 2);
  EXPECT_EQ(seen.wait_for(2), some_payloads(3, 4));
}

TEST_F(EtcdLog, IsFollowedThroughARestartOfEtcd) {
  const auto log = open_at(server_);
  collected seen;
  const auto feed = log->follow({}, seen.callback());
  append_some(*log, 3);
  seen.wait_for(3);
  server_.kill();
  server_.start();
  append_some(*log, 3);
  EXPECT_EQ(seen.wait_for(6), some_payloads(1, 6));
}

// Entries may take effect in any order. One is delivered when all before it are there.
TEST_F(EtcdLog, IsFollowedInOrderWhateverTheOrderOfThePuts) {
  const etcd::keys keys{"ducat/"};
  const auto log = open_at(server_);
  append_some(*log, 3);
  const etcd::client raw{{.endpoints = {server_.endpoint()}}};
  etcd::pb::RangeRequest look;
  look.set_key(keys.entry(2));
  const std::string second = raw.range(look).value().kvs(0).value();
  change(server_, etcd::remove(keys.entry(2), keys.entry(3)));
  collected seen;
  const auto reader = open_at(server_);
  const auto feed = reader->follow({}, seen.callback());
  EXPECT_EQ(seen.wait_for(1), some_payloads(1, 1));
  change(server_, etcd::put(keys.entry(2), second));
  EXPECT_EQ(seen.wait_for(3), some_payloads(1, 3));
}

TEST_F(EtcdLog, SaysThatWhatIsToBeFollowedWasTrimmedAway) {
  const auto log = open_at(server_);
  append_some(*log, 5);
  const receipt fifth = log->last();
  append_some(*log, 15);
  ASSERT_TRUE(log->trim(5));
  collected from_the_first;
  const auto feed = log->follow({}, from_the_first.callback());
  EXPECT_EQ(from_the_first.wait_for_end().code, errc::not_found);
  collected from_the_fifth; // The last one that is gone: its hash is still known.
  const auto other = log->follow(fifth, from_the_fifth.callback());
  EXPECT_EQ(from_the_fifth.wait_for(15), some_payloads(6, 20));
}

TEST_F(EtcdLog, IsNotFollowedFromAnEntryOfAnotherLog) {
  const auto log = open_at(server_);
  append_some(*log, 3);
  collected seen;
  const auto feed = log->follow({.index = 2, .hash = digest{}}, seen.callback());
  EXPECT_EQ(seen.wait_for_end().code, errc::corrupt);
}

TEST_F(EtcdLog, KnowsItsNewestEntryWhenThatIsTheCheckpoint) {
  {
    const auto log = open_at(server_);
    append_some(*log, 3);
    ASSERT_TRUE(log->checkpoint(3));
  }
  const auto log = open_at(server_);
  EXPECT_EQ(log->last().index, 3u);
  append_some(*log, 1);
  EXPECT_EQ(payloads(*log, 4), std::vector<std::string>{"payload-4"});
}

// The anchor never moves back, whoever trims last.
TEST_F(EtcdLog, IsTrimmedByManyAtOnce) {
  const auto one = open_at(server_);
  append_some(*one, 40);
  const auto other = open_at(server_);
  const auto trim = [](log& of, std::uint64_t step) {
    for (std::uint64_t up_to = step; up_to < 40; up_to += step)
      if (const auto done = of.trim(up_to); !done)
        return to_string(done.error());
    return std::string{};
  };
  auto first = std::async(std::launch::async, [&] { return trim(*one, 3); });
  EXPECT_EQ(trim(*other, 5), "");
  EXPECT_EQ(first.get(), "");
  const auto log = open_at(server_);
  EXPECT_EQ(log->first(), 40u);
  EXPECT_EQ(log->last().index, 40u);
}

TEST_F(EtcdLog, NamesADamagedEntry) {
  append_some(*open_at(server_), 3);
  const etcd::client raw{{.endpoints = {server_.endpoint()}}};
  const std::string key = etcd::keys{"ducat/"}.entry(2);
  etcd::pb::RangeRequest look;
  look.set_key(key);
  std::string bytes = raw.range(look).value().kvs(0).value();
  bytes[70] = static_cast<char>(bytes[70] ^ 1);
  change(server_, etcd::put(key, bytes));
  const auto refused = open_etcd_log({{.endpoints = {server_.endpoint()}}});
  EXPECT_EQ(refused.error().code, errc::corrupt);
  EXPECT_NE(refused.error().message.find("log entry 2"), std::string::npos) << refused.error();
}

TEST_F(EtcdLog, CallsItUnknownWhenEtcdDoesNotAnswerAndWritesNoMore) {
  append_some(*open_at(server_), 1);
  const auto log =
      open_etcd_log({{.endpoints = {server_.endpoint()}, .attempt = 100ms, .give_up = 400ms}})
          .value();
  const epoch mine = log->take_epoch().value();
  server_.pause();
  EXPECT_EQ(log->append(mine, {}, "b").error().code, errc::io);
  server_.resume();
  EXPECT_EQ(log->append(mine, {}, "c").error().code, errc::io);
  const auto next = open_at(server_);
  const epoch newer = next->take_epoch().value();
  ASSERT_TRUE(next->append(newer, {}, "d"));
  const auto all = payloads(*next);
  EXPECT_EQ(all.front(), "payload-1");
  EXPECT_EQ(all.back(), "d");
  EXPECT_LE(all.size(), 3u); // "b" may have come through, "c" was never sent.
}

} // namespace

std::vector<log_kind> testing::log_kinds() {
  return {{"Etcd", [] { return std::make_unique<etcd_home>(); }}};
}

} // namespace ducat
