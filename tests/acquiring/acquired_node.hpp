/// A node with one acquirer in a process of its own.
#pragma once

#include "acquiring/paying_node.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/acquiring/saf_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/payment/deadline_actor.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace ducat::acquiring::test {

/// A node with one acquirer, over a link of its own.
class acquired_node : public paying_node {
public:
  explicit acquired_node(std::uint16_t port, const std::string& mti = "0200")
      : paying_node{[=](node& n) { describe(n, port, mti); }} {
    wait_until_signed_on();
  }

  void wait_until_signed_on() {
    while (ask<device::link_figures>("link", device::query_link{}).value().state !=
           device::link_state::signed_on)
      std::this_thread::yield();
  }

  /// Compares totals, again if that was interrupted, and returns what came of it.
  v1::Acquirer reconcile() {
    commit(ducat::testing::reconcile(v1::ReconcileAcquirer::BEGUN));
    for (;;) {
      const v1::Acquirer now = acquirer();
      if (now.state() != v1::Acquirer::BEGUN && now.state() != v1::Acquirer::INTERRUPTED)
        return now;
      std::this_thread::yield();
    }
  }

  v1::Acquirer acquirer() {
    v1::Question question;
    question.mutable_acquirers();
    return ask_machine(question).acquirers().data(0);
  }

private:
  static void describe(node& n, std::uint16_t port, const std::string& mti) {
    device::link_config link{.name = "acme", .host = "127.0.0.1", .port = port, .plain = true};
    link.dialect = *iso8583::find_dialect("ascii87");
    link.options.answer_timeout = 300ms;
    link.options.backoff = {.initial = 10ms, .max = 50ms, .jitter_percent = 0};
    link.options.grey.timeouts_max = 1'000'000; // Its mistakes are on purpose.
    link.options.grey.sample = 1'000'000;
    link.options.grey.silence = 1h;
    const profile with{.mti = mti, .terminal = "TERM0001", .merchant = "MERCHANT0000001"};
    link.listener = n.find("saf");
    const handle ledger = n.replicate("ledger", payment::make_machine);
    const payment::card_routes routes{
        .links = {{.link = "acme",
                   .acquirer = n.find("acme"),
                   .asks = mti == "0100" ? payment::asked_for::authorization
                                         : payment::asked_for::financial}},
        .answer_timeout = 500ms,
        .by = n.id()};
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 10s},
                {{.id = "link", .start = device::acquirer_link(link)},
                 {.id = "acme", .start = ducat::start(acquirer_actor, n.find("link"), with)},
                 {.id = "payments",
                  .start = ducat::start(payment::card_payment_actor, ledger, routes),
                  .pool = pool_spec{.size = 2, .policy = route::round_robin}},
                 {.id = "deadlines",
                  .start = ducat::start(payment::deadline_actor, ledger,
                                        payment::deadline_options{.look_every = 20ms})},
                 {.id = "saf", .start = ducat::start(saf_actor, ledger, saf_options(n))}});
  }

  static saf_actor_options saf_options(node& n) {
    return {.lines = {{.link = "acme", .acquirer = n.find("acme")}},
            .by = n.id(),
            .look_every = 20ms,
            .answer_timeout = 500ms,
            .interrupted_again_after = 0ms,
            .saf = {.tries_max = 1'000,
                    .backoff = {.initial = 10ms, .max = 50ms, .jitter_percent = 0}}};
  }
};

} // namespace ducat::acquiring::test
