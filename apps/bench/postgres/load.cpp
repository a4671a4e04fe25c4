#include "postgres/load.hpp"

#include "postgres/double_entry.hpp"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace ducat::bench {

namespace {

constexpr std::uint64_t amount_max = 1'000;

/// Calls of each connection before the clock runs: a session first reads its catalogue, and plans a
/// statement anew five times.
constexpr std::uint64_t warm_up_calls = 50;
constexpr std::uint64_t warm_up_batches = 10;

/// Makes calls of new transfers.
class call_source {
public:
  explicit call_source(const load_options& options)
      : batch_{options.batch}, accounts_{distribution::uniform, options.accounts},
        random_{options.seed} {}

  struct call {
    call_values values;
    std::uint64_t amount = 0;
  };

  call next() { return batch_ == 1 ? one() : many(); }

private:
  std::int64_t next_amount() { return static_cast<std::int64_t>(1 + random_.below(amount_max)); }

  call one() {
    call made;
    const account_pair pair = accounts_.pick(random_);
    const std::int64_t amount = next_amount();
    made.values.add(++sequence_);
    made.values.add(static_cast<std::int64_t>(pair.debit));
    made.values.add(static_cast<std::int64_t>(pair.credit));
    made.values.add(amount);
    made.amount = static_cast<std::uint64_t>(amount);
    return made;
  }

  call many() {
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> debits;
    std::vector<std::int64_t> credits;
    std::vector<std::int64_t> amounts;
    call made;
    for (std::uint32_t i = 0; i < batch_; ++i) {
      const account_pair pair = accounts_.pick(random_);
      ids.push_back(++sequence_);
      debits.push_back(static_cast<std::int64_t>(pair.debit));
      credits.push_back(static_cast<std::int64_t>(pair.credit));
      amounts.push_back(next_amount());
      made.amount += static_cast<std::uint64_t>(amounts.back());
    }
    for (const auto* array : {&ids, &debits, &credits, &amounts})
      made.values.add(*array);
    return made;
  }

  std::uint32_t batch_;
  account_picker accounts_;
  cli::random_numbers random_;
  std::int64_t sequence_ = 0;
};

/// One client.
struct lane {
  connection server;
  call_source::call next;   ///< Ready to be sent.
  std::uint64_t amount = 0; ///< Of the call in flight.
  steady::time_point sent_at{};
  std::uint64_t calls = 0; ///< That were answered.
};

class load {
public:
  explicit load(const load_options& options) : options_{options}, source_{options} {
    for (std::uint32_t i = 0; i < options.clients; ++i) {
      lanes_.push_back(std::make_unique<lane>(connection{options.address}, source_.next()));
      prepare_statements(lanes_.back()->server);
      waiting_.push_back({.fd = -1, .events = POLLIN, .revents = 0});
    }
    if (options.transfers)
      calls_each_ =
          std::max<std::uint64_t>(1, *options.transfers / options.batch / options.clients);
  }

  load_result run() {
    run_lanes(std::min(calls_each_, options_.batch == 1 ? warm_up_calls : warm_up_batches),
              steady::time_point::max());
    result_.calls = {};
    const std::uint64_t before = std::exchange(result_.transfers, 0);
    const auto begin = steady::now();
    run_lanes(calls_each_, options_.transfers ? steady::time_point::max() : begin + time_max());
    result_.seconds = seconds_of(steady::now() - begin);
    result_.all_transfers = before + result_.transfers;
    return std::move(result_);
  }

private:
  steady::duration time_max() const {
    return std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double>(options_.seconds));
  }

  /// Lets each lane make calls, until `calls` of them or the time is reached.
  void run_lanes(std::uint64_t calls, steady::time_point until) {
    calls_max_ = calls;
    until_ = until;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      lanes_[i]->calls = 0;
      waiting_[i].fd = lanes_[i]->server.socket();
      send(*lanes_[i]);
    }
    for (std::size_t busy = lanes_.size(); busy > 0;)
      busy -= take_answers();
  }

  void send(lane& at) {
    at.sent_at = steady::now();
    at.amount = at.next.amount;
    at.server.send(options_.batch == 1 ? "transfer" : "transfers", at.next.values);
    at.next = source_.next();
  }

  /// Waits for answers and goes on with the lanes that got one; returns how many are done.
  std::size_t take_answers() {
    if (::poll(waiting_.data(), waiting_.size(), -1) < 0)
      throw postgres_failed{"cannot wait for answers"};
    std::size_t done = 0;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (waiting_[i].revents == 0 || !lanes_[i]->server.receive())
        continue;
      if (take_answer(*lanes_[i])) {
        send(*lanes_[i]);
      } else {
        waiting_[i].fd = -1;
        ++done;
      }
    }
    return done;
  }

  /// Returns whether the lane is to go on.
  bool take_answer(lane& at) {
    if (at.server.answer() != options_.batch)
      throw postgres_failed{"a transfer was not made"};
    const auto now = steady::now();
    result_.calls.add(now - at.sent_at);
    result_.transfers += options_.batch;
    result_.all_amount += at.amount;
    return ++at.calls < calls_max_ && now < until_;
  }

  const load_options& options_;
  call_source source_;
  std::vector<std::unique_ptr<lane>> lanes_;
  std::vector<pollfd> waiting_; ///< Invariant: one for each lane; a lane that is done has no file.
  std::uint64_t calls_each_ = std::uint64_t(-1); ///< Of each lane, when it is measured.
  std::uint64_t calls_max_ = 0;                  ///< Of each lane now, as until_ is.
  steady::time_point until_{};
  load_result result_;
};

} // namespace

load_result run_load(const load_options& options) {
  return load{options}.run();
}

} // namespace ducat::bench
