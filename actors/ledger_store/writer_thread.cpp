#include "ledger_store/writer_thread.hpp"

#include "ledger_store/fault_points.hpp"

#include <utility>

namespace ducat::ledger {

bool write_segment(state_database& db, std::uint64_t session, const segment_write& what,
                   std::uint32_t number, rocksdb::WriteBatch& batch) {
  before_segment.hit();
  fill_batch(db, what, number, batch);
  const bool is_written = db.write(session, batch);
  after_flush.hit();
  return is_written;
}

writer_thread::writer_thread(state_database& db, std::uint64_t session, std::uint32_t first)
    : db_{db}, session_{session}, first_{first}, thread_{[this] { run(); }} {}

writer_thread::~writer_thread() {
  {
    const std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void writer_thread::write(segment_write what) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return !next_; });
  next_ = std::move(what);
  changed_.notify_all();
}

void writer_thread::wait() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return !next_; });
}

std::uint64_t writer_thread::written() const {
  const std::lock_guard guard{mutex_};
  return written_;
}

void writer_thread::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return next_ || stopping_; });
    if (!next_)
      return;
    lock.unlock();
    const bool is_written =
        write_segment(db_, session_, *next_, static_cast<std::uint32_t>(first_ + written_), batch_);
    lock.lock();
    written_ += is_written ? 1 : 0;
    next_.reset();
    changed_.notify_all();
  }
}

} // namespace ducat::ledger
