#include "bench/settle/settle_phases.hpp"

#include <ducat/durable.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

namespace ducat::bench {

namespace {

constexpr std::uint64_t first_window = 1;

/// Runs `step` and adds how long it took.
result<v1::SettlementAnswer> timed(const settle_node& node, step_figures& to,
                                   const v1::SettlementCommand& command) {
  const auto begin = steady::now();
  auto answer = node.commit(command);
  to.steps.add(steady::now() - begin);
  return answer;
}

v1::SettlementCommand advance_of(const v1::Settlement& settlement) {
  v1::SettlementCommand command;
  command.mutable_advance()->set_id(settlement.id());
  command.mutable_advance()->set_step(settlement.step());
  return command;
}

v1::SettlementCommand batch_step(std::uint32_t step) {
  v1::SettlementCommand command;
  command.mutable_batch()->set_currency(bench_currency);
  command.mutable_batch()->set_batch(1);
  command.mutable_batch()->set_step(step);
  command.mutable_batch()->set_execution_date(bench_date + 1);
  return command;
}

v1::SettlementCommand file_of(const v1::PayoutBatch& batch) {
  v1::SettlementCommand command;
  v1::RecordFile& file = *command.mutable_file();
  file.set_of(batch.id());
  file.set_name(batch.id() + ".xml");
  file.set_sha256(std::string(32, '\0'));
  file.set_size(1);
  file.set_submits(true);
  return command;
}

/// Returns commands that say of each payout that it is paid.
std::vector<v1::SettlementCommand> results_of(const v1::PayoutBatch& batch, std::uint32_t at_once) {
  std::vector<v1::SettlementCommand> commands;
  for (std::uint64_t i = 0; i < batch.payouts().count(); ++i) {
    if (i % at_once == 0)
      commands.emplace_back();
    v1::PayoutResult& each = *commands.back().mutable_resolve()->add_results();
    each.set_payout("po_" + std::string{bench_currency} + "_1_" + std::to_string(i + 1));
    each.set_event(v1::PayoutResult::PAID);
  }
  return commands;
}

/// Returns the value of a line such as "VmHWM:  123 kB" in bytes; 0 if it is another line.
std::uint64_t bytes_in(const std::string& line, const std::string& name) {
  constexpr std::uint64_t kilo = 1'024;
  return line.starts_with(name) ? std::stoull(line.substr(name.size())) * kilo : 0;
}

} // namespace

memory_figures memory_now() {
  memory_figures now;
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    now.resident += bytes_in(line, "VmRSS:");
    now.peak += bytes_in(line, "VmHWM:");
  }
  return now;
}

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

result<settled_window> settle_window(const settle_node& node) {
  settled_window out;
  const auto begin = steady::now();
  v1::SettlementCommand cut;
  cut.mutable_cut()->set_currency(bench_currency);
  cut.mutable_cut()->set_window(first_window);
  cut.mutable_cut()->set_next_business_date(bench_date + 1);
  v1::SettlementCommand start;
  start.mutable_start()->set_currency(bench_currency);
  start.mutable_start()->set_first_window(first_window);
  start.mutable_start()->set_last_window(first_window);
  if (const auto done = timed(node, out.took, cut); !done)
    return tl::unexpected(done.error());
  for (auto answer = timed(node, out.took, start);;
       answer = timed(node, out.took, advance_of(out.settlement))) {
    if (!answer)
      return tl::unexpected(answer.error());
    out.settlement = answer->settlements().data(0);
    if (out.settlement.state() >= v1::Settlement::SETTLED)
      break;
  }
  out.took.seconds = seconds_of(steady::now() - begin);
  return out;
}

result<paid_batch> pay_out(const settle_node& node, std::uint32_t at_once) {
  paid_batch out;
  auto begin = steady::now();
  for (std::uint32_t step = 0; out.batch.state() <= v1::PayoutBatch::BATCHING; ++step) {
    auto answer = timed(node, out.batching, batch_step(step));
    if (!answer)
      return tl::unexpected(answer.error());
    out.batch = answer->batches().data(0);
  }
  out.batching.seconds = seconds_of(steady::now() - begin);
  begin = steady::now();
  std::vector<v1::SettlementCommand> commands = results_of(out.batch, at_once);
  commands.insert(commands.begin(), file_of(out.batch));
  for (const v1::SettlementCommand& each : commands) {
    auto answer = timed(node, out.resolving, each);
    if (!answer)
      return tl::unexpected(answer.error());
    out.batch = answer->batches().data(0);
  }
  out.resolving.seconds = seconds_of(steady::now() - begin);
  return out;
}

result<v1::Window> window_of(const settle_node& node, std::uint64_t number) {
  v1::SettlementQuestion question;
  question.mutable_windows()->set_currency(bench_currency);
  question.mutable_windows()->set_before(number + 1);
  question.mutable_windows()->set_limit(1);
  return node.ask(question).map(
      [](const v1::SettlementAnswer& found) { return found.windows().data(0); });
}

} // namespace ducat::bench
