/// How long the checker takes: a log of payments, 100 in an entry, each created, authorised and
/// captured, and the record of clients that were told so. Nothing may be found. An operation is one
/// request of a client with its answer: here a payment, which is three commands in the log.

#include "check/checker.hpp"

#include "harness.hpp"
#include "record/record_writer.hpp"

#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>

using namespace ducat::bench;
namespace cli = ducat::cli;

namespace {

constexpr std::uint64_t payments_of_an_entry = 100;
constexpr std::uint64_t merchants = 1'000;

/// A log, and what its clients were told.
class history {
public:
  history() {
    open_account("world", true);
    for (std::uint64_t i = 0; i < merchants; ++i)
      open_account("m" + std::to_string(i), false);
    end_entry();
  }

  void pay(std::uint64_t number) {
    const std::string key = "k" + std::to_string(number);
    const std::string to = "m" + std::to_string(number % merchants);
    const auto amount = static_cast<std::int64_t>(100 + number % 900);
    const std::string id = cli::payment_id_of(key);
    ducat::v1::Command command;
    auto& created = *command.mutable_create_payment();
    created.set_idempotency_key(key);
    created.set_from("world");
    created.set_to(to);
    created.set_amount(amount);
    created.set_currency("EUR");
    add(command);
    command.mutable_authorize_payment()->set_payment_id(id);
    add(command);
    command.mutable_capture_payment()->set_payment_id(id);
    add(command);
    tell({.kind = cli::operation_kind::payment, .key = key},
         cli::body_hash(
             cli::payment_body{.from = "world", .to = to, .amount = amount, .currency = "EUR"}),
         {.payment_id = id, .state = "CAPTURED", .amount = amount, .captured = amount});
    if ((number + 1) % payments_of_an_entry == 0)
      end_entry();
  }

  void end_entry() {
    if (payload_.size() == 1)
      return;
    ducat::entry next{.index = log_.size() + 1,
                      .writer = {1},
                      .at = {log_.size() + 1},
                      .previous = log_.empty() ? ducat::digest{} : log_.back().hash,
                      .payload = std::exchange(payload_, "\1")};
    next.hash = hash_of(next);
    log_.push_back(std::move(next));
    for (; told_ < record_.calls.size(); ++told_) {
      record_.calls[told_].acknowledged->index = log_.back().index;
      record_.calls[told_].acknowledged->hash = ducat::to_hex(log_.back().hash);
    }
  }

  cli::verdict judge() const {
    const auto read = [this](const std::function<void(const ducat::entry&)>& take) {
      for (const ducat::entry& each : log_)
        take(each);
      return ducat::result<void>{};
    };
    return *cli::check(read, record_, {});
  }

  /// Writes the record as clients do, and returns whether all of it could be written.
  bool write_record(const std::string& path) const {
    auto out = cli::record_writer::open(path);
    return out && std::ranges::all_of(record_.calls, [&](const cli::recorded_call& each) {
             return out->invoked(each.id, each.body, 1).has_value() &&
                    out->answered(each.id, *each.acknowledged, 2).has_value();
           });
  }

private:
  void open_account(const std::string& id, bool overdraft) {
    ducat::v1::Command command;
    command.mutable_open_account()->set_id(id);
    command.mutable_open_account()->set_currency("EUR");
    command.mutable_open_account()->set_overdraft(overdraft);
    add(command);
    tell({.kind = cli::operation_kind::account, .key = id},
         cli::body_hash(cli::account_body{.currency = "EUR", .overdraft = overdraft}), {});
  }

  void add(const ducat::v1::Command& command) {
    const std::string bytes = command.SerializeAsString();
    for (unsigned shift = 0; shift < 32; shift += 8)
      payload_ += static_cast<char>(bytes.size() >> shift);
    payload_ += bytes;
  }

  void tell(const cli::operation_id& id, const std::string& body, cli::call_answer answer) {
    answer.outcome = cli::call_outcome::ok;
    add_invocation(record_, id, body);
    add_answer(record_, id, answer);
  }

  std::vector<ducat::entry> log_;
  std::string payload_{'\1'};
  cli::call_record record_;
  std::size_t told_ = 0; ///< Calls whose entry is in the log.
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// What all threads have used so far of the processor, in seconds.
struct processor_time {
  double user = 0;
  double system = 0;
};

processor_time processor_time_now() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return {.user = seconds_of(used.ru_utime), .system = seconds_of(used.ru_stime)};
}

void report(const std::string& subject, const std::string& unit, double value) {
  print({.bench = "checker", .subject = subject, .side = "ducat", .unit = unit, .value = value});
}

/// Reports how long `work` takes.
template <class Work>
void measure(const std::string& subject, Work work) {
  const processor_time before = processor_time_now();
  const auto begin = clock::now();
  work();
  const double took = seconds_since(begin);
  const processor_time after = processor_time_now();
  report(subject, "ms", 1e3 * took);
  report(subject + ", user", "ms", 1e3 * (after.user - before.user));
  report(subject + ", system", "ms", 1e3 * (after.system - before.system));
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"How long the checker takes"};
  std::uint64_t operations = 2'000'000;
  std::string record;
  app.add_option("--operations", operations)->check(CLI::PositiveNumber);
  app.add_option("--record", record, "Write the record there, a new file, and read it, too");
  CLI11_PARSE(app, argc, argv);
  history whole;
  for (std::uint64_t i = 0; i < operations; ++i)
    whole.pay(i);
  whole.end_entry();
  const std::string subject = std::to_string(operations) + " operations";
  cli::verdict found;
  measure(subject, [&] { found = whole.judge(); });
  report(subject + ", commands in the log", "commands", static_cast<double>(found.commands));
  std::size_t calls = operations + merchants + 1;
  if (!record.empty()) {
    if (!whole.write_record(record))
      return EXIT_FAILURE;
    std::ifstream in{record, std::ios::binary};
    measure(subject + ", their record", [&] { calls = cli::read_call_record(in)->calls.size(); });
  }
  if (found.is_green() && found.acknowledged == operations + merchants + 1 &&
      calls == found.acknowledged)
    return EXIT_SUCCESS;
  print_table(std::cerr, found);
  return EXIT_FAILURE;
}
