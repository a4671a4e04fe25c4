/// A gRPC call of any method with any bytes: what no generated client would send, and services
/// (health, reflection) whose schemas are not installed.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <string>

namespace ducat::testing {

/// Blocking; each call on it waits for the network.
class raw_grpc_stream {
public:
  raw_grpc_stream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method)
      : stub_(channel), call_(stub_.PrepareCall(&context_, method, &queue_)) {
    call_->StartCall(nullptr);
    wait();
  }

  raw_grpc_stream(const raw_grpc_stream&) = delete;
  raw_grpc_stream& operator=(const raw_grpc_stream&) = delete;

  ~raw_grpc_stream() {
    finish();
    queue_.Shutdown();
  }

  /// Sends the only message of the client.
  void send(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    call_->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
    wait();
  }

  /// Returns the next message; "" at the end.
  std::string receive() {
    grpc::ByteBuffer bytes;
    call_->Read(&bytes, nullptr);
    grpc::Slice slice;
    if (!wait() || !bytes.DumpToSingleSlice(&slice).ok())
      return "";
    return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
  }

  /// Cancels what is not over yet and returns how the call ended.
  grpc::Status finish() {
    if (finished_)
      return status_;
    finished_ = true;
    context_.TryCancel();
    call_->Finish(&status_, nullptr);
    wait();
    return status_;
  }

  /// Returns how the call ended, once the server has ended it.
  grpc::Status wait_for_end() {
    while (!receive().empty())
      continue;
    finished_ = true;
    call_->Finish(&status_, nullptr);
    wait();
    return status_;
  }

private:
  bool wait() {
    void* tag = nullptr;
    bool good = false;
    return queue_.Next(&tag, &good) && good;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::Status status_;
  bool finished_ = false;
};

} // namespace ducat::testing
