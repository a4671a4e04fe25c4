/// Whatever happens to a link in whatever order: each request has one outcome, and a true one.

#include "device/link_text.hpp"
#include "routing/seed.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace ducat::device::test {
namespace {

enum class fate : std::uint8_t { unanswered, answered, not_sent, unknown };

struct known_request {
  iso8583::message what;
  bool may_be_repeated;
  fate outcome = fate::unanswered;
  bool is_written = false;
};

/// Does at random what callers, hosts and networks do, and keeps book of it.
class random_world {
public:
  explicit random_world(std::uint64_t seed) : chance_{seed}, core_{options(), seed} {}

  void step() {
    switch (pick(16)) {
    case 0:
      core_.resume(now_);
      break;
    case 1:
      if (pick(4) == 0)
        core_.drain(now_);
      break;
    case 2:
      disconnect(any_connection());
      break;
    case 3:
      core_.garbled(any_connection(), "truncated", pick(4) == 0, now_);
      break;
    case 4:
    case 5:
    case 6:
      request();
      break;
    case 7:
    case 8:
    case 9:
      answer_some_request();
      break;
    case 10:
    case 11:
    case 12:
      core_.connected(any_connection(), now_);
      answer_own();
      break;
    default:
      now_ += std::chrono::milliseconds{pick(5'000)};
      core_.tick(now_);
      expect_no_busy_loop();
    }
    perform();
  }

  /// Nothing is asked for any more, and time passes.
  void end() {
    core_.drain(now_);
    perform();
    for (auto due = core_.wake_at(); due; due = core_.wake_at()) {
      now_ = std::max(now_, *due);
      core_.tick(now_);
      perform();
    }
    for (const auto& [id, each] : requests_)
      EXPECT_NE(each.outcome, fate::unanswered) << id;
    EXPECT_EQ(core_.figures().state, link_state::down);
    EXPECT_EQ(core_.figures().in_flight, 0U);
    EXPECT_EQ(matched_ + unmatched_, answers_given_);
  }

private:
  static link_options options() {
    link_options few;
    few.in_flight_max = 4;
    few.grey.sample = 6;
    few.grey.timeouts_max = 3;
    few.answer_timeout = 12s;
    return few;
  }

  unsigned pick(unsigned below) { return static_cast<unsigned>(chance_() % below); }

  connection_number any_connection() { return pick(8) == 0 ? pick(4) : connection_; }

  void disconnect(connection_number which) {
    if (which == connection_)
      is_open_ = false;
    core_.disconnected(which, "reset", now_);
  }

  void request() {
    const unsigned number = next_++;
    const bool may_be_repeated = pick(3) == 0;
    const auto what = request_message(number, may_be_repeated ? "0420" : "0200");
    requests_[{number}] = {.what = what, .may_be_repeated = may_be_repeated};
    const auto before = core_.figures().state;
    const auto refused = core_.request({.id = {number},
                                        .what = what,
                                        .deadline = now_ + std::chrono::seconds{pick(20)},
                                        .may_be_repeated = may_be_repeated},
                                       now_);
    if (refused)
      requests_[{number}].outcome = fate::not_sent;
    else
      EXPECT_TRUE(before == link_state::signed_on ||
                  (before == link_state::suspect && may_be_repeated));
  }

  void answer_some_request() {
    if (next_ == 1)
      return;
    const unsigned number = next_ - 1 - std::min(pick(8), next_ - 2);
    ++answers_given_;
    core_.received(any_connection(), answer_to(requests_.at({number}).what), now_);
  }

  void answer_own() {
    perform();
    if (!own_.mti().empty() && pick(4) != 0)
      core_.received(connection_, answer_to(own_, pick(8) == 0 ? "91" : "00"), now_);
    own_ = {};
  }

  void expect_no_busy_loop() {
    const auto due = core_.wake_at();
    EXPECT_TRUE(!due || *due > now_) << "it wants to be woken at once";
  }

  void perform() {
    for (const action& each : core_.take_actions())
      std::visit([this](const auto& what) { take(what); }, each);
  }

  void take(const connect& what) {
    EXPECT_FALSE(is_open_);
    is_open_ = true;
    EXPECT_EQ(what.connection, connection_ + 1);
    connection_ = what.connection;
  }

  void take(const close& what) {
    EXPECT_EQ(what.connection, connection_);
    is_open_ = false;
  }

  void take(const write& what) {
    EXPECT_EQ(what.connection, connection_);
    if (!what.request) {
      own_ = what.what.mti() == "0800" ? what.what : own_;
      return;
    }
    known_request& of = requests_.at(*what.request);
    EXPECT_EQ(of.outcome, fate::unanswered);
    EXPECT_EQ(of.what, what.what);
    if (pick(10) == 0)
      unwritable_.push_back(*what.request);
    else
      of.is_written = true;
    for (const request_id id : std::exchange(unwritable_, {})) {
      core_.unwritable(id, "field 2");
      perform();
    }
  }

  void take(const answer& what) {
    known_request& of = requests_.at(what.request);
    EXPECT_EQ(of.outcome, fate::unanswered) << "a second outcome";
    if (const auto* given = std::get_if<answered>(&what.outcome)) {
      of.outcome = fate::answered;
      EXPECT_EQ(given->answer, answer_to(of.what)) << "the answer of another";
      ++matched_;
    } else if (std::holds_alternative<not_sent>(what.outcome)) {
      of.outcome = fate::not_sent;
    } else {
      of.outcome = fate::unknown;
    }
    EXPECT_EQ(of.is_written, of.outcome != fate::not_sent) << what.outcome;
  }

  void take(const changed& what) {
    EXPECT_EQ(what.from, state_);
    state_ = what.to;
  }

  void take(const unmatched& what) {
    if (what.what.mti() == "0810")
      return; // Of an echo that is no longer waited for.
    ++unmatched_;
    if (!what.request)
      return;
    const fate of = requests_.at(*what.request).outcome;
    EXPECT_EQ(what.what, answer_to(requests_.at(*what.request).what));
    EXPECT_EQ(of, what.kind == unmatched_kind::late ? fate::unknown : fate::answered);
  }

  std::mt19937_64 chance_;
  link_core core_;
  time_point now_{1h};
  link_state state_ = link_state::down;
  connection_number connection_ = 0;
  bool is_open_ = false;
  iso8583::message own_;
  unsigned next_ = 1;
  std::map<request_id, known_request> requests_;
  std::vector<request_id> unwritable_;
  std::uint64_t answers_given_ = 0;
  std::uint64_t matched_ = 0;
  std::uint64_t unmatched_ = 0;
};

TEST(LinkProperty, EachRequestHasExactlyOneOutcomeAndATrueOne) {
  const std::uint64_t seed = ducat::test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  for (std::uint64_t run = 0; run < 300 && !::testing::Test::HasFailure(); ++run) {
    SCOPED_TRACE("run " + std::to_string(run));
    random_world world{seed + run};
    for (int i = 0; i < 400; ++i)
      world.step();
    world.end();
  }
}

} // namespace
} // namespace ducat::device::test
