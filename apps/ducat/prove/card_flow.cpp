#include "prove/flow_parts.hpp"
#include "prove/proven_flows.hpp"
#include "prove/recorded_acquirer.hpp"

#include <ducat/acquiring/saf_actor.hpp>
#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/deadline_actor.hpp>
#include <ducat/payment/machine.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <memory>
#include <set>

namespace ducat::cli {

using namespace std::chrono_literals;
using payment::asked_for;
using testing::sim_cluster;

namespace {

constexpr duration link_timeout = 1s;
constexpr duration look_time = 100ms;
constexpr duration known_limit = 1min; ///< Until nobody owes anybody an answer.

constexpr const char* acquirer_name = "acme";

using journal_ptr = std::shared_ptr<acquirer_journal>;

std::function<log_time()> log_clock_of(const node& n) {
  return [&system = n.system()] { return testing::simulated_log_time(system.clock().now()); };
}

child_spec pool_of(child_start start) {
  return {.id = "payments",
          .start = std::move(start),
          .pool = pool_spec{.size = 2, .policy = route::least_requests}};
}

/// As `ducat node` has it, but that the link and the acquirer's actor are one.
void describe_card_node(node& n, const journal_ptr& journal, asked_for asks) {
  const handle ledger = n.replicate("ledger", payment::make_machine);
  const handle acquirer = n.find(acquirer_name);
  const payment::card_routes routes{
      .links = {{.link = acquirer_name, .acquirer = acquirer, .asks = asks}},
      .answer_timeout = link_timeout,
      .by = n.id(),
      .node = n.id()};
  const acquiring::saf_actor_options saf{
      .lines = {{.link = acquirer_name, .acquirer = acquirer}},
      .by = n.id(),
      .look_every = look_time,
      .answer_timeout = link_timeout,
      .saf = {.backoff = {.initial = 100ms, .max = 1s, .jitter_percent = 0}},
      .seed = 1,
      .now = log_clock_of(n)};
  const payment::deadline_options deadlines{.look_every = look_time, .now = log_clock_of(n)};
  n.supervise({.strategy = one_for_one, .restarts_max = 20, .window = 10s},
              {{.id = acquirer_name, .start = start(recorded_acquirer, journal)},
               {.id = "deadlines", .start = start(payment::deadline_actor, ledger, deadlines)},
               {.id = "saf", .start = start(acquiring::saf_actor, ledger, saf)},
               pool_of(start(payment::card_payment_actor, ledger, routes))});
}

// What must hold ---------------------------------------------------------------------------------

bool is_all_known(sim_cluster& on) {
  v1::Question open;
  open.mutable_open_attempts();
  v1::Question owed;
  owed.mutable_owed()->set_link(acquirer_name);
  const v1::Outcome attempts = ask_ledger(on, on.nodes().front(), open);
  const v1::Outcome told = ask_ledger(on, on.nodes().front(), owed);
  return !attempts.has_error() && !told.has_error() && attempts.open_attempts().data_size() == 0 &&
         told.owed().advices_size() == 0;
}

bool wait_until_known(sim_cluster& on) {
  const time_point end = on.now() + known_limit;
  while (!is_all_known(on)) {
    if (on.now() >= end)
      return false;
    on.run_for(look_time);
  }
  return true;
}

std::vector<v1::Payment> payments_of(sim_cluster& on) {
  v1::Question question;
  question.mutable_payments()->set_limit(100);
  const v1::Outcome told = ask_ledger(on, on.nodes().front(), question);
  return {told.payments().data().begin(), told.payments().data().end()};
}

std::string text_of(const std::set<std::string>& all) {
  std::string text;
  for (const std::string& each : all)
    text += (text.empty() ? "" : ", ") + each;
  return "{" + text + "}";
}

/// What is approved here and not to be taken back stands there, and nothing else.
testing::flow_claim both_sides_agree(const journal_ptr& journal) {
  return {"what is approved stands at the acquirer, and nothing else",
          [journal](sim_cluster& on) -> std::string {
            if (!wait_until_known(on))
              return "somebody owes an answer still";
            std::set<std::string> here;
            for (const v1::Payment& payment : payments_of(on))
              for (const v1::Attempt& each : payment.attempts())
                if (each.state() == v1::Attempt::APPROVED)
                  here.insert(each.id());
            const auto& there = journal->standing();
            return here == there ? "" : "here " + text_of(here) + ", there " + text_of(there);
          }};
}

testing::flow_claim acquirer_was_told(const journal_ptr& journal) {
  return {"the acquirer was told of each capture and refund",
          [journal](sim_cluster& on) -> std::string {
            std::set<std::string> owed;
            for (const v1::Payment& payment : payments_of(on))
              for (const v1::Advice& each : payment.advices())
                owed.insert(each.id());
            const auto& told = journal->advices();
            return owed == told ? "" : "owed " + text_of(owed) + ", told " + text_of(told);
          }};
}

testing::flow card_flow(const journal_ptr& journal, asked_for asks) {
  return {.name = "",
          .maker = "",
          .describe = [=](node& n) { describe_card_node(n, journal, asks); },
          .prepare = open_accounts,
          .requests = {},
          .effects = [journal](sim_cluster&) { return journal->requests(); },
          .view = books_at,
          .claims = {both_sides_agree(journal), money_is_conserved(), checker_finds_nothing()}};
}

} // namespace

testing::flow card_sale_flow() {
  auto made = card_flow(std::make_shared<acquirer_journal>(), asked_for::financial);
  made.name = "CardSale";
  made.maker = "ducat::cli::card_sale_flow";
  made.requests = {pay_for("sale", create_for("sale", false), true)};
  return made;
}

testing::flow card_hold_flow() {
  const auto journal = std::make_shared<acquirer_journal>();
  auto made = card_flow(journal, asked_for::authorization);
  made.name = "CardHold";
  made.maker = "ducat::cli::card_hold_flow";
  made.requests = {pay_for("hold", create_for("hold", true), true),
                   pay_for("capture", capture_for("hold", "capture", 60)),
                   pay_for("refund", refund_for("hold", "refund", 10))};
  made.aftermath = 150ms; // What is owed is told by then.
  made.claims.push_back(acquirer_was_told(journal));
  return made;
}

// And how not to do it ---------------------------------------------------------------------------

namespace {

/// Wrong: what it asks the acquirer is in no log before it leaves.
class rash_payment : public std::enable_shared_from_this<rash_payment> {
public:
  rash_payment(caf::event_based_actor* self, handle ledger, handle acquirer, payment::pay what)
      : self_{self}, ledger_{std::move(ledger)}, acquirer_{std::move(acquirer)},
        what_{std::move(what)}, promise_{self->make_response_promise()} {}

  caf::response_promise begin() {
    v1::Question question;
    question.mutable_payment()->set_id(payment::payment_id_of(key()));
    self_->request(ledger_.current(), link_timeout, query{question.SerializeAsString()})
        .then([me = shared_from_this()](const answer& told) { me->look_at(told); },
              [me = shared_from_this()](const caf::error& why) { me->promise_.deliver(why); });
    return promise_;
  }

private:
  const std::string& key() const { return what_.first.create_payment().idempotency_key(); }

  void look_at(const answer& told) {
    v1::Outcome outcome;
    outcome.ParseFromString(told.text);
    outcome.has_payment() ? write_down() : ask_acquirer();
  }

  void ask_acquirer() {
    payment::authorize_attempt ask;
    ask.attempt.id = key();
    ask.attempt.amount = what_.first.create_payment().amount();
    ask.currency = what_.first.create_payment().currency();
    ask.deadline = what_.deadline;
    self_->request(acquirer_.current(), link_timeout, ask)
        .then([me = shared_from_this()](const payment::acquirer_answer&) { me->write_down(); },
              [me = shared_from_this()](const caf::error& why) { me->promise_.deliver(why); });
  }

  void write_down() {
    payment::run_steps(
        self_, ledger_, what_, [](const v1::Command&) {},
        [me = shared_from_this()](result<payment::paid> done) {
          done ? me->promise_.deliver(*done) : me->promise_.deliver(to_caf(done.error()));
        });
  }

  caf::event_based_actor* self_;
  handle ledger_;
  handle acquirer_;
  payment::pay what_;
  caf::response_promise promise_;
};

caf::behavior rash_payment_actor(caf::event_based_actor* self, const handle& ledger,
                                 const handle& acquirer) {
  return {[=](const payment::pay& what) {
    return std::make_shared<rash_payment>(self, ledger, acquirer, what)->begin();
  }};
}

} // namespace

testing::flow card_rash_flow() {
  const auto journal = std::make_shared<acquirer_journal>();
  auto made = card_flow(journal, asked_for::financial);
  made.name = "CardRash";
  made.maker = "ducat::cli::card_rash_flow";
  made.describe = [=](node& n) {
    const handle ledger = n.replicate("ledger", payment::make_machine);
    n.supervise({.strategy = one_for_one, .restarts_max = 20, .window = 10s},
                {{.id = acquirer_name, .start = start(recorded_acquirer, journal)},
                 pool_of(start(rash_payment_actor, ledger, n.find(acquirer_name)))});
  };
  made.requests = {pay_for("sale", create_for("sale", false))};
  made.claims = {money_is_conserved(), checker_finds_nothing()};
  return made;
}

} // namespace ducat::cli
