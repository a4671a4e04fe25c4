/// A node "n2" that answers each ask of a link with the same bytes, whatever they are.
#pragma once

#include "cluster/tls.hpp"
#include "link.grpc.pb.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace ducat::testing {

class odd_node {
public:
  odd_node(const security::credentials& tls, std::string answer) : service_{std::move(answer)} {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", cluster::server_credentials(tls), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }

  odd_node(const odd_node&) = delete;
  odd_node& operator=(const odd_node&) = delete;

  ~odd_node() { server_->Shutdown(std::chrono::system_clock::now()); }

  int port() const noexcept { return port_; }

private:
  using bytes = grpc::ByteBuffer;

  class stream final : public grpc::ServerBidiReactor<bytes, bytes> {
  public:
    explicit stream(const std::string& answer) {
      const grpc::Slice slice{answer};
      answer_ = bytes{&slice, 1};
      StartSendInitialMetadata();
      StartRead(&ask_);
    }

    void OnReadDone(bool ok) override {
      if (!ok)
        return finish();
      StartWrite(&answer_);
      StartRead(&ask_);
    }

    void OnCancel() override { finish(); }

    void OnDone() override { delete this; }

  private:
    void finish() {
      const std::lock_guard lock{guard_};
      if (!std::exchange(finished_, true))
        Finish(grpc::Status::CANCELLED);
    }

    bytes ask_;
    bytes answer_;
    std::mutex guard_;
    bool finished_ = false;
  };

  struct service final
      : ducat::link::v1::Link::WithRawCallbackMethod_Carry<ducat::link::v1::Link::Service> {
    explicit service(std::string what) : answer{std::move(what)} {}

    grpc::ServerBidiReactor<bytes, bytes>* Carry(grpc::CallbackServerContext*) override {
      return new stream{answer};
    }

    std::string answer;
  };

  service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

} // namespace ducat::testing
