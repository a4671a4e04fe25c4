/// The connection to a node, or to several of one cluster.
#pragma once

#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/acquirer.grpc.pb.h>
#include <ducat/v1/alert.grpc.pb.h>
#include <ducat/v1/audit.grpc.pb.h>
#include <ducat/v1/change.grpc.pb.h>
#include <ducat/v1/event.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>
#include <ducat/v1/settlement_api.grpc.pb.h>
#include <ducat/v1/webhook.grpc.pb.h>

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace ducat::cli {

/// Connects when first used, and again whenever a node comes back. Each call of a member takes the
/// next node to which there is, or may be, a connection; so a repetition goes to another one. Any
/// thread may call any stub.
class connection {
public:
  /// `endpoints` is HOST:PORT, or several with commas between them. Without `by` the calls go in
  /// the clear.
  explicit connection(const std::string& endpoints,
                      const std::shared_ptr<grpc::ChannelCredentials>& by = nullptr);

  /// Returns how many endpoints there are.
  std::size_t nodes() const noexcept { return ways_.size(); }

  v1::Accounts::Stub& accounts() const { return *pick().accounts; }

  v1::Payments::Stub& payments() const { return *pick().payments; }

  v1::Acquirers::Stub& acquirers() const { return *pick().acquirers; }

  v1::Node::Stub& node() const { return *pick().node; }

  v1::Events::Stub& events() const { return *pick().events; }

  v1::Webhooks::Stub& webhooks() const { return *pick().webhooks; }

  v1::Settlements::Stub& settlements() const { return *pick().settlements; }

  v1::Alerts::Stub& alerts() const { return *pick().alerts; }

  v1::Audit::Stub& audit() const { return *pick().audit; }

  v1::Changes::Stub& changes() const { return *pick().changes; }

  template <class Stub>
  Stub& stub() const {
    if constexpr (std::is_same_v<Stub, v1::Accounts::Stub>)
      return accounts();
    else if constexpr (std::is_same_v<Stub, v1::Payments::Stub>)
      return payments();
    else if constexpr (std::is_same_v<Stub, v1::Acquirers::Stub>)
      return acquirers();
    else if constexpr (std::is_same_v<Stub, v1::Events::Stub>)
      return events();
    else if constexpr (std::is_same_v<Stub, v1::Webhooks::Stub>)
      return webhooks();
    else if constexpr (std::is_same_v<Stub, v1::Settlements::Stub>)
      return settlements();
    else if constexpr (std::is_same_v<Stub, v1::Alerts::Stub>)
      return alerts();
    else if constexpr (std::is_same_v<Stub, v1::Audit::Stub>)
      return audit();
    else if constexpr (std::is_same_v<Stub, v1::Changes::Stub>)
      return changes();
    else
      return node();
  }

  /// Waits for `pause`, or until there is a connection to a node to which there was none. gRPC
  /// makes one only while somebody waits for something.
  void connect_for(std::chrono::steady_clock::duration pause) const;

private:
  struct way {
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<v1::Accounts::Stub> accounts;
    std::unique_ptr<v1::Payments::Stub> payments;
    std::unique_ptr<v1::Acquirers::Stub> acquirers;
    std::unique_ptr<v1::Node::Stub> node;
    std::unique_ptr<v1::Events::Stub> events;
    std::unique_ptr<v1::Webhooks::Stub> webhooks;
    std::unique_ptr<v1::Settlements::Stub> settlements;
    std::unique_ptr<v1::Alerts::Stub> alerts;
    std::unique_ptr<v1::Audit::Stub> audit;
    std::unique_ptr<v1::Changes::Stub> changes;
  };

  const way& pick() const;

  std::vector<way> ways_;
  mutable std::atomic<std::size_t> next_{0};
};

} // namespace ducat::cli
