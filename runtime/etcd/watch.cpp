#include "etcd/watch.hpp"

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <chrono>
#include <utility>

namespace ducat::etcd {

namespace {

/// A stream may fail at once, again and again.
constexpr std::chrono::milliseconds pause_between_streams{10};

} // namespace

watch::watch(const client& through, options how)
    : client_{through}, how_{std::move(how)}, thread_{[this] { run(); }} {}

watch::~watch() {
  ending_ = true;
  {
    const std::lock_guard guard{guard_};
    if (stream_ != nullptr)
      stream_->TryCancel();
  }
  thread_.join();
}

void watch::restart() {
  const std::lock_guard guard{guard_};
  if (stream_ != nullptr)
    stream_->TryCancel();
}

void watch::run() {
  while (!ending_) {
    const std::int64_t revision = how_.look();
    if (revision == 0)
      return;
    stream_from(revision + 1);
    std::this_thread::sleep_for(pause_between_streams);
  }
}

/// Until the stream is broken, ended by etcd, or by us. A stream whose member has died breaks; one
/// that only stands still is ended by gRPC's keepalive.
void watch::stream_from(std::int64_t revision) {
  grpc::ClientContext context;
  {
    const std::lock_guard guard{guard_};
    stream_ = &context;
  }
  if (ending_)
    context.TryCancel();
  const auto stream = client_.open_watch(context);
  pb::WatchRequest request;
  request.mutable_create_request()->set_key(how_.begin);
  request.mutable_create_request()->set_range_end(how_.end);
  request.mutable_create_request()->set_start_revision(revision);
  pb::WatchResponse events;
  if (stream->Write(request))
    while (stream->Read(&events))
      if (events.canceled() || !how_.take(events))
        break;
  context.TryCancel();
  (void)stream->Finish();
  const std::lock_guard guard{guard_};
  stream_ = nullptr;
}

} // namespace ducat::etcd
