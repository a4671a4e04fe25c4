/// The connection to a node, or to several of one cluster.
#pragma once

#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace ducat::cli {

/// Connects when first used, and again whenever the node comes back. Any thread may call any stub.
/// `endpoint` is HOST:PORT, or several ADDRESS:PORT with commas between them.
class connection {
public:
  explicit connection(const std::string& endpoint);

  v1::Accounts::Stub& accounts() const noexcept { return *accounts_; }

  v1::Payments::Stub& payments() const noexcept { return *payments_; }

  v1::Node::Stub& node() const noexcept { return *node_; }

private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Accounts::Stub> accounts_;
  std::unique_ptr<v1::Payments::Stub> payments_;
  std::unique_ptr<v1::Node::Stub> node_;
};

} // namespace ducat::cli
