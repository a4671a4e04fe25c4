#include "client/connection.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

namespace ducat::cli {

namespace {

/// A node that restarts is back within a second; the defaults would wait for up to two minutes.
grpc::ChannelArguments arguments() {
  grpc::ChannelArguments made;
  made.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  made.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  made.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  made.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  made.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  made.SetLoadBalancingPolicyName("round_robin");
  return made;
}

/// Of several nodes calls go to those that are there, in turn.
std::string target_of(const std::string& endpoint) {
  return endpoint.find(',') == std::string::npos ? endpoint : "ipv4:" + endpoint;
}

} // namespace

connection::connection(const std::string& endpoint)
    : channel_{grpc::CreateCustomChannel(target_of(endpoint), grpc::InsecureChannelCredentials(),
                                         arguments())},
      accounts_{v1::Accounts::NewStub(channel_)}, payments_{v1::Payments::NewStub(channel_)},
      node_{v1::Node::NewStub(channel_)} {}

} // namespace ducat::cli
