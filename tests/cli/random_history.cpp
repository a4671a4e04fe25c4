#include "cli/random_history.hpp"

#include "support/payment_commands.hpp"

#include <ducat/payment/records.hpp>

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ducat::testing {

namespace {

const std::vector<std::string> payees{"books", "kiosk", "shop"};
const std::vector<std::string> payers_of_all{"world", "alice", "p0", "p1"};
constexpr std::uint64_t hour_ns = std::uint64_t{3'600} * 1'000'000'000;

v1::Command of(const v1::SettlementCommand& command) {
  v1::Command all;
  *all.mutable_settlement() = command;
  return all;
}

/// Returns the entry with one command that follows `chain`.
entry entry_after(const std::vector<entry>& chain, const v1::Command& command, std::uint64_t at) {
  const std::string bytes = command.SerializeAsString();
  std::string payload{'\1'};
  for (unsigned shift = 0; shift < 32; shift += 8)
    payload += static_cast<char>(bytes.size() >> shift);
  entry next{
      .index = chain.size() + 1, .writer = {1}, .at = {at}, .payload = std::move(payload) + bytes};
  next.previous = chain.empty() ? digest{} : chain.back().hash;
  next.hash = hash_of(next);
  return next;
}

void set_fee(v1::FeeRule& rule, settlement::test::draw& random) {
  std::int64_t from = 0;
  for (std::int64_t left = random.whole(0, 2); left > 0; --left) {
    v1::FeeTier& tier = *rule.add_tiers();
    tier.set_from(from);
    tier.set_basis_points(50 * random.small(0, 10)); // Halves are to come.
    tier.set_fixed(random.whole(0, 20));
    from += random.whole(1, 1'500);
  }
  rule.set_by(random.small(0, 1) == 0 ? v1::FeeRule::AMOUNT : v1::FeeRule::VOLUME);
  rule.set_refunds_give_back(random.small(0, 1) == 0);
}

} // namespace

random_history::random_history(std::uint64_t seed, v1::SettlementModel model)
    : random_{seed}, world_{model} {
  for (const char* id : {"p0", "p1"})
    world_.open(id, "EUR", true);
  (void)world_.participant("north", {"p0", "world"}, 20'000, 50'000);
  (void)world_.participant("south", {"books", "kiosk"}, 20'000, 30'000);
  for (std::size_t i = 1; i <= world_.log().size(); ++i)
    at_.push_back(1'000 * i);
}

void random_history::run(const v1::Command& command) {
  const std::size_t before = world_.log().size();
  (void)world_.run(command);
  if (world_.log().size() == before)
    refused_.push_back(command);
  else
    at_.push_back(1'000 * world_.log().size() + passed_);
  if (refused_.size() > 40)
    refused_.erase(refused_.begin());
}

void random_history::let_pass() {
  const std::uint64_t hours = static_cast<std::uint64_t>(random_.whole(0, 40)) * hour_ns;
  const std::uint64_t time = one_in(6) ? hours : hours / 10'000;
  passed_ += time;
  const std::size_t before = world_.log().size();
  (void)world_.let_pass(std::chrono::nanoseconds{time});
  if (world_.log().size() != before)
    at_.push_back(1'000 * world_.log().size() + passed_);
}

std::string random_history::some_key() {
  if (payment_keys_.empty())
    return "none";
  const auto count = static_cast<std::int64_t>(payment_keys_.size());
  const std::int64_t back = one_in(3) ? pick(count) : pick(std::min<std::int64_t>(count, 5));
  return payment_keys_[static_cast<std::size_t>(count - 1 - back)];
}

std::string random_history::some_payment(const std::set<v1::Payment::State>& in) {
  std::string id = payment::payment_id_of(some_key());
  for (int tries = 0; tries < 8 && !in.contains(world_.payment(id).state()); ++tries)
    id = payment::payment_id_of(some_key());
  return id;
}

v1::Command random_history::payment() {
  const std::string& from = payers_of_all[static_cast<std::size_t>(pick(4))];
  const std::string& to = payees[static_cast<std::size_t>(pick(3))];
  v1::Command made =
      create_payment(one_in(10) ? some_key() : key("k"), from, to, some_amount(), one_in(2));
  if (!one_in(3))
    made.mutable_create_payment()->set_card("411111******1111");
  if (one_in(2))
    made.mutable_create_payment()->set_terminal("TERM0001");
  payment_keys_.push_back(made.create_payment().idempotency_key());
  if (!one_in(6))
    return made;
  v1::Command advice;
  *advice.mutable_record_advice()->mutable_payment() = made.create_payment();
  return advice;
}

v1::Command random_history::attempt() {
  const std::string id = some_payment({v1::Payment::CREATED, v1::Payment::AUTHORIZING,
                                       v1::Payment::IN_DOUBT, v1::Payment::EXCEPTION});
  const v1::Payment known = world_.payment(id);
  if (known.state() == v1::Payment::CREATED || one_in(8))
    return send_attempt(id, "acme", 30'000, static_cast<v1::SendAttempt::Asked>(pick(3)));
  const auto event = static_cast<v1::ResolveAttempt::Event>(one_in(2) ? 1 : 1 + pick(10));
  const std::int64_t amount = one_in(3) ? random_.whole(0, known.amount() + 1) : known.amount();
  const auto attempts = static_cast<std::uint32_t>(known.attempts_size());
  v1::Command told = resolve_attempt(id, event, amount, one_in(3) ? random_.small(1, 3) : attempts);
  told.mutable_resolve_attempt()->set_may_reroute(one_in(2));
  told.mutable_resolve_attempt()->set_then_capture(one_in(2));
  if (one_in(4) && known.attempts_size() != 0) {
    const v1::Attempt& one = known.attempts(0);
    told.mutable_resolve_attempt()->set_number(std::stoull(one.rrn()));
    told.mutable_resolve_attempt()->set_stan(one.stan());
    told.mutable_resolve_attempt()->set_link("acme");
  }
  return told;
}

v1::Command random_history::change() {
  const std::string id = some_payment(
      {v1::Payment::AUTHORIZED, v1::Payment::PARTIALLY_AUTHORIZED, v1::Payment::CAPTURED});
  const std::int64_t amount = one_in(2) ? 0 : random_.whole(1, 400);
  switch (pick(12)) {
  case 0:
    return void_payment(id, key("v"));
  case 1:
  case 8:
    return refund_payment(id, key("r"), amount);
  case 2:
  case 9:
  case 10:
    return capture_payment(id, one_in(4) ? "" : key("c"), amount);
  case 3:
  case 11:
    return authorize_payment(some_payment({v1::Payment::CREATED}));
  case 4:
    return give_up_payment(some_payment({v1::Payment::CREATED}), "no link");
  case 5:
    return decide_payment(some_payment({v1::Payment::EXCEPTION}), key("d"),
                          static_cast<v1::DecidePayment::Decision>(1 + pick(2)));
  case 6:
    return resolve_advice(id, 1 + random_.small(0, 1),
                          static_cast<v1::ResolveAdvice::Event>(1 + pick(4)), "said so");
  default: {
    v1::SettlementCommand command;
    command.mutable_dispute()->set_payment_id(id);
    command.mutable_dispute()->set_event(static_cast<v1::DisputePayment::Event>(1 + pick(3)));
    command.mutable_dispute()->set_amount(amount);
    command.mutable_dispute()->set_fee(pick(3));
    return of(command);
  }
  }
}

v1::Command random_history::terminal() {
  if (one_in(4))
    return reverse_payment(key("x"), one_in(6) ? key("ahead") : some_key(),
                           one_in(3) ? "" : "TERM0001");
  v1::Question question;
  question.mutable_terminal_totals()->set_terminal("TERM0001");
  question.mutable_terminal_totals()->set_currency("EUR");
  const v1::TerminalTotals now = world_.ask(question).terminal_totals();
  return reconcile_terminal(key("t"),
                            static_cast<std::int64_t>(now.debits()) -
                                static_cast<std::int64_t>(now.debit_reversals()),
                            now.debit_amount() - now.debit_reversal_amount() + (one_in(4) ? 1 : 0));
}

v1::Command random_history::window() {
  v1::SettlementQuestion question;
  (void)question.mutable_ledgers();
  const v1::SettlementLedger now = world_.ask_settlement(question).ledgers().data(0);
  v1::SettlementQuestion about;
  about.mutable_settlements()->set_limit(1);
  const v1::ListSettlementsReply known = world_.ask_settlement(about).settlements();
  v1::SettlementCommand command;
  switch (pick(12)) {
  case 0:
    command.mutable_cut()->set_currency("EUR");
    command.mutable_cut()->set_window(now.open_window() - (one_in(5) ? 1 : 0));
    command.mutable_cut()->set_next_business_date(settlement::test::first_day +
                                                  random_.small(0, 20));
    break;
  case 1:
    command.mutable_start()->set_currency("EUR");
    command.mutable_start()->set_number(one_in(2) ? 0 : now.next_settlement());
    command.mutable_start()->set_first_window(now.unsettled_from() - (one_in(5) ? 1 : 0));
    command.mutable_start()->set_last_window(now.open_window() - (one_in(5) ? 0 : 1));
    break;
  case 2:
    command.mutable_finalize()->set_currency("EUR");
    command.mutable_finalize()->set_window(now.unsettled_from() - 1);
    break;
  default:
    if (known.data_size() == 0)
      break;
    if (one_in(12)) {
      command.mutable_abort()->set_id(known.data(0).id());
      command.mutable_abort()->set_reason("by hand");
    } else {
      command.mutable_advance()->set_id(known.data(0).id());
      command.mutable_advance()->set_step(known.data(0).step() - (one_in(8) ? 1 : 0));
    }
  }
  return of(command);
}

v1::Command random_history::payout() {
  v1::SettlementQuestion question;
  question.mutable_batches()->set_limit(1);
  const v1::ListPayoutBatchesReply known = world_.ask_settlement(question).batches();
  v1::SettlementCommand command;
  if (known.data_size() == 0 || one_in(6)) {
    command.mutable_batch()->set_currency("EUR");
    command.mutable_batch()->set_batch(
        known.data_size() == 0 ? 1 : known.data(0).number() + (one_in(4) ? 0 : 1));
    command.mutable_batch()->set_execution_date(settlement::test::first_day);
  } else if (one_in(4)) {
    command.mutable_file()->set_of(known.data(0).id());
    command.mutable_file()->set_name(one_in(2) ? "order.xml" : "list.csv");
    command.mutable_file()->set_sha256(std::string(32, one_in(3) ? 'a' : 'b'));
    command.mutable_file()->set_submits(one_in(2));
  } else {
    for (int i = 1; i <= 2; ++i) {
      v1::PayoutResult& result = *command.mutable_resolve()->add_results();
      const std::uint64_t batch = known.data(0).number() - (one_in(4) ? 1 : 0);
      result.set_payout("po_EUR_" + std::to_string(batch) + "_" + std::to_string(i));
      result.set_event(one_in(3) ? v1::PayoutResult::RETURNED : v1::PayoutResult::PAID);
    }
  }
  return of(command);
}

v1::Command random_history::exception() {
  v1::Command all;
  v1::SettlementExceptionCommand& command = *all.mutable_settlement_exception();
  v1::Question question;
  question.mutable_settlement_exceptions()->set_limit(100);
  const v1::ListSettlementExceptionsReply known = world_.ask(question).settlement_exceptions();
  if (known.data_size() == 0 || one_in(3)) {
    v1::OpenSettlementExceptions& open = *command.mutable_open();
    open.set_currency("EUR");
    open.set_due_hours(random_.small(0, 40));
    open.set_account(one_in(3) ? "books" : "");
    v1::SettlementDifference& what = *open.add_differences();
    what.set_leg(one_in(2) ? v1::SettlementDifference::ACQUIRER : v1::SettlementDifference::BANK);
    what.set_what(static_cast<v1::SettlementDifference::Class>(2 + pick(7)));
    what.set_reference("rrn" + std::to_string(pick(12)));
    what.set_window(1 + random_.small(0, 4));
    for (const bool is_internal : {true, false}) {
      if (one_in(3))
        continue;
      v1::SettlementStatement& said =
          is_internal ? *what.mutable_internal() : *what.mutable_external();
      said.set_amount(random_.whole(-500, 2'000));
      said.set_currency(one_in(5) ? "USD" : "EUR");
      if (one_in(2))
        said.set_fee(random_.whole(0, 50));
    }
    return all;
  }
  const v1::SettlementException& one =
      known.data(static_cast<int>(pick(static_cast<std::int64_t>(known.data_size()))));
  if (one_in(2)) {
    command.mutable_dispose()->set_id(one.id());
    command.mutable_dispose()->set_how(static_cast<v1::SettlementDisposition>(1 + pick(4)));
    command.mutable_dispose()->set_reason("asked");
    command.mutable_dispose()->set_by("ops");
  } else if (one_in(2)) {
    command.mutable_assign()->set_id(one.id());
    command.mutable_assign()->set_owner(one_in(2) ? "ops" : "desk");
  } else {
    command.mutable_alarm()->set_id(one.id());
    command.mutable_alarm()->set_at_ns(1'000 * at_.size() + passed_);
  }
  return all;
}

v1::Command random_history::terms() {
  if (one_in(3)) {
    v1::SettlementCommand fund;
    fund.mutable_fund()->set_id(one_in(2) ? "north" : "south");
    fund.mutable_fund()->set_idempotency_key(key("f"));
    fund.mutable_fund()->set_amount(random_.whole(-20'000, 20'000));
    return of(fund);
  }
  if (one_in(3)) {
    v1::SettlementCommand present;
    for (std::int64_t left = random_.whole(1, 3); left > 0; --left) {
      v1::PresentedCapture& item = *present.mutable_present()->add_items();
      item.set_reference("ref" + std::to_string(pick(60)));
      item.set_from(payers_of_all[static_cast<std::size_t>(pick(4))]);
      item.set_to(payees[static_cast<std::size_t>(pick(2))]);
      item.set_amount(some_amount());
      item.set_business_date(one_in(2) ? 0 : settlement::test::first_day);
    }
    return of(present);
  }
  v1::SettlementCommand command;
  const std::string id = one_in(2) ? "books" : "kiosk";
  command = settlement::test::settlement_world::merchant(id);
  v1::PutMerchant& put = *command.mutable_merchant();
  set_fee(*put.mutable_discount(), random_);
  if (one_in(2)) {
    v1::SplitShare& share = *put.add_split();
    share.set_to("books");
    share.set_numerator(random_.small(1, 3));
    share.set_denominator(7);
    v1::SplitShare& third = *put.add_split();
    third.set_to(one_in(4) ? "shop" : "kiosk");
    third.set_rest(true);
  }
  put.set_reserve_basis_points(random_.small(0, 1) * 1'000);
  put.set_reserve_windows(random_.small(1, 2));
  put.set_payout_minimum(one_in(3) ? 500 : 0);
  return of(command);
}

void random_history::step() {
  switch (pick(22)) {
  case 0:
  case 1:
  case 2:
  case 3:
    return run(payment());
  case 4:
  case 5:
  case 6:
  case 7:
  case 8:
    return run(attempt());
  case 9:
  case 10:
  case 11:
  case 12:
    return run(change());
  case 13:
    return run(terminal());
  case 14:
  case 15:
  case 16:
    return run(window());
  case 17:
    return run(payout());
  case 18:
  case 19:
    return run(exception());
  case 20:
    return let_pass();
  default:
    return run(terms());
  }
}

std::vector<std::string> random_history::said() const {
  std::vector<std::string> lists;
  const auto add = [&](const google::protobuf::Message& list) {
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(list, &lists.emplace_back()).ok());
  };
  v1::SettlementQuestion question;
  question.mutable_windows()->set_limit(100);
  const v1::ListWindowsReply windows = world_.ask_settlement(question).windows();
  add(windows);
  for (const v1::Window& each : windows.data()) {
    question.mutable_merchant_windows()->set_currency("EUR");
    question.mutable_merchant_windows()->set_window(each.number());
    add(world_.ask_settlement(question).merchant_windows());
  }
  question.mutable_settlements()->set_limit(100);
  add(world_.ask_settlement(question).settlements());
  question.mutable_merchants();
  add(world_.ask_settlement(question).merchants());
  question.mutable_batches()->set_limit(100);
  const v1::ListPayoutBatchesReply batches = world_.ask_settlement(question).batches();
  add(batches);
  for (const v1::PayoutBatch& each : batches.data()) {
    question.mutable_payouts()->set_batch(each.id());
    add(world_.ask_settlement(question).payouts());
  }
  v1::Question exceptions;
  exceptions.mutable_settlement_exceptions()->set_limit(1'000);
  add(world_.ask(exceptions).settlement_exceptions());
  return lists;
}

cli::verdict random_history::judge(const std::vector<v1::Command>& more,
                                   const std::vector<std::string>& said) const {
  std::vector<entry> chain;
  for (std::size_t i = 0; i < at_.size(); ++i) {
    v1::Command command;
    EXPECT_TRUE(command.ParseFromString(world_.log()[i]));
    chain.push_back(entry_after(chain, command, at_[i]));
  }
  for (const v1::Command& each : more)
    chain.push_back(entry_after(chain, each, at_.back() + 1));
  const cli::entry_source source = [&](const std::function<void(const entry&)>& visit) {
    std::ranges::for_each(chain, visit);
    return result<void>{};
  };
  return cli::check(source, {}, {.allow_others = true, .said = said}).value();
}

void random_history::expect_same_balances(const cli::verdict& judged) const {
  for (const cli::checked_account& each : judged.balances) {
    const v1::Account own = world_.account(each.id);
    EXPECT_EQ(cli::decimal(each.debits_posted), std::to_string(own.debits_posted())) << each.id;
    EXPECT_EQ(cli::decimal(each.credits_posted), std::to_string(own.credits_posted())) << each.id;
    EXPECT_EQ(cli::decimal(each.debits_pending), std::to_string(own.debits_pending())) << each.id;
    EXPECT_EQ(cli::decimal(each.credits_pending), std::to_string(own.credits_pending())) << each.id;
  }
}

} // namespace ducat::testing
