/// A node that serves terminals, with an acquirer in this process that keeps books of its own.
#pragma once

#include "gateway/messages.hpp"
#include "node/card_world.hpp"

#include <ducat/gateway/terminal.hpp>
#include <ducat/iso8583/mti.hpp>

#include <caf/response_promise.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace ducat::gateway::test {

using namespace std::chrono_literals;
using payment::test::acquirer_books;
using payment::test::habit;

/// A connection without a network.
class test_peer : public peer {
public:
  test_peer() { is_signed_on = true; }

  void send(const message& what) override {
    const std::lock_guard lock{guard_};
    answers_.push_back(what);
    came_.notify_all();
  }

  bool is_open() const noexcept override { return true; }

  /// Waits for the answer to `request`; nothing if none has come for `patience`.
  std::optional<message> wait_for_answer(const message& request, duration patience = 30s) {
    std::unique_lock lock{guard_};
    std::optional<message> found;
    came_.wait_for(lock, patience, [&] { return (found = take(request)).has_value(); });
    return found;
  }

private:
  std::optional<message> take(const message& request) {
    for (auto each = answers_.begin(); each != answers_.end(); ++each)
      if (each->find(11) == request.find(11)) {
        auto found = *each;
        answers_.erase(each);
        return found;
      }
    return std::nullopt;
  }

  std::mutex guard_;
  std::condition_variable came_;
  std::deque<message> answers_;
};

/// Hears of payments and never says anything; takes reversals.
inline caf::behavior mute_acquirer(caf::event_based_actor* self, const payment::test::books& of) {
  auto kept = std::make_shared<std::deque<caf::response_promise>>();
  self->attach_functor([kept] { kept->clear(); });
  return {
      [=](const payment::authorize_attempt& what) {
        (void)of->authorize(what.attempt);
        kept->push_back(self->make_response_promise());
        return kept->back();
      },
      [=](const payment::reverse_attempt& what) { return of->reverse(what.attempt); },
  };
}

struct gateway_options {
  bool is_mute = false;
  bool is_cut_off = false; ///< Nobody runs payments.
  bool partial = false;
  std::size_t strangers_max = 0; ///< Terminals without a profile that are served.
  duration answer_timeout = 30s; ///< Of a terminal.
  payment_door door{};
};

class gateway_node : public ducat::testing::local_node {
public:
  explicit gateway_node(gateway_options options = {})
      : gateway_node{std::make_shared<acquirer_books>(), options} {}

  acquirer_books& acme() const { return *acme_; }

  void send(const message& request) {
    for (;;)
      if (const caf::actor desk = get().find("iso8583/desk").current())
        return caf::anon_send(desk, heard{.from = line_, .what = request});
  }

  message ask(const message& request) {
    send(request);
    return line_->wait_for_answer(request).value();
  }

  std::string code(const message& request) { return text_of(ask(request), 39); }

  /// Returns whether its answer has come.
  bool is_answered(const message& request) {
    return line_->wait_for_answer(request, 0s).has_value();
  }

  /// Sends it again, as a terminal does, until it is answered.
  message ask_until_answered(message request) {
    for (;;) {
      send(request);
      if (auto answer = line_->wait_for_answer(request, 300ms))
        return *answer;
      request.set_mti(iso8583::repeat_of(request.mti()).value());
    }
  }

  v1::Payment show(const std::string& key) {
    v1::Question question;
    question.mutable_payment()->set_id(payment::payment_id_of(key));
    return ask_machine(question).payment();
  }

  std::int64_t balance(const std::string& account) {
    v1::Question question;
    question.mutable_account()->set_id(account);
    return ask_machine(question).account().balance();
  }

  /// Waits until no attempt is open.
  void wait_until_settled() {
    v1::Question question;
    question.mutable_open_attempts();
    while (ask_machine(question).open_attempts().data_size() != 0)
      std::this_thread::yield();
  }

  terminal_figures figures(const std::string& id = "TERM0001") {
    return ask<terminal_figures>("iso8583/terminals/" + id, query_terminal{}).value();
  }

  v1::Outcome commit(const v1::Command& command) {
    v1::Outcome outcome;
    const auto done =
        local_node::ask<committed>("ledger", ducat::commit{command.SerializeAsString()});
    EXPECT_TRUE(outcome.ParseFromString(done.value().reply));
    return outcome;
  }

  using local_node::ask;

private:
  gateway_node(const payment::test::books& acme, gateway_options options)
      : local_node{[=](node& n) { describe(n, acme, options); }}, acme_{acme} {
    for (const char* id : {"world", "shop"})
      commit(ducat::testing::open_account(id, true));
  }

  static void describe(node& n, const payment::test::books& acme, const gateway_options& options) {
    const handle ledger = n.replicate("ledger", payment::make_machine);
    const payment::card_routes routes{.links = {{"acme", n.find("acme")}}, .by = n.id()};
    auto known = profile_of();
    known.partial = options.partial;
    std::optional<terminal_profile> any;
    if (options.strangers_max != 0)
      any = known;
    const desk_options desk{
        .terminals = roster::make({known, profile_of("TERM0002")}, any).value(),
        .each = {.answer_timeout = options.answer_timeout, .pause = 1ms, .door = options.door},
        .unknown_max = options.strangers_max};
    const handle payments = n.find(options.is_cut_off ? "nobody" : "payments");
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 10s},
                {{.id = "acme",
                  .start = options.is_mute ? ducat::start(mute_acquirer, acme)
                                           : ducat::start(payment::test::test_acquirer, acme)},
                 {.id = "payments",
                  .start = ducat::start(payment::card_payment_actor, ledger, routes),
                  .pool = pool_spec{.size = 2, .policy = route::round_robin}},
                 {.id = "saf",
                  .start = ducat::start(
                      acquiring::saf_actor, ledger,
                      acquiring::saf_actor_options{
                          .lines = {{.link = "acme", .acquirer = n.find("acme")}},
                          .look_every = 5ms,
                          .saf = {.backoff = {.initial = 5ms, .max = 50ms, .jitter_percent = 0}}})},
                 {.id = "deadlines",
                  .start = ducat::start(payment::deadline_actor, ledger,
                                        payment::deadline_options{.look_every = 5ms})},
                 gateway_child("iso8583", payments, desk,
                               [&n](const std::string& path) { return n.find(path); })});
  }

  v1::Outcome ask_machine(const v1::Question& question) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        local_node::ask<answer>("ledger", query{question.SerializeAsString()}).value().text));
    return outcome;
  }

  payment::test::books acme_;
  std::shared_ptr<test_peer> line_ = std::make_shared<test_peer>();
};

} // namespace ducat::gateway::test
