#include "client/connection.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>

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
  return made;
}

} // namespace

connection::connection(const std::string& endpoints,
                       const std::shared_ptr<grpc::ChannelCredentials>& by) {
  const auto credentials = by != nullptr ? by : grpc::InsecureChannelCredentials();
  for (std::size_t begin = 0; begin <= endpoints.size();) {
    const std::size_t end = std::min(endpoints.find(',', begin), endpoints.size());
    const auto channel =
        grpc::CreateCustomChannel(endpoints.substr(begin, end - begin), credentials, arguments());
    ways_.push_back({.channel = channel,
                     .accounts = v1::Accounts::NewStub(channel),
                     .payments = v1::Payments::NewStub(channel),
                     .acquirers = v1::Acquirers::NewStub(channel),
                     .node = v1::Node::NewStub(channel),
                     .events = v1::Events::NewStub(channel),
                     .webhooks = v1::Webhooks::NewStub(channel),
                     .settlements = v1::Settlements::NewStub(channel),
                     .alerts = v1::Alerts::NewStub(channel),
                     .audit = v1::Audit::NewStub(channel),
                     .changes = v1::Changes::NewStub(channel)});
    begin = end + 1;
  }
}

const connection::way& connection::pick() const {
  const std::size_t first = next_++;
  for (std::size_t i = 0; i < ways_.size(); ++i) {
    const way& each = ways_[(first + i) % ways_.size()];
    if (each.channel->GetState(true) != GRPC_CHANNEL_TRANSIENT_FAILURE)
      return each;
  }
  return ways_[first % ways_.size()];
}

void connection::connect_for(std::chrono::steady_clock::duration pause) const {
  const auto end = std::chrono::system_clock::now() + pause;
  const auto share = pause / static_cast<int>(ways_.size());
  for (const way& each : ways_) {
    const auto until = std::min(end, std::chrono::system_clock::now() + share);
    auto state = each.channel->GetState(true);
    const bool was_ready = state == GRPC_CHANNEL_READY;
    while (each.channel->WaitForStateChange(state, until)) {
      state = each.channel->GetState(true);
      if (!was_ready && state == GRPC_CHANNEL_READY)
        return;
    }
  }
}

} // namespace ducat::cli
