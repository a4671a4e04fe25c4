/// The thread on which the connections of all links of a process are read and written.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <thread>

namespace ducat::device {

/// Runs from its construction until the last one who shares it lets go of it. What is pending then
/// is dropped. Safe from any thread.
class io_thread {
public:
  /// Returns the one of this process; starts it if nobody has it.
  static std::shared_ptr<io_thread> shared();

  io_thread();
  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;
  ~io_thread();

  boost::asio::io_context& context() noexcept { return *context_; }

private:
  std::shared_ptr<boost::asio::io_context> context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

} // namespace ducat::device
