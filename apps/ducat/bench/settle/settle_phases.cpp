#include "bench/settle/settle_phases.hpp"

#include <ducat/durable.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <string>
#include <thread>

namespace ducat::bench {

namespace {

constexpr std::chrono::milliseconds between_looks{5};

/// Returns commands that say of each payout that it is paid.
std::vector<v1::SettlementCommand> results_of(const v1::PayoutBatch& batch, std::uint32_t at_once) {
  std::vector<v1::SettlementCommand> commands;
  for (std::uint64_t i = 0; i < batch.payouts().count(); ++i) {
    if (i % at_once == 0)
      commands.emplace_back();
    v1::PayoutResult& each = *commands.back().mutable_resolve()->add_results();
    each.set_payout("po_" + std::string{bench_currency} + "_" + std::to_string(batch.number()) +
                    "_" + std::to_string(i + 1));
    each.set_event(v1::PayoutResult::PAID);
  }
  return commands;
}

v1::SettlementCommand cut_of(std::uint64_t window) {
  v1::SettlementCommand command;
  command.mutable_cut()->set_currency(bench_currency);
  command.mutable_cut()->set_window(window);
  command.mutable_cut()->set_next_business_date(bench_date + 1);
  return command;
}

v1::SettlementCommand start_of(std::uint64_t window) {
  v1::SettlementCommand command;
  command.mutable_start()->set_currency(bench_currency);
  command.mutable_start()->set_first_window(window);
  command.mutable_start()->set_last_window(window);
  return command;
}

v1::SettlementCommand batch_of(std::uint64_t number) {
  v1::SettlementCommand command;
  command.mutable_batch()->set_currency(bench_currency);
  command.mutable_batch()->set_batch(number);
  command.mutable_batch()->set_execution_date(bench_date + 1);
  return command;
}

result<v1::Settlement> settlement_of(const settle_node& node, const std::string& id) {
  v1::SettlementQuestion question;
  question.mutable_settlements()->set_id(id);
  return node.ask(question).map(
      [](const v1::SettlementAnswer& found) { return found.settlements().data(0); });
}

result<v1::PayoutBatch> batch_named(const settle_node& node, const std::string& id) {
  v1::SettlementQuestion question;
  question.mutable_batches()->set_id(id);
  return node.ask(question).map(
      [](const v1::SettlementAnswer& found) { return found.batches().data(0); });
}

/// Looks until `is_so` is said of what `look` returns, which is left in `seen`.
template <class Record, class Look, class Predicate>
result<void> wait_until(Record& seen, Look look, Predicate is_so) {
  while (!is_so(seen)) {
    std::this_thread::sleep_for(between_looks);
    auto found = look();
    if (!found)
      return tl::unexpected(found.error());
    seen = std::move(*found);
  }
  return {};
}

} // namespace

result<double> fill(const settle_node& node, capture_source& from, std::uint64_t captures,
                    std::uint32_t batch) {
  constexpr std::size_t on_their_way = 2;
  caf::scoped_actor self{node.system()};
  const auto send = [&](std::uint32_t count) {
    return self->request(node.ledger(), caf::infinite,
                         commit{from.next(count).SerializeAsString()});
  };
  std::vector<decltype(send(1))> asked;
  result<void> outcome;
  const auto take_first = [&] {
    asked.front().receive(
        [&](const committed& done) {
          const auto answer = answer_in(done.reply);
          if (!answer)
            outcome = tl::unexpected(answer.error());
          else if (answer->presented().known() + answer->presented().refused() != 0)
            outcome = fail(errc::corrupt, "a capture was not taken");
        },
        [&](const caf::error& failure) { outcome = tl::unexpected(error_of(failure)); });
    asked.erase(asked.begin());
  };
  const auto begin = steady::now();
  for (std::uint64_t left = captures; left > 0 && outcome;) {
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(batch, left));
    asked.push_back(send(count));
    left -= count;
    if (asked.size() == on_their_way)
      take_first();
  }
  while (!asked.empty())
    take_first();
  return outcome.map([&] { return seconds_of(steady::now() - begin); });
}

result<settled_window> settle_window(const settle_node& node, std::uint64_t window) {
  settled_window out;
  const auto begin = steady::now();
  if (const auto cut = node.commit(cut_of(window)); !cut)
    return tl::unexpected(cut.error());
  const auto started = node.commit(start_of(window));
  if (!started)
    return tl::unexpected(started.error());
  v1::Settlement& now = out.settlement = started->settlements().data(0);
  const auto look = [&] { return settlement_of(node, now.id()); };
  const auto wait = [&](auto is_so) { return wait_until(now, look, is_so); };
  if (auto done = wait([](const auto& each) { return each.state() >= v1::Settlement::SETTLED; });
      !done)
    return tl::unexpected(done.error());
  out.settled_s = seconds_of(steady::now() - begin);
  if (now.state() != v1::Settlement::SETTLED)
    return fail(errc::corrupt, now.id() + " is not settled: " + now.reason());
  if (auto done = wait([](const auto& each) { return !each.files().empty(); }); !done)
    return tl::unexpected(done.error());
  out.filed_s = seconds_of(steady::now() - begin);
  return out;
}

result<paid_batch> pay_out(const settle_node& node, std::uint64_t batch, std::uint32_t at_once) {
  paid_batch out;
  const auto begin = steady::now();
  const auto begun = node.commit(batch_of(batch));
  if (!begun)
    return tl::unexpected(begun.error());
  v1::PayoutBatch& now = out.batch = begun->batches().data(0);
  if (auto done = wait_until(
          now, [&] { return batch_named(node, now.id()); },
          [](const auto& each) { return each.state() >= v1::PayoutBatch::SUBMITTED; });
      !done)
    return tl::unexpected(done.error());
  out.submitted_s = seconds_of(steady::now() - begin);
  for (const v1::SettlementCommand& each : results_of(now, at_once)) {
    auto answer = node.commit(each);
    if (!answer)
      return tl::unexpected(answer.error());
    now = answer->batches().data(0);
  }
  out.paid_s = seconds_of(steady::now() - begin);
  return out;
}

result<v1::ListWindowsReply> windows_of(const settle_node& node, std::uint32_t count) {
  v1::SettlementQuestion question;
  question.mutable_windows()->set_currency(bench_currency);
  question.mutable_windows()->set_limit(count);
  return node.ask(question).map([](const v1::SettlementAnswer& found) { return found.windows(); });
}

} // namespace ducat::bench
