#include "network/load.hpp"

#include "client/failure.hpp"
#include "load/attempt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <sstream>
#include <stdexcept>

namespace ducat::testing {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr duration attempt_limit = 1s;
constexpr duration give_up_after = 60s;
constexpr duration pause = 10ms;

std::uint64_t wall_clock_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

cli::record_writer opened(const std::filesystem::path& file) {
  auto made = cli::record_writer::open(file);
  if (!made)
    throw std::runtime_error(to_string(made.error()));
  return std::move(*made);
}

/// Makes one attempt and waits for what comes of it.
grpc::Status run(cli::attempt& attempt, const load::client& who,
                 const cli::import_request& request) {
  std::promise<grpc::Status> done;
  attempt.start(who.nodes, request, who.attempt,
                [&](const grpc::Status& status) { done.set_value(status); });
  return done.get_future().get();
}

} // namespace

load::load(const std::filesystem::path& record, const std::string& endpoints)
    : file_{record}, record_{opened(record)} {
  client opener{"opener", endpoints, attempt_limit};
  for (const char* id : {"world", "shop"})
    send(opener,
         fmt::format(R"({{"account":{{"id":"{}","currency":"EUR","overdraft":true}}}})", id));
  if (!wrong_.empty())
    throw std::runtime_error(wrong_);
}

load::~load() {
  finish();
}

const load::client& load::add(const std::string& name, const std::string& endpoints,
                              duration attempt) {
  clients_.push_back(std::make_unique<client>(name, endpoints, attempt));
  client& made = *clients_.back();
  made.thread = std::thread{[this, &made] { pay_until_over(made); }};
  return made;
}

bool load::wait_for(const client& of, std::uint64_t more, duration limit) const {
  std::unique_lock lock{guard_};
  const std::uint64_t wanted = of.acknowledged + more;
  return changed_.wait_for(lock, limit, [&] { return of.acknowledged >= wanted; });
}

duration load::longest_wait(const client& of) const {
  const std::lock_guard lock{guard_};
  return std::exchange(of.longest_wait, {});
}

std::optional<std::string> load::wait_for_failures(const client& of, std::uint64_t more,
                                                   duration limit) const {
  std::unique_lock lock{guard_};
  const std::uint64_t wanted = of.failures + more;
  if (!changed_.wait_for(lock, limit, [&] { return of.failures >= wanted; }))
    return std::nullopt;
  return of.last_failure;
}

void load::end(const client& which) {
  for (const auto& each : clients_)
    if (each.get() == &which) {
      each->is_over = true;
      if (each->thread.joinable())
        each->thread.join();
    }
}

std::string load::finish() {
  for (const auto& each : clients_)
    each->is_over = true;
  for (const auto& each : clients_)
    end(*each);
  const std::lock_guard lock{guard_};
  return wrong_;
}

void load::pay_until_over(client& who) {
  std::uint64_t number = 0;
  while (!who.is_over) {
    if (!send(who, fmt::format(R"({{"payment":{{"idempotency_key":"{}-{}","from":"world",)"
                               R"("to":"shop","amount":1,"currency":"EUR"}}}})",
                               who.name, ++number)))
      return;
    const std::lock_guard lock{guard_};
    const auto now = steady_clock::now();
    if (++who.acknowledged > 1)
      who.longest_wait = std::max(who.longest_wait, now - who.acknowledged_at);
    who.acknowledged_at = now;
    ++acknowledged_;
    changed_.notify_all();
  }
}

bool load::send(client& who, const std::string& line) {
  const auto what = cli::parse_operation(line).value();
  const auto end = steady_clock::now() + give_up_after;
  {
    const std::lock_guard lock{guard_};
    if (!record_.invoked(what.id, what.body, wall_clock_ns()))
      return complain("the record cannot be written");
  }
  for (;;) {
    cli::attempt attempt;
    const grpc::Status status = run(attempt, who, what.request);
    if (status.ok()) {
      const std::lock_guard lock{guard_};
      if (!record_.answered(what.id, attempt.answer(), wall_clock_ns()))
        return complain("the record cannot be written");
      return true;
    }
    const cli::failure failed = cli::failure_of(status);
    if (failed.kind == cli::failure_kind::refused || steady_clock::now() > end) {
      const std::lock_guard lock{guard_};
      return complain(
          fmt::format("{} was not acknowledged: {}", what.id.key, failed.error.message()));
    }
    note_failure(who, failed);
    who.nodes.connect_for(pause);
  }
}

void load::note_failure(client& who, const cli::failure& failed) {
  std::ostringstream text;
  text << failed.kind << ": " << failed.error.message();
  const std::lock_guard lock{guard_};
  ++who.failures;
  who.last_failure = text.str();
  changed_.notify_all();
}

/// Needs `guard_`. Returns false.
bool load::complain(const std::string& what) {
  if (wrong_.empty())
    wrong_ = what;
  changed_.notify_all();
  return false;
}

reader::reader(const std::string& endpoint, const load& against)
    : node_{endpoint}, load_{against}, thread_{[this] { read_until_over(); }} {}

reader::~reader() {
  is_over_ = true;
  thread_.join();
}

bool reader::wait_for_answer(duration limit) const {
  std::unique_lock lock{guard_};
  const std::uint64_t wanted = answers_ + 2; // The next one may have been asked before.
  return changed_.wait_for(lock, limit, [&] { return answers_ >= wanted; });
}

void reader::read_until_over() {
  v1::GetAccountRequest request;
  request.set_id("shop");
  while (!is_over_) {
    const std::uint64_t acknowledged = load_.acknowledged();
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + attempt_limit);
    v1::Account found;
    if (!node_.accounts().GetAccount(&context, request, &found).ok()) {
      node_.connect_for(pause);
      continue;
    }
    const auto balance = static_cast<std::uint64_t>(found.credits_posted() - found.debits_posted());
    const std::lock_guard lock{guard_};
    ++answers_;
    stale_ += balance < acknowledged ? 1U : 0U;
    changed_.notify_all();
  }
}

} // namespace ducat::testing
