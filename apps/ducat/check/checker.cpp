#include "check/checker.hpp"

#include "check/entry_pipe.hpp"
#include "check/history.hpp"
#include "check/outcomes.hpp"

#include <ducat/embedded_log.hpp>

#include <fstream>
#include <future>
#include <ostream>
#include <span>
#include <utility>

namespace ducat::cli {

namespace {

/// Returns whether a body on record is what the log holds.
bool is_body(const effect& done, std::string_view on_record) {
  return half_digest_in(on_record) == done.body;
}

/// Returns whether `done` is what the call asked for, and not what another client did under the
/// same key. Accounts have names, not keys: another client may well open the same one later.
bool is_effect_of(const effect& done, const recorded_call& call) {
  return is_body(done, call.body) && call.id.kind != operation_kind::account;
}

finding about(finding_kind kind, std::uint64_t index, const recorded_call& call, std::string text) {
  return {.kind = kind,
          .index = index,
          .subject = std::string{to_string(call.id.kind)} + " " + call.id.key,
          .text = std::move(text)};
}

/// Judges one operation after another.
class judge {
public:
  /// Marks in `asked` which effects somebody asked for.
  judge(const history& log, const check_options& options, std::span<std::uint8_t> asked,
        verdict& into)
      : log_{log}, options_{options}, asked_{asked}, into_{into} {}

  void hear(std::span<const recorded_call> calls) {
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (i + ahead < calls.size())
        log_.expect(calls[i + ahead].id);
      hear(calls[i]);
    }
  }

private:
  void hear(const recorded_call& call) {
    ++into_.invoked;
    const std::size_t place = log_.find(call.id);
    const effect* done = place == history::none ? nullptr : &log_.effects()[place];
    if (done != nullptr)
      asked_[place] = 1;
    if (call.acknowledged)
      hear_acknowledged(call, done);
    else if (call.last == call_outcome::refused && !call.is_in_doubt())
      hear_refused(call, done);
    else
      hear_in_doubt(call, done);
  }

  void hear_acknowledged(const recorded_call& call, const effect* done) {
    ++into_.acknowledged;
    into_.declined += call.acknowledged->outcome == call_outcome::declined ? 1U : 0U;
    if (call.contradicted)
      into_.found.add(about(finding_kind::doubled, call.contradicted->index, call,
                            "it was answered a second time, and differently"));
    if (done == nullptr) {
      into_.found.add(about(finding_kind::lost, call.acknowledged->index, call,
                            "it was acknowledged, and is not in the log"));
      return;
    }
    check_receipt(call, *call.acknowledged, *done);
    check_request(call, *done);
    check_answer(call, *call.acknowledged, *done);
  }

  void hear_in_doubt(const recorded_call& call, const effect* done) {
    ++into_.in_doubt;
    if (done == nullptr)
      return;
    ++into_.in_doubt_committed;
    check_request(call, *done);
  }

  void hear_refused(const recorded_call& call, const effect* done) {
    ++into_.refused;
    if (done == nullptr || call.body_changed) // What is there may be one of the other requests.
      return;
    if (!options_.allow_others || is_effect_of(*done, call))
      into_.found.add(about(finding_kind::phantom, done->index, call,
                            "it was refused, and its key is in the log"));
  }

  void check_receipt(const recorded_call& call, const call_answer& answer, const effect& done) {
    if (answer.index == 0 || answer.index > log_.entries()) {
      into_.found.add(about(finding_kind::lost, answer.index, call,
                            "its receipt names an entry that the log does not have"));
      return;
    }
    if (answer.hash != hash_text(answer.index))
      into_.found.add(about(finding_kind::receipt, answer.index, call,
                            "its receipt's hash is not that of the entry"));
    if (answer.index != done.index)
      into_.found.add(about(finding_kind::receipt, answer.index, call,
                            "its effect is in entry " + std::to_string(done.index)));
  }

  /// Many receipts in a row name the same entry.
  const std::string& hash_text(std::uint64_t index) {
    if (std::exchange(hash_text_of_, index) != index)
      hash_text_ = to_hex(log_.hash_at(index));
    return hash_text_;
  }

  void check_request(const recorded_call& call, const effect& done) {
    const bool is_known = call.acknowledged || !call.body_changed;
    if (is_known && (!is_body(done, call.body) || done.kind != call.id.kind))
      into_.found.add(about(finding_kind::altered, done.index, call,
                            "the log holds another request than was sent"));
  }

  void check_answer(const recorded_call& call, const call_answer& answer, const effect& done) {
    if (call.id.kind == operation_kind::account)
      return;
    const bool same = payment_digest_in(answer.payment_id) == done.payment_id &&
                      answer.state == to_string(done.then.phase) &&
                      answer.amount == done.then.amount && answer.captured == done.then.captured &&
                      answer.refunded == done.then.refunded &&
                      (answer.outcome == call_outcome::declined) == done.declined;
    if (!same)
      into_.found.add(about(finding_kind::altered, done.index, call,
                            "the log says " + std::string{to_string(done.then.phase)} + " " +
                                std::to_string(done.then.captured) + " of " +
                                std::to_string(done.then.amount) + ", the answer was " +
                                answer.state + " " + std::to_string(answer.captured) + " of " +
                                std::to_string(answer.amount)));
  }

  const history& log_;
  const check_options& options_;
  const std::span<std::uint8_t> asked_;
  verdict& into_;
  std::uint64_t hash_text_of_ = 0;
  std::string hash_text_;
};

/// Adds what was judged of other calls.
void add_calls(verdict& to, verdict more) {
  to.invoked += more.invoked;
  to.acknowledged += more.acknowledged;
  to.declined += more.declined;
  to.refused += more.refused;
  to.in_doubt += more.in_doubt;
  to.in_doubt_committed += more.in_doubt_committed;
  to.found.add(std::move(more.found));
}

void look_for_phantoms(const history& log, std::span<const std::uint8_t> asked, findings& found) {
  for (std::size_t place = 0; place < asked.size(); ++place) {
    const effect& done = log.effects()[place];
    if (asked[place] == 0)
      found.add({.kind = finding_kind::phantom,
                 .index = done.index,
                 .subject = std::string{to_string(done.kind)} + " " + std::string{done.key},
                 .text = "nobody asked for it"});
  }
}

/// Judges all that clients have on record: a half of it in another thread if it is long.
void hear_all(const history& log, const std::vector<recorded_call>& calls,
              const check_options& options, verdict& into) {
  constexpr std::size_t calls_of_one_thread = 10'000;
  std::vector<std::uint8_t> asked(log.effects().size());
  verdict second;
  const std::span all{calls};
  const std::size_t first = all.size() <= calls_of_one_thread ? all.size() : all.size() / 2;
  const auto later =
      std::async(first == all.size() ? std::launch::deferred : std::launch::async,
                 [&] { judge{log, options, asked, second}.hear(all.subspan(first)); });
  judge{log, options, asked, into}.hear(all.first(first));
  later.wait();
  add_calls(into, std::move(second));
  if (!options.allow_others)
    look_for_phantoms(log, asked, into.found);
}

void describe(verdict& into, const history& log) {
  into.entries = log.entries();
  into.commands = log.commands();

  into.payments = log.payments();
  into.sums = log.accounts().sums();
  for (books::number account = 0; account < log.accounts().size(); ++account)
    if (!is_hidden(log.accounts().at(account)))
      into.balances.push_back(log.accounts().at(account));
  into.accounts = into.balances.size();
  into.last_hash = log.entries() == 0 ? "" : to_hex(log.hash_at(log.entries()));
}

judgement judged(const verdict& given) {
  if (!given.found.is_empty())
    return judgement::red;
  return given.acknowledged == 0 ? judgement::void_ : judgement::green;
}

} // namespace

std::string_view to_string(judgement value) noexcept {
  switch (value) {
  case judgement::green:
    return "green";
  case judgement::red:
    return "red";
  case judgement::void_:
    return "void";
  }
  return "?";
}

std::ostream& operator<<(std::ostream& out, judgement value) {
  return out << to_string(value);
}

namespace {

/// What is read of a log: its history, and what is wrong with it.
struct log_reading {
  history past;
  findings found;
};

result<void> read(const entry_source& entries, log_reading& into) {
  entry_pipe pipe{[&](const entry_reading& e) { into.past.add(e, into.found); }};
  if (auto done = entries([&](const entry& e) { pipe.add(e); }); !done)
    return done;
  pipe.finish();
  return {};
}

verdict judge_calls(log_reading& log, const call_record& record, const check_options& options) {
  verdict given;
  given.found = std::move(log.found);
  hear_all(log.past, record.calls, options, given);
  given.said = check_outcomes(options.said, log.past, given.found);
  describe(given, log.past);
  given.result = judged(given);
  return given;
}

result<call_record> read_record(const std::filesystem::path& record) {
  std::ifstream in{record, std::ios::binary};
  if (!in)
    return fail(errc::not_found, "there is no record " + record.string());
  return read_call_record(in);
}

entry_source entries_of(const log& of) {
  return [&of](const std::function<void(const entry&)>& visit) {
    return of.read(1, [&](const entry& e) {
      visit(e);
      return true;
    });
  };
}

/// Checks the log that `read_into` reads. The record is read meanwhile, in another thread: that
/// takes about as long.
template <class ReadInto>
result<verdict> check_beside(const std::filesystem::path& record, const check_options& options,
                             ReadInto read_into) {
  auto calls = std::async(std::launch::async, [&record] { return read_record(record); });
  log_reading log;
  const result<void> is_read = read_into(log);
  const result<call_record> told = calls.get();
  if (!told)
    return tl::unexpected(told.error());
  if (!is_read)
    return tl::unexpected(is_read.error());
  return judge_calls(log, *told, options);
}

} // namespace

result<verdict> check(const entry_source& entries, const call_record& record,
                      const check_options& options) {
  log_reading log;
  if (auto is_read = read(entries, log); !is_read)
    return tl::unexpected(is_read.error());
  return judge_calls(log, record, options);
}

result<verdict> check_files(const std::filesystem::path& data, const std::filesystem::path& record,
                            const check_options& options) {
  return check_beside(record, options, [&](log_reading& into) -> result<void> {
    const auto log = open_embedded_log({.directory = data, .read_only = true});
    return log ? read(entries_of(**log), into) : tl::unexpected(log.error());
  });
}

result<verdict> check_log(const log& of, const std::filesystem::path& record,
                          const check_options& options) {
  return check_beside(record, options,
                      [&](log_reading& into) { return read(entries_of(of), into); });
}

} // namespace ducat::cli
