#include "durable/batch_codec.hpp"
#include "durable/fault_points.hpp"

#include <ducat/check.hpp>
#include <ducat/planted.hpp>
#include <ducat/replica.hpp>
#include <ducat/wall_clock.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ducat {

namespace {

result<void> check_begin(const receipt& begin, const entry& e) {
  if (e.hash != begin.hash)
    return fail(errc::corrupt, "the state of the machine belongs to another log: entry " +
                                   std::to_string(e.index) + " has another hash");
  return {};
}

/// Applies what an entry holds. Only commands that had an effect were written: one that would have
/// none now was written under other rules, and what follows it cannot be trusted.
result<void> apply(const entry& e, machine& to, grant_map& grants) {
  const std::string where = "log entry " + std::to_string(e.index);
  const auto records = records_of(e.payload);
  if (!records)
    return fail(records.error().code, where + ": " + records.error().message);
  for (const batch_record& each : *records) {
    if (each.kind == record_kind::grant) {
      grants[std::string{each.group}] = {.node = std::string{each.granted_node}, .epoch = e.index};
      continue;
    }
    if (to.answer_without_commit(each.command))
      return fail(errc::corrupt, where + " holds a command that has no effect in this version");
    to.apply({e.index, planted::is_on(planted::bug::wall_clock_in_apply) ? wall_clock() : e.at},
             each.command);
    if (planted::is_on(planted::bug::follower_skips_command))
      break;
  }
  to.committed({e.index, e.hash}, grants);
  return {};
}

/// How far a machine has come.
struct progress {
  receipt applied;
  log_time at;
  epoch writer{}; ///< Of the last entry seen.
};

/// Applies what `from` has after `begin`, which `into` has applied.
result<progress> replay_after(const receipt& begin, const log& from, machine& into,
                              grant_map& grants, std::uint64_t last) {
  progress made{begin, {}};
  result<void> done;
  bool has_begun = begin.index == 0;
  auto read = from.read(std::max<std::uint64_t>(begin.index, 1), [&](const entry& e) {
    has_begun = true;
    if (e.index > last)
      return false;
    if (e.index == begin.index)
      done = check_begin(begin, e);
    else if (e.index != begin.index + 1 || begin.index == 0 ||
             !planted::is_on(planted::bug::entry_skipped_after_kept_state))
      done = apply(e, into, grants);
    made = {{e.index, e.hash}, e.at, e.writer};
    return done.has_value();
  });
  if (!done || !read)
    return tl::unexpected(done ? read.error() : done.error());
  if (!has_begun) // Not by last(): the state of another node may be newer than what is known here.
    return fail(errc::corrupt, "the state of the machine is ahead of its log");
  return made;
}

} // namespace

result<void> check_grant(const take_grant& what) {
  constexpr std::size_t name_bytes_max = 255;
  for (const std::string& name : {what.group, what.node})
    if (name.empty() || name.size() > name_bytes_max)
      return fail(errc::invalid_argument, "the name of a group or node is 1 to 255 bytes");
  return {};
}

result<log_time> replay(const log& from, machine& into, std::uint64_t last) {
  grant_map grants = into.kept_grants();
  return replay_after(into.durable_to(), from, into, grants, last).map([](const progress& made) {
    return made.at;
  });
}

/// A group of commands, applied to the machine, and the entry that they need.
struct replica::group {
  position next;
  std::vector<result<committed>> answers;
  std::vector<std::size_t> written; ///< Positions of the answers whose commands are in the entry.
  batch_builder batch;

  void note(const entry& e) {
    DUCAT_CHECK(e.index == next.index);
    DUCAT_CHECK(e.at == next.at);
    for (const std::size_t i : written)
      answers[i]->receipt = {
          e.index, planted::is_on(planted::bug::receipt_of_entry_before) ? e.previous : e.hash};
  }
};

replica::replica(const replica_options& options)
    : log_{options.log}, machine_{options.machine()}, now_{options.now ? options.now : wall_clock},
      retention_{options.retention}, checkpoint_{machine_->durable_to().index},
      grants_{machine_->kept_grants()}, applied_{machine_->durable_to()} {}

result<replica> replica::open(const replica_options& options) {
  replica opened{options};
  const auto writer = opened.log_->take_epoch();
  if (!writer)
    return tl::unexpected(writer.error());
  if (auto led = opened.lead(*writer); !led)
    return tl::unexpected(led.error());
  return opened;
}

result<replica> replica::follow(const replica_options& options) {
  replica opened{options};
  if (auto done = opened.catch_up(); !done)
    return tl::unexpected(done.error());
  return opened;
}

result<void> replica::catch_up() {
  const auto made =
      replay_after(applied_, *log_, *machine_, grants_, std::numeric_limits<std::uint64_t>::max());
  if (!made)
    return tl::unexpected(made.error());
  if (made->applied.index >= applied_.index && made->at > newest_at_)
    newest_at_ = made->at;
  applied_ = made->applied;
  recent_ = {applied_.hash};
  if (writer_.value != 0 && made->writer > writer_)
    return fail(errc::epoch_lost, "another writer has begun, and has written already");
  return {};
}

result<void> replica::apply(const entry& next) {
  if (next.index != applied_.index + 1 || next.previous != applied_.hash)
    return fail(errc::corrupt,
                "log entry " + std::to_string(next.index) + " does not continue what was applied");
  if (auto done = ducat::apply(next, *machine_, grants_); !done)
    return done;
  note_applied({next.index, next.hash}, next.at);
  return {};
}

void replica::note_applied(const receipt& newest, log_time at) {
  applied_ = newest;
  newest_at_ = at;
  recent_.push_back(newest.hash);
  if (recent_.size() > receipts_kept)
    recent_.pop_front();
}

result<void> replica::lead(epoch writer) {
  writer_ = writer;
  if (planted::is_on(planted::bug::catch_up_skipped))
    return {};
  return catch_up();
}

/// Lets the machine keep its state, and tells the log how far the machine has kept it.
result<void> replica::settle() {
  machine_->committed(applied_, grants_);
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
  std::uint64_t needless = std::exchange(checkpoint_, durable);
  if (planted::is_on(planted::bug::trimmed_too_far))
    needless = applied_.index;
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

bool replica::is_fenced(const commit& what) const {
  return what.token && grant_of(what.token->group).epoch != what.token->epoch &&
         !planted::is_on(planted::bug::token_not_checked);
}

replica::group replica::apply_all(std::span<const commit> commands) {
  group made{.next = {applied_.index + 1, next_time()}, .answers = {}, .written = {}, .batch = {}};
  for (const commit& each : commands) {
    if (is_fenced(each)) {
      made.answers.push_back(fail(errc::epoch_lost, each.token->group + " has been granted anew"));
      continue;
    }
    if (auto known = machine_->answer_without_commit(each.command)) {
      made.answers.push_back(committed{std::move(*known), {}});
      continue;
    }
    made.written.push_back(made.answers.size());
    made.answers.push_back(committed{machine_->apply(made.next, each.command), {}});
    made.batch.add(each.command);
  }
  return made;
}

result<std::vector<result<committed>>> replica::run(std::span<const commit> commands) {
  group made = apply_all(commands);
  if (made.batch.is_empty())
    return std::move(made.answers);
  before_append.hit();
  const auto e = log_->append(writer_, made.next.at, std::move(made.batch).take());
  if (!e)
    return tl::unexpected(e.error());
  made.note(*e);
  note_applied({e->index, e->hash}, e->at);
  after_append.hit();
  if (auto done = settle(); !done)
    return tl::unexpected(done.error());
  return std::move(made.answers);
}

result<commits_begun> replica::begin(shared_log& to, std::span<const commit> commands,
                                     log_callback done) {
  DUCAT_CHECK(&to == log_.get());
  group made = apply_all(commands);
  if (made.batch.is_empty())
    return commits_begun{std::move(made.answers), 0};
  before_append.hit();
  const auto e =
      to.begin_append(writer_, made.next.at, std::move(made.batch).take(), std::move(done));
  if (!e)
    return tl::unexpected(e.error());
  made.note(*e);
  note_applied({e->index, e->hash}, e->at);
  return commits_begun{std::move(made.answers), e->index};
}

// Grants -----------------------------------------------------------------------------------------

grant replica::grant_of(const std::string& name) const {
  const auto found = grants_.find(name);
  return found == grants_.end() ? grant{} : found->second;
}

bool replica::is_late(const take_grant& what) const {
  return grant_of(what.group).epoch != what.after;
}

/// Returns the payload of the next entry, which grants the group.
std::string replica::begin_entry_of(const take_grant& what) {
  grants_[what.group] = {.node = what.node, .epoch = applied_.index + 1};
  batch_builder batch;
  batch.add_grant(what.group, what.node);
  return std::move(batch).take();
}

result<std::uint64_t> replica::begin_grant(shared_log& to, const take_grant& what,
                                           log_callback done) {
  DUCAT_CHECK(&to == log_.get());
  if (is_late(what))
    return 0;
  const auto e = to.begin_append(writer_, next_time(), begin_entry_of(what), std::move(done));
  if (!e)
    return tl::unexpected(e.error());
  note_applied({e->index, e->hash}, e->at);
  return e->index;
}

result<void> replica::run_grant(const take_grant& what) {
  if (is_late(what))
    return {};
  const auto e = log_->append(writer_, next_time(), begin_entry_of(what));
  if (!e)
    return tl::unexpected(e.error());
  note_applied({e->index, e->hash}, e->at);
  return settle();
}

result<receipt> replica::receipt_at(std::uint64_t index) const {
  if (index != 0 && index <= applied_.index && applied_.index - index < recent_.size())
    return receipt{index, recent_[recent_.size() - 1 - (applied_.index - index)]};
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
