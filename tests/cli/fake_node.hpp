/// A node for tests of the client: the real API on a real socket, a few lines of payments behind
/// it, and failures as the test says.
#pragma once

#include "cli/checked_world.hpp"

#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>

#include <grpcpp/server.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace ducat::testing {

/// What becomes of one attempt.
struct fate {
  bool is_done = true; ///< Whether it has its effect.
  grpc::Status status; ///< What the client is told.
};

/// Returns the fate of attempt number `attempt`, 1 for the first, of the request with `key`.
/// Accounts have the key "account ID".
using fate_function = std::function<fate(const std::string& key, unsigned attempt)>;

/// Returns a status that carries a typed error, as a node sends it.
grpc::Status typed(v1::Error::Type type, const std::string& code);

/// Serves from construction to destruction. Payments from "broke-1" are declined, automatic ones
/// from "voided-1" are voided by an operator before their capture, all others have money. Whatever
/// names an account or payment that does not exist is refused.
class fake_node {
public:
  explicit fake_node(fate_function decide = {});
  ~fake_node();
  fake_node(const fake_node&) = delete;
  fake_node& operator=(const fake_node&) = delete;

  const std::string& endpoint() const noexcept { return endpoint_; }

  /// Returns the log of all effects.
  std::vector<entry> entries();

  /// Returns how many attempts there were with `key`, or with any key.
  unsigned attempts(const std::string& key);
  unsigned attempts();

private:
  class accounts_service;
  class payments_service;
  class node_service;

  /// Counts the attempt, and does `work` if its fate is so. `work` may fail by itself.
  grpc::Status attempt(const std::string& key, const std::function<grpc::Status()>& work);
  v1::Receipt append(const commands& batch);

  std::mutex mutex_;
  fate_function decide_;
  std::map<std::string, unsigned> attempts_;
  std::vector<entry> chain_;
  std::map<std::string, v1::AccountReply> accounts_;
  std::map<std::string, v1::PaymentReply> replies_; ///< By key.
  std::map<std::string, v1::Payment> payments_;
  std::vector<std::string> payment_ids_; ///< In order of creation.
  std::unique_ptr<accounts_service> accounts_api_;
  std::unique_ptr<payments_service> payments_api_;
  std::unique_ptr<node_service> node_api_;
  std::unique_ptr<grpc::Server> server_;
  std::string endpoint_;
};

} // namespace ducat::testing
