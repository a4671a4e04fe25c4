#include "load/import.hpp"

#include "client/connection.hpp"
#include "client/failure.hpp"
#include "load/attempt.hpp"
#include "load/order.hpp"
#include "load/payments_file.hpp"
#include "record/record_writer.hpp"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <istream>
#include <map>
#include <mutex>
#include <random>
#include <unordered_set>

namespace ducat::cli {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t refusals_kept_max = 10;
/// Operations that wait for others do not keep the ones behind them from being sent, up to so many
/// times the calls in flight.
constexpr std::size_t window_factor = 8;

std::uint64_t wall_clock_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

using name_set = std::unordered_set<std::string>;

struct completion {
  std::uint64_t id;
  grpc::Status status;
};

/// What gRPC's threads hand to the importing one.
class completion_queue {
public:
  void push(completion one) {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(one));
    changed_.notify_one();
  }

  /// Returns what has come by `until`, waiting if there is nothing yet.
  std::vector<completion> take(time_point until) {
    std::unique_lock lock{mutex_};
    changed_.wait_until(lock, until, [&] { return !waiting_.empty(); });
    return std::exchange(waiting_, {});
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<completion> waiting_;
};

/// An operation between its admission and its final answer.
struct flight {
  operation what;
  std::unique_ptr<attempt> call{};
  time_point first_sent{};
  unsigned failures = 0;
  bool in_doubt = false; ///< An attempt, or an earlier run, did not end with what became of it.
};

class importer {
public:
  importer(const import_options& options, std::istream& in, const import_progress& progress,
           std::optional<record_writer> record, name_set doubts, std::uint64_t operations)
      : options_{options}, in_{in}, progress_{progress}, record_{std::move(record)},
        doubts_{std::move(doubts)}, node_{options.endpoint}, random_{std::random_device{}()} {
    summary_.operations = operations;
  }

  result<import_summary> run() {
    start_ = last_answer_ = next_progress_ = clock::now();
    do {
      admit();
      send_ready();
      for (completion& one : completed_.take(next_wakeup()))
        handle(one);
      resend_due();
      show_progress();
    } while (busy_ > 0 || !is_over());
    return finished();
  }

private:
  bool is_over() const { return is_stopped_ || (at_end_ && order_.unfinished() == 0); }

  void stop(std::optional<error> why = std::nullopt) {
    is_stopped_ = true;
    if (why && !failed_)
      failed_ = std::move(why);
  }

  void admit() {
    while (!at_end_ && !is_stopped_ && order_.unfinished() < options_.in_flight * window_factor) {
      auto next = read_operation(in_, line_);
      if (!next)
        return stop(next.error()); // The file has changed since it was validated.
      if (!*next) {
        at_end_ = true;
        return;
      }
      const std::uint64_t id = next_id_++;
      order_.admit(id, (*next)->needs, (*next)->touches);
      flights_.emplace(id, flight{.what = std::move(**next)});
    }
  }

  void send_ready() {
    if (options_.is_over && options_.is_over())
      stop();
    while (busy_ < options_.in_flight && !is_stopped_) {
      const auto id = order_.take_ready();
      if (!id)
        return;
      flight& one = flights_.at(*id);
      if (record_)
        if (auto written = record_->invoked(one.what.id, one.what.body, wall_clock_ns()); !written)
          return stop(written.error());
      one.in_doubt = is_in_doubt(one.what.id);
      one.first_sent = clock::now();
      ++busy_;
      send(*id, one);
    }
  }

  void send(std::uint64_t id, flight& one) {
    one.call = std::make_unique<attempt>();
    one.call->start(node_, one.what.request, options_.attempt, [this, id](grpc::Status status) {
      completed_.push({.id = id, .status = std::move(status)});
    });
  }

  time_point next_wakeup() const {
    return due_.empty() ? next_progress_ : std::min(next_progress_, due_.begin()->first);
  }

  void handle(const completion& one) {
    flight& flown = flights_.at(one.id);
    if (one.status.ok())
      return acknowledge(one.id, flown.call->answer());
    const failure failed = failure_of(one.status);
    if (failed.is_verdict || (failed.kind == failure_kind::refused && !flown.in_doubt))
      return refuse(one.id, failed.error);
    flown.in_doubt |= failed.kind == failure_kind::unknown;
    const time_point again = clock::now() + options_.between.pause(++flown.failures, random_());
    const bool is_vain = options_.is_vain && options_.is_vain();
    if (again - flown.first_sent < options_.retry_for && !failed_ && !is_vain)
      due_.emplace(again, one.id);
    else
      give_up(one.id, failed.error);
  }

  void acknowledge(std::uint64_t id, const call_answer& answer) {
    last_answer_ = clock::now();
    doubts_.erase(name_of(flights_.at(id).what.id));
    ++summary_.acknowledged;
    summary_.replayed += answer.replayed ? 1U : 0U;
    summary_.declined += answer.outcome == call_outcome::declined ? 1U : 0U;
    finish(id, answer);
  }

  void refuse(std::uint64_t id, const v1::Error& error) {
    last_answer_ = clock::now();
    ++summary_.refused;
    if (summary_.refusals.size() < refusals_kept_max) {
      const operation_id& what = flights_.at(id).what.id;
      summary_.refusals.push_back(std::string{to_string(what.kind)} + " " + what.key + ": " +
                                  error.message() + " (" + error.code() + ")");
    }
    finish(id, {.outcome = call_outcome::refused, .error = error.code()});
  }

  void give_up(std::uint64_t id, const v1::Error& error) {
    const flight& lost = flights_.at(id);
    ++(lost.in_doubt ? summary_.in_doubt : summary_.not_done);
    if (lost.in_doubt)
      doubts_.insert(name_of(lost.what.id));
    finish(id, {.outcome = lost.in_doubt ? call_outcome::unknown : call_outcome::not_done,
                .error = error.code()});
    if (clock::now() - last_answer_ >= options_.retry_for)
      stop();
  }

  void finish(std::uint64_t id, const call_answer& answer) {
    if (record_)
      if (auto written = record_->answered(flights_.at(id).what.id, answer, wall_clock_ns());
          !written)
        stop(written.error());
    flights_.erase(id);
    order_.finish(id);
    --busy_;
  }

  void resend_due() {
    while (!due_.empty() && due_.begin()->first <= clock::now()) {
      const std::uint64_t id = due_.begin()->second;
      due_.erase(due_.begin());
      ++summary_.retries;
      send(id, flights_.at(id));
    }
  }

  void show_progress() {
    const time_point now = clock::now();
    if (now < next_progress_)
      return;
    next_progress_ = now + options_.progress_every;
    summary_.elapsed = now - start_;
    if (progress_)
      progress_(summary_);
  }

  bool is_in_doubt(const operation_id& id) const { return doubts_.contains(name_of(id)); }

  /// Counts what this run has not sent, and an earlier one may have done.
  void count_unsent_doubts() {
    for (const auto& [id, unsent] : flights_)
      summary_.in_doubt += is_in_doubt(unsent.what.id) ? 1U : 0U;
    for (auto next = read_operation(in_, line_); next && *next; next = read_operation(in_, line_))
      summary_.in_doubt += is_in_doubt((*next)->id) ? 1U : 0U;
  }

  result<import_summary> finished() {
    if (failed_)
      return tl::unexpected(*failed_);
    count_unsent_doubts();
    summary_.elapsed = clock::now() - start_;
    summary_.not_done =
        summary_.operations - (summary_.acknowledged + summary_.refused + summary_.in_doubt);
    if (progress_)
      progress_(summary_);
    return summary_;
  }

  const import_options& options_;
  std::istream& in_;
  const import_progress& progress_;
  std::optional<record_writer> record_;
  name_set doubts_; ///< What this run or one on record may have done.
  connection node_;
  std::mt19937_64 random_;
  completion_queue completed_;
  operation_order order_;
  std::unordered_map<std::uint64_t, flight> flights_;
  std::multimap<time_point, std::uint64_t> due_; ///< Retries; each counts as busy.
  std::uint64_t next_id_ = 0;
  std::uint64_t line_ = 0;
  std::size_t busy_ = 0; ///< Sent and not finished.
  bool at_end_ = false;
  bool is_stopped_ = false;
  std::optional<error> failed_;
  time_point start_{};
  time_point last_answer_{};
  time_point next_progress_{};
  import_summary summary_;
};

result<void> rewind(std::istream& in) {
  in.clear();
  in.seekg(0);
  if (!in)
    return fail(errc::invalid_argument, "the input cannot be read twice");
  return {};
}

/// Returns what the runs on record have left in doubt. No record is the one of no run.
result<name_set> doubts_on_record(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  const auto record = read_call_record(in);
  if (!record)
    return fail(errc::invalid_argument, record.error().message);
  name_set doubts;
  for (const recorded_call& call : record->calls)
    if (call.is_in_doubt())
      doubts.insert(name_of(call.id));
  return doubts;
}

/// What an import goes on from, and where it writes.
struct open_record {
  std::optional<record_writer> writer{};
  name_set doubts{};
};

result<open_record> opened(const std::filesystem::path& path) {
  if (path.empty())
    return open_record{};
  auto doubts = doubts_on_record(path);
  if (!doubts)
    return tl::unexpected(doubts.error());
  auto writer = record_writer::open(path);
  if (!writer)
    return tl::unexpected(writer.error());
  return open_record{.writer = std::move(*writer), .doubts = std::move(*doubts)};
}

} // namespace

result<import_summary> run_import(const import_options& options, std::istream& in,
                                  const import_progress& progress) {
  const auto operations = count_operations(in);
  if (!operations)
    return tl::unexpected(operations.error());
  if (auto rewound = rewind(in); !rewound)
    return tl::unexpected(rewound.error());
  auto record = opened(options.record);
  if (!record)
    return tl::unexpected(record.error());
  return importer{options,    in, progress, std::move(record->writer), std::move(record->doubts),
                  *operations}
      .run();
}

} // namespace ducat::cli
