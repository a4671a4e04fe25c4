/// The link against a real connection. What it decides is in link_core_test.cpp.

#include "device/link_tree.hpp"

#include <ducat/fault.hpp>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace ducat::device::test {
namespace {

TEST(LinkActor, SignsOnAndPays) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto paid = tree.pay(1);
  EXPECT_EQ(host.answer_next(), request_message(1)) << "the link changes no field";
  EXPECT_EQ(paid.get(), "answered 0210");
  const auto figures = tree.look(query_link{});
  EXPECT_EQ(figures.state, link_state::signed_on);
  EXPECT_EQ(figures.answered, 1U);
  EXPECT_TRUE(figures.answer_p99);
}

TEST(LinkActor, AnswersComeInWhateverOrder) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto one = tree.pay(1);
  const auto first = host.read().value();
  auto two = tree.reverse(2);
  const auto second = host.read().value();
  host.write(answer_to(second));
  EXPECT_EQ(two.get(), "answered 0430");
  host.write(answer_to(first));
  EXPECT_EQ(one.get(), "answered 0210");
}

TEST(LinkActor, ARefusedConnectionIsNotSent) {
  scripted_host host{scripted_host::mode::refuses};
  link_tree tree{plain_config(host.port())};
  tree.wait_for("failed");
  EXPECT_EQ(tree.pay(1).get().substr(0, 22), "not_sent not_signed_on");
  host.listen();
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkActor, ARefusedSignOnIsTriedAgain) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.accept();
  host.answer_next("91");
  EXPECT_EQ(tree.wait_for("failed"), "the sign-on was refused: 91");
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkActor, AConnectionThatEndsAfterTheWriteIsUnknown) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto paid = tree.pay(1);
  ASSERT_TRUE(host.read());
  host.drop();
  EXPECT_EQ(paid.get().substr(0, 20), "unknown disconnected");
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkActor, AGarbledAnswerIsUnknown) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto paid = tree.pay(1);
  ASSERT_TRUE(host.read());
  host.write_bytes(std::string{"\0\3abc", 5});
  EXPECT_EQ(paid.get().substr(0, 15), "unknown garbled");
  auto next = tree.pay(2);
  host.answer_next();
  EXPECT_EQ(next.get(), "answered 0210") << "the connection goes on";
}

TEST(LinkActor, AMessageThatIsCutOffIsUnknown) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto paid = tree.pay(1);
  ASSERT_TRUE(host.read());
  host.write_bytes(std::string{"\0\x40"
                               "0210",
                               6});
  host.drop();
  EXPECT_EQ(paid.get(), "unknown disconnected: ended within a message");
}

TEST(LinkActor, ALateAnswerIsToldWithItsRequest) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  // A busy machine may come to it when its time is over; then it was not sent.
  std::string outcome = "not_sent";
  for (duration within = 50ms; outcome.starts_with("not_sent"); within *= 2)
    outcome = tree.pay(7, within).get();
  EXPECT_EQ(outcome, "unknown timeout");
  host.write(answer_to(host.read().value()));
  EXPECT_EQ(tree.wait_for("unmatched late 7"), "0210");
}

TEST(LinkActor, WhatDoesNotFitTheDialectIsNotSent) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto what = request_message(1);
  what.set(4, "not an amount");
  EXPECT_EQ(tree.send(transmit{{1}, what, std::chrono::steady_clock::now() + patience})
                .get()
                .substr(0, 18),
            "not_sent malformed");
  auto paid = tree.pay(2);
  EXPECT_EQ(host.answer_next(), request_message(2)) << "no byte of the first";
  EXPECT_EQ(paid.get(), "answered 0210");
}

TEST(LinkActor, DrainingSignsOffAndResumingSignsOn) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto paid = tree.pay(1);
  const auto request = host.read().value();
  EXPECT_EQ(tree.look(drain_link{}).state, link_state::draining);
  EXPECT_EQ(tree.pay(2).get(), "not_sent draining");
  host.write(answer_to(request));
  EXPECT_EQ(paid.get(), "answered 0210");
  EXPECT_EQ(host.answer_next().find(70), "002");
  EXPECT_EQ(tree.wait_for("down"), "signed off");
  tree.look(resume_link{});
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkActor, EchoesGoBothWays) {
  scripted_host host;
  auto config = plain_config(host.port());
  config.options.echo_every = 20ms;
  link_tree tree{std::move(config)};
  host.let_sign_on();
  const auto echo = host.answer_next();
  EXPECT_EQ(echo.find(70), "301");
  EXPECT_EQ(echo.find(7)->size(), 10U);
  auto asked = network_request("301", 77, {});
  asked.set(7, "1128224011");
  host.write(asked);
  auto answer = host.read().value();
  while (answer.mti() == "0800") { // Its own echoes.
    host.write(answer_to(answer));
    answer = host.read().value();
  }
  EXPECT_EQ(answer, answer_to(asked));
}

TEST(LinkActor, AHostThatSaysNothingFails) {
  scripted_host host;
  auto config = plain_config(host.port());
  config.options.echo_every = 20ms;
  config.options.echo_timeout = 20ms;
  link_tree tree{std::move(config)};
  host.let_sign_on();
  EXPECT_EQ(tree.wait_for("suspect"), "2 echoes missed");
  EXPECT_EQ(tree.wait_for("failed"), "3 echoes missed");
  while (host.read()) {
  }
  host.let_sign_on();
}

TEST(LinkActor, AListenerThatUnderstandsNothingDoesTheLinkNoHarm) {
  scripted_host host;
  link_tree tree{plain_config(host.port()), link_tree::audience::deaf};
  host.let_sign_on();
  while (tree.look(query_link{}).state != link_state::signed_on) {
  }
  auto paid = tree.pay(1);
  host.answer_next();
  EXPECT_EQ(paid.get(), "answered 0210");
  EXPECT_EQ(tree.life(), 1U);
}

// ---- crashes ------------------------------------------------------------------------------------

/// Arms a point for one crash.
class armed {
public:
  explicit armed(const std::string& point) : point_{point} {
    if (const auto done = arm_fault(point, {}); !done)
      throw std::runtime_error(to_string(done.error()));
  }

  armed(const armed&) = delete;
  armed& operator=(const armed&) = delete;

  ~armed() { (void)disarm_fault(point_); }

private:
  std::string point_;
};

TEST(LinkActor, ACrashBeforeTheWriteIsUnknownAndWritesNothing) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  const armed point{"link.before_write"};
  EXPECT_EQ(tree.pay(1).get(), "unknown link_ended: the link went down");
  EXPECT_FALSE(host.read());
  host.let_sign_on();
  tree.wait_for("signed_on");
  EXPECT_EQ(tree.life(), 2U);
}

TEST(LinkActor, ACrashAfterTheWriteIsUnknown) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto other = tree.pay(1);
  ASSERT_TRUE(host.read());
  tree.look(query_link{}); // It is past its own point.
  const armed point{"link.after_write"};
  EXPECT_EQ(tree.pay(2).get(), "unknown link_ended: the link went down");
  EXPECT_EQ(other.get(), "unknown link_ended: the link went down") << "and all others";
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkActor, ACrashBeforeTheAnswerIsUnknown) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  const armed point{"link.before_answer"};
  auto paid = tree.pay(1);
  const auto request = host.answer_next();
  EXPECT_EQ(paid.get(), "unknown link_ended: the link went down");
  host.let_sign_on();
  tree.wait_for("signed_on");
  host.write(answer_to(request));
  EXPECT_EQ(tree.wait_for("unmatched unexpected"), "0210") << "the next life knows nothing of it";
}

TEST(LinkActor, AStoppedLinkAnswersItsCallers) {
  scripted_host host;
  link_tree tree{plain_config(host.port())};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto paid = tree.pay(1);
  ASSERT_TRUE(host.read());
  tree.stop();
  EXPECT_EQ(paid.get(), "unknown link_ended: the link went down");
  EXPECT_FALSE(host.read()) << "the connection has ended";
}

// ---- what is logged -----------------------------------------------------------------------------

TEST(LinkActor, LogsNoCardNumber) {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  {
    scripted_host host;
    link_tree tree{plain_config(host.port())};
    host.let_sign_on();
    tree.wait_for("signed_on");
    auto answer = answer_to(request_message(1));
    answer.set(2, "4111111111111111");
    host.write(answer);
    tree.wait_for("unmatched unexpected");
    auto paid = tree.pay(2);
    ASSERT_TRUE(host.read());
    host.write_bytes(std::string{"\0\x13"
                                 "0210411111111111111",
                                 21});
    EXPECT_EQ(paid.get().find("4111"), std::string::npos);
    host.drop();
    tree.wait_for("failed");
  }
  spdlog::set_default_logger(before);
  EXPECT_NE(log.str().find("link_unmatched link=acquirer kind=unexpected"), std::string::npos);
  EXPECT_NE(log.str().find("link_changed link=acquirer from=signed_on to=failed"),
            std::string::npos);
  EXPECT_EQ(log.str().find("4111"), std::string::npos);
}

} // namespace
} // namespace ducat::device::test
