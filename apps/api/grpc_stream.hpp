/// A gRPC stream of what happens, for as long as the client wants it.
#pragma once

#include "api/errors.hpp"
#include "api/grpc_status.hpp"
#include "api/service.hpp"

#include <grpc/support/time.h>
#include <grpcpp/alarm.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace ducat::api {

/// What one question brought.
template <class Message>
struct stream_portion {
  std::vector<Message> messages{};
  bool has_more = false;
};

/// Asks for the next portion; called by one thread at a time, never before the last one is there.
template <class Message>
using portion_source = std::function<void(time_point deadline, respond<stream_portion<Message>>)>;

/// Writes portions as they come. Keeps one portion at most: the next is asked for when the client
/// has taken the one before. Owns itself until gRPC is done with it.
template <class Message>
class grpc_stream final : public grpc::ServerWriteReactor<Message>,
                          public std::enable_shared_from_this<grpc_stream<Message>> {
public:
  /// `counted` is the number of streams that the edge has; both outlive the stream.
  static grpc_stream* start(service& to, std::atomic<int>& counted,
                            portion_source<Message> source) {
    auto made = std::make_shared<grpc_stream>(to, counted, std::move(source));
    made->self_ = made;
    if (counted > streams_max)
      made->finish(grpc_status_of(make_error(v1::Error::UNAVAILABLE, "too_many_streams",
                                             "this node serves as many streams as it can")));
    else
      made->ask();
    return made.get();
  }

  /// Returns a stream that ends at once.
  static grpc_stream* refuse(service& to, std::atomic<int>& counted, const v1::Error& why) {
    auto made = std::make_shared<grpc_stream>(to, counted, portion_source<Message>{});
    made->self_ = made;
    made->finish(grpc_status_of(why));
    return made.get();
  }

  grpc_stream(service& to, std::atomic<int>& counted, portion_source<Message> source)
      : service_(to), counted_(counted), source_(std::move(source)) {
    ++counted_;
  }

  ~grpc_stream() override { --counted_; }

private:
  static constexpr int streams_max = 100;
  static constexpr std::chrono::milliseconds look_every{100};
  static constexpr int looks_max = 150; ///< Then it asks in any case.

  void ask() {
    known_ = service_.newest_event();
    looks_ = 0;
    source_(std::chrono::steady_clock::now() + std::chrono::seconds(10),
            [alive = this->weak_from_this()](reply<stream_portion<Message>> found) {
              if (const auto me = alive.lock())
                me->take(std::move(found));
            });
  }

  void take(reply<stream_portion<Message>> found) {
    if (!found)
      return finish(grpc_status_of(found.error()));
    portion_ = std::move(*found);
    written_ = 0;
    go_on();
  }

  void go_on() {
    std::unique_lock lock(mutex_);
    if (finished_)
      return;
    if (written_ < portion_.messages.size()) {
      is_writing_ = true;
      return this->StartWrite(&portion_.messages[written_++]);
    }
    lock.unlock();
    portion_.has_more ? ask() : wait();
  }

  void wait() {
    const std::lock_guard lock(mutex_);
    if (finished_)
      return;
    const auto at = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                 gpr_time_from_millis(look_every.count(), GPR_TIMESPAN));
    alarm_.Set(at, [alive = this->weak_from_this()](bool) {
      if (const auto me = alive.lock())
        me->look();
    });
  }

  void look() {
    const bool is_news = service_.newest_event() != known_ || ++looks_ >= looks_max;
    is_news ? ask() : wait();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      is_writing_ = false;
      if (finished_)
        return this->Finish(final_);
    }
    ok ? go_on() : finish(grpc::Status::CANCELLED);
  }

  void OnCancel() override { finish(grpc::Status::CANCELLED); }

  void OnDone() override { const auto last = std::move(self_); }

  /// Once: a write that is under way ends first.
  void finish(grpc::Status why) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(finished_, true))
      return;
    final_ = std::move(why);
    if (!is_writing_)
      this->Finish(final_);
  }

  service& service_;
  std::atomic<int>& counted_;
  portion_source<Message> source_;
  std::shared_ptr<grpc_stream> self_; ///< Until OnDone(), on whatever thread; nobody else uses it.
  grpc::Alarm alarm_;
  std::uint64_t known_ = 0;
  int looks_ = 0;
  stream_portion<Message> portion_;
  std::size_t written_ = 0;
  std::mutex mutex_;
  bool is_writing_ = false;
  bool finished_ = false;
  grpc::Status final_;
};

} // namespace ducat::api
