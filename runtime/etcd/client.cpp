#include "etcd/client.hpp"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

namespace ducat::etcd {

namespace {

using std::chrono::system_clock;

/// A member that is restarted is back within a second: look for it often.
grpc::ChannelArguments arguments() {
  grpc::ChannelArguments made;
  made.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  made.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 200);
  made.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  made.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  made.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  made.SetMaxReceiveMessageSize(-1);
  made.SetLoadBalancingPolicyName("round_robin");
  return made;
}

/// "ipv4:A,B,C" is one target of several addresses.
std::string target_of(const std::vector<std::string>& endpoints) {
  std::string target = "ipv4:";
  for (const std::string& each : endpoints)
    target += (target.size() > 5 ? "," : "") + each;
  return target;
}

error error_of(const grpc::Status& status, errc otherwise) {
  const std::string text = "etcd: " + status.error_message();
  if (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT)
    return {errc::invalid_argument, text};
  if (status.error_code() ==
      grpc::StatusCode::RESOURCE_EXHAUSTED) // Too large for gRPC, or no space.
    return {text.find("larger than max") == std::string::npos ? errc::io : errc::invalid_argument,
            text};
  return {otherwise, text};
}

template <class Response, class Request>
grpc::Status call(pb::KV::Stub& kv,
                  grpc::Status (pb::KV::Stub::*method)(grpc::ClientContext*, const Request&,
                                                       Response*),
                  const Request& request, Response& response, system_clock::duration time) {
  grpc::ClientContext context;
  context.set_deadline(system_clock::now() + time);
  context.set_wait_for_ready(true);
  return (kv.*method)(&context, request, &response);
}

} // namespace

client::client(const etcd_log_options& options)
    : options_{options},
      kv_{pb::KV::NewStub(grpc::CreateCustomChannel(
          target_of(options.endpoints), grpc::InsecureChannelCredentials(), arguments()))} {}

result<pb::RangeResponse> client::range(const pb::RangeRequest& request) const {
  const auto end = system_clock::now() + options_.give_up;
  for (;;) {
    pb::RangeResponse response;
    const auto status = call(*kv_, &pb::KV::Stub::Range, request, response, options_.attempt);
    if (status.ok())
      return response;
    if (system_clock::now() >= end)
      return tl::unexpected(error_of(status, errc::unavailable));
  }
}

result<pb::TxnResponse> client::try_txn(const pb::TxnRequest& request) const {
  pb::TxnResponse response;
  const auto status = call(*kv_, &pb::KV::Stub::Txn, request, response, options_.attempt);
  if (!status.ok())
    return tl::unexpected(error_of(status, errc::outcome_unknown));
  return response;
}

void client::compact(std::int64_t revision) const {
  pb::CompactionRequest request;
  request.set_revision(revision);
  pb::CompactionResponse response;
  (void)call(*kv_, &pb::KV::Stub::Compact, request, response, options_.attempt);
}

pb::Compare mod_is(const std::string& key, std::int64_t revision) {
  pb::Compare compare;
  compare.set_target(pb::Compare::MOD);
  compare.set_key(key);
  compare.set_mod_revision(revision);
  return compare;
}

pb::RequestOp put(const std::string& key, const std::string& value) {
  pb::RequestOp op;
  op.mutable_request_put()->set_key(key);
  op.mutable_request_put()->set_value(value);
  return op;
}

pb::RequestOp get(const std::string& key) {
  pb::RequestOp op;
  op.mutable_request_range()->set_key(key);
  return op;
}

pb::RequestOp remove(const std::string& key, const std::string& range_end) {
  pb::RequestOp op;
  op.mutable_request_delete_range()->set_key(key);
  op.mutable_request_delete_range()->set_range_end(range_end);
  return op;
}

} // namespace ducat::etcd
