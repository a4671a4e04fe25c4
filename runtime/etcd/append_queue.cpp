#include "etcd/append_queue.hpp"

#include "log/entry_codec.hpp"

#include <ducat/log_probe.hpp>

#include <utility>

namespace ducat::etcd {

using std::chrono::steady_clock;

struct append_queue::item {
  chain_link link;
  std::string bytes;
  pb::TxnRequest request;
  log_callback done;
  steady_clock::time_point give_up;
  stopwatch begun{};
  std::optional<result<void>> outcome;
};

append_queue::append_queue(const client& to, const keys& names, const begin_options& how)
    : client_{to}, keys_{names}, options_{how}, begun_{how.newest}, durable_{how.newest} {}

append_queue::~append_queue() {
  std::unique_lock lock{guard_};
  ending_ = true;
  changed_.wait(lock, [this] { return attempts_ == 0; });
}

result<entry> append_queue::begin(log_time at, std::string payload, log_callback done) {
  std::unique_lock lock{guard_};
  changed_.wait(lock, [this] { return items_.size() < etcd_in_flight_max; });
  if (failed_)
    return tl::unexpected(*failed_);
  entry e = following(begun_, options_.granted, at, std::move(payload));
  auto made = std::make_shared<item>();
  made->link = link_of(e);
  made->bytes = encode_entry(e);
  made->done = std::move(done);
  made->give_up = steady_clock::now() + options_.give_up;
  const std::string key = keys_.entry(e.index);
  *made->request.add_compare() = mod_is(keys_.epoch(), options_.revision);
  *made->request.add_compare() = mod_is(key, 0);
  *made->request.add_success() = put(key, made->bytes);
  *made->request.add_failure() = get(key);
  begun_ = made->link;
  items_.push_back(made);
  ++attempts_;
  lock.unlock();
  attempt(made);
  return e;
}

chain_link append_queue::newest() const {
  const std::lock_guard guard{guard_};
  return durable_;
}

/// Not guarded: the answer may come before this has returned. It is counted by the caller.
void append_queue::attempt(const std::shared_ptr<item>& what) {
  client_.try_txn(what->request, [this, what, begun = stopwatch{}](const auto& answer) {
    if (answer)
      probe_of_log().sync.record(begun.elapsed());
    answered(what, answer);
  });
}

/// An attempt without an answer may have put the entry: the next one finds it there.
void append_queue::answered(const std::shared_ptr<item>& what,
                            const result<pb::TxnResponse>& answer) {
  std::unique_lock lock{guard_};
  const bool known = answer || answer.error().code != errc::outcome_unknown;
  if (!known && !ending_ && steady_clock::now() < what->give_up) {
    lock.unlock();
    attempt(what);
    return;
  }
  --attempts_;
  what->outcome = outcome_of(*what, answer);
  settle();
  changed_.notify_all();
}

result<void> append_queue::outcome_of(const item& what,
                                      const result<pb::TxnResponse>& answer) const {
  if (!answer && answer.error().code == errc::invalid_argument)
    return tl::unexpected(answer.error());
  if (!answer)
    return fail(errc::io, answer.error().message);
  if (answer->succeeded())
    return {};
  const auto& found = answer->responses(0).response_range().kvs();
  if (!found.empty() && found.Get(0).value() == what.bytes)
    return {};
  return fail(errc::epoch_lost, "epoch " + std::to_string(what.link.writer.value) +
                                    " may not append; another one was taken since");
}

/// Tells those whose turn it is. What stands after a failed entry was never acknowledged, whether
/// or not it is there: it fails with it. Guarded by the caller.
void append_queue::settle() {
  while (!items_.empty() && (failed_ || items_.front()->outcome)) {
    const auto front = std::move(items_.front());
    items_.pop_front();
    const bool is_alone = front->link.last.index == durable_.last.index + 1 && items_.empty();
    if (!failed_ && !*front->outcome)
      failed_ = front->outcome->error();
    if (!failed_) {
      durable_ = front->link;
      probe_of_log().appended(front->begun.elapsed());
    }
    front->done(failed_ ? result<void>{tl::unexpected(*failed_)} : result<void>{});
    if (is_alone && failed_ && failed_->code == errc::invalid_argument) {
      begun_ = durable_; // Refused, and nothing was built on it: it never was.
      failed_.reset();
    }
  }
}

} // namespace ducat::etcd
