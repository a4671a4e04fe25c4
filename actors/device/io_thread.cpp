#include "device/io_thread.hpp"

#include <mutex>

namespace ducat::device {

std::shared_ptr<io_thread> io_thread::shared() {
  static std::mutex guard;
  static std::weak_ptr<io_thread> running;
  const std::lock_guard lock{guard};
  auto existing = running.lock();
  if (!existing) {
    existing = std::make_shared<io_thread>();
    running = existing;
  }
  return existing;
}

io_thread::io_thread()
    : context_{std::make_shared<boost::asio::io_context>(1)}, work_{context_->get_executor()},
      thread_{[context = context_] { context->run(); }} {}

io_thread::~io_thread() {
  work_.reset();
  context_->stop();
  // An actor that nobody refers to any more can end on this thread, and be the last to share it.
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

} // namespace ducat::device
