#include "durable/batch_codec.hpp"
#include "durable/fault_points.hpp"

#include <ducat/check.hpp>
#include <ducat/replica.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ducat {

namespace {

log_time wall_clock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
  return {static_cast<std::uint64_t>(ns)};
}

result<void> check_begin(const receipt& begin, const entry& e) {
  if (e.hash != begin.hash)
    return fail(errc::corrupt, "the state of the machine belongs to another log: entry " +
                                   std::to_string(e.index) + " has another hash");
  return {};
}

/// Applies what an entry holds. Only commands that had an effect were written: one that would have
/// none now was written under other rules, and what follows it cannot be trusted.
result<void> apply(const entry& e, machine& to) {
  const std::string where = "log entry " + std::to_string(e.index);
  const auto commands = commands_of(e.payload);
  if (!commands)
    return fail(commands.error().code, where + ": " + commands.error().message);
  for (const std::string_view command : *commands) {
    if (to.answer_without_commit(command))
      return fail(errc::corrupt, where + " holds a command that has no effect in this version");
    to.apply({e.index, e.at}, command);
  }
  to.committed({e.index, e.hash});
  return {};
}

} // namespace

result<log_time> replay(const log& from, machine& into, std::uint64_t last) {
  const receipt begin = into.durable_to();
  if (begin.index > from.last().index)
    return fail(errc::corrupt, "the state of the machine is ahead of its log");
  log_time newest_at;
  result<void> done;
  auto read = from.read(std::max<std::uint64_t>(begin.index, 1), [&](const entry& e) {
    if (e.index > last)
      return false;
    done = e.index == begin.index ? check_begin(begin, e) : apply(e, into);
    newest_at = e.at;
    return done.has_value();
  });
  if (!done || !read)
    return tl::unexpected(done ? read.error() : done.error());
  return newest_at;
}

result<replica> replica::open(const replica_options& options) {
  replica opened;
  opened.log_ = options.log;
  opened.machine_ = options.machine();
  opened.now_ = options.now ? options.now : wall_clock;
  opened.retention_ = options.retention;
  const auto writer = opened.log_->take_epoch();
  if (!writer)
    return tl::unexpected(writer.error());
  opened.writer_ = *writer;
  opened.checkpoint_ = opened.machine_->durable_to().index;
  const auto newest_at = replay(*opened.log_, *opened.machine_);
  if (!newest_at)
    return tl::unexpected(newest_at.error());
  opened.newest_at_ = *newest_at;
  return opened;
}

/// Lets the machine keep its state, and tells the log how far the machine has kept it.
result<void> replica::settle(const receipt& newest) {
  machine_->committed(newest);
  if (trimming_.valid() && trimming_.wait_for(std::chrono::seconds{0}) == std::future_status::ready)
    if (auto done = trimming_.get(); !done)
      return done;
  const std::uint64_t durable = machine_->durable_to().index;
  if (durable <= checkpoint_)
    return {};
  before_checkpoint.hit();
  if (auto done = log_->checkpoint(durable); !done)
    return done;
  after_checkpoint.hit();
  const std::uint64_t needless = std::exchange(checkpoint_, durable);
  return retention_ == log_retention::all ? result<void>{} : start_trim(needless);
}

/// Removes the entries up to `needless`. Commits go on meanwhile.
result<void> replica::start_trim(std::uint64_t needless) {
  if (trimming_.valid())
    if (auto done = trimming_.get(); !done)
      return done;
  trimming_ =
      std::async(std::launch::async, [log = log_, needless] { return log->trim(needless); });
  return {};
}

log_time replica::next_time() const {
  return std::max(now_(), log_time{newest_at_.nanoseconds + 1});
}

result<std::vector<committed>> replica::run(std::span<const std::string> commands) {
  const position next{log_->last().index + 1, next_time()};
  std::vector<committed> answers;
  std::vector<std::size_t> written; // Positions of the commands that are in the entry.
  batch_builder batch;
  for (const std::string& command : commands) {
    if (auto known = machine_->answer_without_commit(command)) {
      answers.push_back({std::move(*known), {}});
      continue;
    }
    written.push_back(answers.size());
    answers.push_back({machine_->apply(next, command), {}});
    batch.add(command);
  }
  if (batch.is_empty())
    return answers;
  before_append.hit();
  const auto e = log_->append(writer_, next.at, std::move(batch).take());
  if (!e)
    return tl::unexpected(e.error());
  DUCAT_CHECK(e->index == next.index);
  DUCAT_CHECK(e->at == next.at);
  newest_at_ = e->at;
  for (const std::size_t i : written)
    answers[i].receipt = {e->index, e->hash};
  after_append.hit();
  if (auto done = settle({e->index, e->hash}); !done)
    return tl::unexpected(done.error());
  return answers;
}

result<receipt> replica::receipt_at(std::uint64_t index) const {
  std::optional<receipt> found;
  if (index != 0) {
    auto read = log_->read(index, [&](const entry& e) {
      found = {e.index, e.hash};
      return false;
    });
    if (!read)
      return tl::unexpected(read.error());
  }
  if (!found)
    return fail(errc::not_found, "there is no log entry " + std::to_string(index));
  return *found;
}

} // namespace ducat
