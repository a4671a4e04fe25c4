/// Writes segments on a thread of their own.
#pragma once

#include "ledger_store/segment_writer.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

namespace ducat::ledger {

/// One thread.
class writer_thread final : public segment_writer {
public:
  /// `first` is the number of the first segment that it will get. When another session has begun it
  /// drops what it gets.
  writer_thread(state_database& db, std::uint64_t session, std::uint32_t first);
  ~writer_thread() override;

  void write(segment_write what) override;
  void wait() override;
  std::uint64_t written() const override;

private:
  void run();

  state_database& db_;
  const std::uint64_t session_;
  const std::uint32_t first_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<segment_write> next_; ///< Being written, or about to be.
  std::uint64_t written_ = 0;
  bool stopping_ = false;
  rocksdb::WriteBatch batch_; ///< Of the thread; kept for its memory.
  std::thread thread_;
};

} // namespace ducat::ledger
