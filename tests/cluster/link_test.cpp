/// Asks over a link: their answers, and what is said when there is none.

#include "api/raw_connection.hpp"
#include "link_world.hpp"
#include "odd_node.hpp"
#include "routing/seed.hpp"

#include <algorithm>
#include <random>
#include <thread>

namespace ducat::cluster {
namespace {

using namespace ducat::testing;

class Link : public ::testing::Test {
protected:
  Link() { EXPECT_TRUE(link_.becomes(link_state::up)); }

  /// Another server at the same port, which is free.
  void restart_server() {
    const int port = server_->port();
    server_.reset();
    EXPECT_TRUE(link_.becomes(link_state::refused));
    server_.emplace(n2_, port);
  }

  link_authority ca_;
  security::credentials n1_ = ca_.node("n1");
  security::credentials n2_ = ca_.node("n2");
  std::optional<test_server> server_{std::in_place, n2_};
  test_link link_{n1_, server_->port()};
};

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  return bytes;
}

TEST_F(Link, CarriesAnAskAndItsAnswer) {
  auto coming = link_.ask(all_bytes(), 20s);
  const auto taken = server_->next();
  EXPECT_EQ(taken.ask.from, "n1");
  EXPECT_EQ(taken.ask.to, "ledger");
  EXPECT_EQ(taken.ask.type, "echo");
  EXPECT_EQ(taken.ask.body, all_bytes());
  EXPECT_GT(taken.ask.deadline, std::chrono::steady_clock::now());
  EXPECT_LE(taken.ask.deadline, std::chrono::steady_clock::now() + 20s);
  taken.respond(all_bytes() + "!");
  EXPECT_EQ(link_.wait_for(coming).value(), all_bytes() + "!");
}

TEST_F(Link, CarriesAnEmptyAnswer) {
  server_->answer_with_body();
  EXPECT_EQ(link_.ask_and_wait("").value(), "");
}

TEST_F(Link, CarriesErrorsWithTheirCodes) {
  for (std::uint8_t code = 1; code <= static_cast<std::uint8_t>(errc::other_cluster); ++code) {
    auto coming = link_.ask("");
    server_->next().respond(fail(errc{code}, "because " + std::to_string(code)));
    const auto refused = link_.wait_for(coming);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc{code});
    EXPECT_EQ(refused.error().message, "because " + std::to_string(code));
  }
}

// A message may quote what a customer sent.
TEST_F(Link, CarriesAnErrorWhoseMessageIsNoText) {
  auto coming = link_.ask("");
  server_->next().respond(fail(errc::not_found, all_bytes()));
  const auto refused = link_.wait_for(coming);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::not_found);
  EXPECT_EQ(refused.error().message, all_bytes());
}

TEST_F(Link, CarriesManyAsksWhoseAnswersComeInAnyOrder) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  constexpr int askers = 4;
  constexpr int asks_each = 50;
  std::vector<std::vector<test_link::answer>> coming(askers);
  std::vector<std::thread> threads;
  for (int asker = 0; asker < askers; ++asker)
    threads.emplace_back([&, asker] {
      for (int i = 0; i < asks_each; ++i)
        coming[static_cast<std::size_t>(asker)].push_back(
            link_.ask(std::to_string(asker) + "/" + std::to_string(i)));
    });
  for (std::thread& each : threads)
    each.join();
  std::vector<test_server::taken_ask> taken;
  while (taken.size() < askers * asks_each)
    taken.push_back(server_->next());
  std::mt19937_64 random{seed};
  std::ranges::shuffle(taken, random);
  for (const auto& each : taken)
    each.respond(each.ask.body);
  for (int asker = 0; asker < askers; ++asker)
    for (int i = 0; i < asks_each; ++i)
      EXPECT_EQ(link_.wait_for(coming[static_cast<std::size_t>(asker)][static_cast<std::size_t>(i)])
                    .value(),
                std::to_string(asker) + "/" + std::to_string(i));
}

TEST_F(Link, KeepsTheOrderOfOnesAsks) {
  for (int i = 0; i < 100; ++i)
    link_.ask(std::to_string(i));
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(server_->next().ask.body, std::to_string(i));
}

TEST_F(Link, DoesNotKnowWhatBecameOfAnAskWhoseDeadlineHasPassed) {
  auto coming = link_.ask("late", 1ms);
  const auto taken = server_->next();
  EXPECT_EQ(code_of(link_.wait_for(coming)), errc::outcome_unknown);
  taken.respond("too late"); // Nobody waits for it any more.
  server_->answer_with_body();
  EXPECT_EQ(link_.ask_and_wait("next").value(), "next");
}

TEST_F(Link, GivesUpOnlyWhatIsLate) {
  auto late = link_.ask("late", 1ms);
  auto other = link_.ask("other");
  EXPECT_EQ(code_of(link_.wait_for(late)), errc::outcome_unknown);
  EXPECT_NE(other.wait_for(0ms), std::future_status::ready);
  server_->next().respond("");
  server_->next().respond("answer");
  EXPECT_EQ(link_.wait_for(other).value(), "answer");
}

TEST_F(Link, DoesNotKnowWhatBecameOfAsksWhenTheNodeIsGone) {
  auto one = link_.ask("one");
  auto other = link_.ask("other");
  const auto taken = server_->next();
  server_.reset();
  EXPECT_EQ(code_of(link_.wait_for(one)), errc::outcome_unknown);
  EXPECT_EQ(code_of(link_.wait_for(other)), errc::outcome_unknown);
  taken.respond("to nobody");
}

TEST_F(Link, SendsNothingWhileItIsNotConnected) {
  server_.reset();
  EXPECT_TRUE(link_.becomes(link_state::refused));
  EXPECT_EQ(code_of(link_.ask_and_wait("x")), errc::unavailable);
}

TEST_F(Link, ThatIsCutIsMadeAgainAtOnce) {
  auto coming = link_.ask("x");
  const auto taken = server_->next();
  EXPECT_TRUE(link_.get().cut(std::chrono::steady_clock::now()));
  EXPECT_EQ(code_of(link_.wait_for(coming)), errc::outcome_unknown);
  taken.respond("to nobody");
  EXPECT_TRUE(link_.becomes(link_state::up));
}

TEST_F(Link, ThatIsCutForAWhileIsMadeAgainAfterIt) {
  const auto until = std::chrono::steady_clock::now() + 1h;
  EXPECT_TRUE(link_.get().cut(until));
  EXPECT_TRUE(link_.becomes(link_state::broken));
  EXPECT_EQ(code_of(link_.ask_and_wait("x")), errc::unavailable);
  EXPECT_FALSE(link_.get().cut(until)) << "there is none";
  for (int i = 0; i < 3; ++i) {
    link_.get().tick(until - 1s);
    test_link other{n1_, server_->port()};
    ASSERT_TRUE(other.becomes(link_state::up)) << "there is time enough to connect";
    ASSERT_EQ(link_.get().state(), link_state::broken);
  }
  link_.get().tick(until);
  EXPECT_TRUE(link_.becomes(link_state::up));
}

TEST_F(Link, SendsNothingBeforeItIsLetIn) {
  const closed_port silent;
  silent.take_connections();
  test_link other{n1_, silent.number()};
  auto refused = other.ask("x");
  ASSERT_EQ(refused.wait_for(0ms), std::future_status::ready);
  EXPECT_EQ(code_of(refused.get()), errc::unavailable);
}

TEST_F(Link, ConnectsAgainToAnotherLifeOfTheNode) {
  for (int life = 0; life < 3; ++life) {
    restart_server();
    server_->answer_with_body();
    ASSERT_TRUE(link_.becomes(link_state::up));
    EXPECT_EQ(link_.ask_and_wait("again").value(), "again");
  }
}

TEST_F(Link, AnswersEveryAskAtItsEnd) {
  std::optional<test_link> other{std::in_place, n1_, server_->port()};
  ASSERT_TRUE(other->becomes(link_state::up));
  auto coming = other->ask("x");
  const auto taken = server_->next();
  other.reset();
  ASSERT_EQ(coming.wait_for(0ms), std::future_status::ready);
  EXPECT_EQ(code_of(coming.get()), errc::outcome_unknown);
  taken.respond("to nobody");
}

TEST_F(Link, EndsWhileItConnects) {
  const test_link one{n1_, server_->port()};
  const closed_port nobody;
  const test_link other{n1_, nobody.number()};
}

TEST_F(Link, EndsWhileTheOtherEndGoes) {
  for (int round = 0; round < 30; ++round) {
    test_server other{n2_};
    std::vector<std::unique_ptr<test_link>> links;
    for (int i = 0; i < 4; ++i)
      links.push_back(std::make_unique<test_link>(n1_, other.port()));
    for (const auto& each : links)
      ASSERT_TRUE(each->becomes(link_state::up));
    std::thread stopping{[&] { other.stop(); }};
    links.clear();
    stopping.join();
  }
}

// One too large would end the stream, and with it the asks of everybody else.
TEST_F(Link, RefusesAnAskThatIsTooLargeAndHarmsNoOther) {
  auto other = link_.ask("other");
  const auto taken = server_->next();
  EXPECT_EQ(code_of(link_.ask_and_wait(std::string(message_bytes_max + 1, 'x'))),
            errc::invalid_argument);
  taken.respond("answer");
  EXPECT_EQ(link_.wait_for(other).value(), "answer");
}

TEST_F(Link, RefusesAnAnswerThatIsTooLargeAndHarmsNoOther) {
  auto one = link_.ask("one");
  auto other = link_.ask("other");
  server_->next().respond(std::string(message_bytes_max + 1, 'x'));
  EXPECT_EQ(code_of(link_.wait_for(one)), errc::outcome_unknown);
  server_->next().respond("answer");
  EXPECT_EQ(link_.wait_for(other).value(), "answer");
}

TEST_F(Link, CarriesTheLargestMessage) {
  server_->answer_with_body();
  const std::string largest(message_bytes_max - 100, 'x');
  EXPECT_EQ(link_.ask_and_wait(largest).value(), largest);
}

// Otherwise all asks would wait for their deadlines.
TEST_F(Link, GivesUpAConnectionOnWhichAnAnswerCannotBeRead) {
  const odd_node odd{n2_, "\xff"};
  test_link other{n1_, odd.port()};
  ASSERT_TRUE(other.becomes(link_state::up));
  const auto unknown = other.ask_and_wait("x", 10min);
  EXPECT_EQ(code_of(unknown), errc::outcome_unknown);
  EXPECT_TRUE(other.was(link_state::broken));
  EXPECT_TRUE(other.becomes(link_state::up));
}

TEST_F(Link, TakesAnErrorWithoutACodeForAnUnknownOutcome) {
  ducat::link::v1::Answer answer;
  answer.set_id(1);
  answer.set_error(256 + static_cast<std::uint32_t>(errc::unavailable));
  const odd_node odd{n2_, answer.SerializeAsString()};
  test_link other{n1_, odd.port()};
  ASSERT_TRUE(other.becomes(link_state::up));
  EXPECT_EQ(code_of(other.ask_and_wait("x")), errc::outcome_unknown);
}

TEST_F(Link, IgnoresAnAnswerToNoAskOfIts) {
  ducat::link::v1::Answer answer;
  answer.set_id(7);
  const odd_node odd{n2_, answer.SerializeAsString()};
  test_link other{n1_, odd.port()};
  ASSERT_TRUE(other.becomes(link_state::up));
  EXPECT_EQ(code_of(other.ask_and_wait("x", 1ms)), errc::outcome_unknown);
  EXPECT_FALSE(other.was(link_state::broken));
}

// The state of the way ----------------------------------------------------------------------------

TEST_F(Link, IsRefusedIfNobodyListensThere) {
  const closed_port nobody;
  test_link other{n1_, nobody.number()};
  EXPECT_TRUE(other.becomes(link_state::refused));
  EXPECT_FALSE(other.was(link_state::up));
  EXPECT_EQ(other.get().state(), link_state::refused);
  EXPECT_EQ(code_of(other.ask_and_wait("x")), errc::unavailable);
}

TEST_F(Link, IsBrokenAndNotRefusedIfSomebodyElseListensThere) {
  const test_server stranger{ca_.node("n3")};
  test_link other{n1_, stranger.port()};
  EXPECT_TRUE(other.becomes(link_state::broken));
  EXPECT_FALSE(other.was(link_state::refused));
}

// The server
// ---------------------------------------------------------------------------------------

TEST_F(Link, ServerIsRefusedAPortWhereSomebodyListens) {
  const auto refused = link_server::start(
      {.address = "127.0.0.1:" + std::to_string(server_->port()), .cluster = "shop", .tls = n2_},
      [](incoming_ask, const link_respond&) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::in_use);
}

TEST_F(Link, ServerIsRefusedAnAddressThatIsNone) {
  for (const char* address : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                              "127.0.0.1:-1", "nowhere.example:0", "::1:0", ":0"}) {
    const auto refused = link_server::start({.address = address, .cluster = "shop", .tls = n2_},
                                            [](incoming_ask, const link_respond&) {});
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().code, errc::invalid_argument) << address;
  }
}

TEST_F(Link, ServerHandlesNoAskAfterItHasStopped) {
  server_->answer_with_body();
  EXPECT_EQ(link_.ask_and_wait("x").value(), "x");
  std::vector<test_link::answer> coming;
  for (int i = 0; i < 100; ++i)
    coming.push_back(link_.ask("y"));
  server_->stop();
  const std::size_t count = server_->count();
  for (test_link::answer& each : coming)
    (void)link_.wait_for(each);
  server_->stop();
  EXPECT_EQ(server_->count(), count);
}

TEST_F(Link, ServesManyNodes) {
  server_->answer_with_body();
  std::vector<std::unique_ptr<test_link>> others;
  for (const char* id : {"n3", "n4", "n5"})
    others.push_back(std::make_unique<test_link>(ca_.node(id), server_->port()));
  for (const auto& each : others)
    EXPECT_TRUE(each->becomes(link_state::up));
  for (const auto& each : others)
    EXPECT_EQ(each->ask_and_wait("x").value(), "x");
}

// Whoever can reach the port can send anything.
TEST_F(Link, IsNotHarmedByGarbageThatOthersSendToThePort) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  server_->answer_with_body();
  std::mt19937_64 random{seed};
  for (int i = 0; i < 50; ++i) {
    std::string garbage(std::uniform_int_distribution<std::size_t>{0, 2'000}(random), '\0');
    for (char& each : garbage)
      each = static_cast<char>(random());
    if (i % 2 == 0) // As the beginning of a TLS handshake.
      garbage.insert(0, std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11});
    raw_connection other{server_->port()};
    other.send(garbage);
    EXPECT_EQ(link_.ask_and_wait(std::to_string(i)).value(), std::to_string(i));
  }
  EXPECT_FALSE(link_.was(link_state::broken));
}

} // namespace
} // namespace ducat::cluster
