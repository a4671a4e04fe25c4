/// Lets one thread read entries while another one works out what comes of them.
#pragma once

#include "check/entry_reading.hpp"

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace ducat::cli {

/// Reads each entry that is added, in the caller's thread, and has all readings taken in order: by
/// a second thread as soon as there is enough for it to do, else in finish(). It holds
/// some ten mebibytes of entries.
class entry_pipe {
public:
  using taker = std::function<void(const entry_reading&)>;

  explicit entry_pipe(taker take) : take_{std::move(take)} {}

  entry_pipe(const entry_pipe&) = delete;
  entry_pipe& operator=(const entry_pipe&) = delete;
  ~entry_pipe();

  /// Copies the entry, and reads it.
  void add(const entry& e);

  /// Returns when everything was taken. Throws what the taker has thrown.
  void finish();

private:
  struct piece {
    entry copy;
    entry_reading reading; ///< A view of it.
  };

  using batch = std::vector<std::unique_ptr<piece>>;

  std::unique_ptr<piece> next_piece();
  void hand_over();
  void end();
  void run();
  void take_all(const batch& pieces);

  const taker take_;
  batch pieces_; ///< Not handed over yet.
  batch spare_;  ///< Used again: memory that one thread takes and another one frees is slow.
  std::size_t bytes_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<batch> waiting_;
  batch taken_; ///< Spare from now on.
  bool is_ended_ = false;
  std::exception_ptr failure_; ///< Of the taker; nothing is taken any more.
  std::thread thread_;
};

} // namespace ducat::cli
