#include "etcd/client.hpp"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <thread>

namespace ducat::etcd {

namespace {

using std::chrono::system_clock;

/// An error may come back at once.
constexpr std::chrono::milliseconds pause_between_attempts{10};

/// A member that is restarted is back within a second: look for it often.
grpc::ChannelArguments arguments() {
  grpc::ChannelArguments made;
  made.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  made.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 200);
  made.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  made.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 6'000); // etcd takes no more than one in 5 s.
  made.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 1'000);
  made.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  made.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  made.SetMaxReceiveMessageSize(-1);
  return made;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::shared_ptr<grpc::ChannelCredentials> credentials(const etcd_options& options) {
  if (options.ca.empty())
    return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = text_of(options.ca),
                               .pem_private_key = text_of(options.key),
                               .pem_cert_chain = text_of(options.certificate)});
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

void set_deadline(grpc::ClientContext& context, system_clock::duration time) {
  context.set_deadline(system_clock::now() + time);
  context.set_wait_for_ready(true);
}

template <class Service, class Response, class Request>
grpc::Status call(Service& service,
                  grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response& response, system_clock::duration time) {
  grpc::ClientContext context;
  set_deadline(context, time);
  return (service.*method)(&context, request, &response);
}

/// Returns whether the member may be the reason, so that another one may do better.
bool may_be_down(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
}

/// One call that goes on by itself, and what it needs until it is answered.
template <class Request, class Response>
struct call_state {
  grpc::ClientContext context;
  Request request;
  Response response;
  std::function<void(result<Response>)> done;
};

} // namespace

class calls_under_way {
public:
  void add(grpc::ClientContext& context) {
    const std::lock_guard guard{guard_};
    ++count_;
    contexts_.insert(&context);
    if (ending_)
      context.TryCancel();
  }

  /// It is not to be cancelled any more, and may be destroyed.
  void forget(grpc::ClientContext& context) {
    const std::lock_guard guard{guard_};
    contexts_.erase(&context);
  }

  /// It is destroyed.
  void remove_one() {
    const std::lock_guard guard{guard_};
    --count_;
    changed_.notify_all();
  }

  void end() {
    std::unique_lock lock{guard_};
    ending_ = true;
    for (grpc::ClientContext* const each : contexts_)
      each->TryCancel();
    changed_.wait(lock, [this] { return count_ == 0; });
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
  std::set<grpc::ClientContext*> contexts_;
  bool ending_ = false;
};

namespace {

/// Starts `method` and tells `done` later. `calls` knows of it until `done` has returned and
/// nothing is left of it: a context keeps the channel, which must not end on a thread of gRPC's
/// own.
template <class Async, class Request, class Response>
void start(const std::shared_ptr<calls_under_way>& calls, Async* async,
           void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                 std::function<void(grpc::Status)>),
           const Request& request, system_clock::duration time, errc otherwise,
           std::function<void(const grpc::Status&)> note,
           std::function<void(result<Response>)> done) {
  auto* const state = new call_state<Request, Response>{}; // gRPC copies the function below.
  state->request = request;
  state->done = std::move(done);
  set_deadline(state->context, time);
  calls->add(state->context);
  (async->*method)(&state->context, &state->request, &state->response,
                   [state, otherwise, calls, note = std::move(note)](const grpc::Status& status) {
                     std::unique_ptr<call_state<Request, Response>> owned{state};
                     note(status);
                     owned->done(status.ok() ? result<Response>{std::move(owned->response)}
                                             : tl::unexpected(error_of(status, otherwise)));
                     calls->forget(owned->context);
                     owned.reset();
                     calls->remove_one();
                   });
}

} // namespace

client::client(const etcd_options& options)
    : options_{options}, calls_{std::make_shared<calls_under_way>()} {
  const auto secret = credentials(options);
  for (const std::string& each : options.endpoints) {
    const auto channel = grpc::CreateCustomChannel("ipv4:" + each, secret, arguments());
    members_.push_back({.channel = channel,
                        .kv = pb::KV::NewStub(channel),
                        .watch = pb::Watch::NewStub(channel),
                        .lease = pb::Lease::NewStub(channel)});
  }
}

/// Returns the member to ask next: one to which there is, or may be, a connection.
const client::member& client::pick() const {
  const std::size_t first = current_;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const member& each = members_[(first + i) % members_.size()];
    if (each.channel->GetState(true) != GRPC_CHANNEL_TRANSIENT_FAILURE)
      return each;
  }
  return members_[first];
}

/// The next call goes to another member if this one may be down, and is still the one.
void client::note(const member& asked, const grpc::Status& status) const {
  if (!may_be_down(status))
    return;
  const auto index = static_cast<std::size_t>(&asked - members_.data());
  std::size_t expected = index;
  current_.compare_exchange_strong(expected, (index + 1) % members_.size());
}

client::~client() {
  calls_->end();
}

result<pb::RangeResponse> client::range(const pb::RangeRequest& request) const {
  const auto end = system_clock::now() + options_.give_up;
  for (;;) {
    auto found = try_range(request);
    if (found || system_clock::now() >= end)
      return found;
    std::this_thread::sleep_for(pause_between_attempts);
  }
}

result<pb::KeyValue> client::value_of(const std::string& key) const {
  pb::RangeRequest request;
  request.set_key(key);
  return range(request).map([](const pb::RangeResponse& found) {
    return found.kvs_size() == 0 ? pb::KeyValue{} : found.kvs(0);
  });
}

result<pb::TxnResponse> client::txn(const pb::TxnRequest& request) const {
  const auto end = system_clock::now() + options_.give_up;
  for (;;) {
    auto done = try_txn(request);
    if (done || done.error().code != errc::outcome_unknown || system_clock::now() >= end)
      return done;
    std::this_thread::sleep_for(pause_between_attempts);
  }
}

result<pb::RangeResponse> client::try_range(const pb::RangeRequest& request) const {
  pb::RangeResponse response;
  const member& to = pick();
  const auto status = call(*to.kv, &pb::KV::Stub::Range, request, response, options_.attempt);
  note(to, status);
  if (!status.ok())
    return tl::unexpected(error_of(status, errc::unavailable));
  return response;
}

void client::try_range(const pb::RangeRequest& request,
                       std::function<void(result<pb::RangeResponse>)> done) const {
  const member& to = pick();
  start<class pb::KV::Stub::async, pb::RangeRequest, pb::RangeResponse>(
      calls_, to.kv->async(), &pb::KV::Stub::async::Range, request, options_.attempt,
      errc::unavailable, [this, &to](const auto& status) { note(to, status); }, std::move(done));
}

result<pb::TxnResponse> client::try_txn(const pb::TxnRequest& request) const {
  pb::TxnResponse response;
  const member& to = pick();
  const auto status = call(*to.kv, &pb::KV::Stub::Txn, request, response, options_.attempt);
  note(to, status);
  if (!status.ok())
    return tl::unexpected(error_of(status, errc::outcome_unknown));
  return response;
}

void client::try_txn(const pb::TxnRequest& request,
                     std::function<void(result<pb::TxnResponse>)> done) const {
  const member& to = pick();
  start<class pb::KV::Stub::async, pb::TxnRequest, pb::TxnResponse>(
      calls_, to.kv->async(), &pb::KV::Stub::async::Txn, request, options_.attempt,
      errc::outcome_unknown, [this, &to](const auto& status) { note(to, status); },
      std::move(done));
}

void client::compact(std::int64_t revision) const {
  pb::CompactionRequest request;
  request.set_revision(revision);
  pb::CompactionResponse response;
  (void)call(*pick().kv, &pb::KV::Stub::Compact, request, response, options_.attempt);
}

result<std::int64_t> client::grant_lease(std::chrono::seconds lasts) const {
  pb::LeaseGrantRequest request;
  request.set_ttl(lasts.count());
  const auto end = system_clock::now() + options_.give_up;
  for (;;) {
    pb::LeaseGrantResponse response;
    const member& to = pick();
    const auto status =
        call(*to.lease, &pb::Lease::Stub::LeaseGrant, request, response, options_.attempt);
    note(to, status);
    if (status.ok())
      return response.id();
    if (system_clock::now() >= end)
      return tl::unexpected(error_of(status, errc::unavailable));
    std::this_thread::sleep_for(pause_between_attempts);
  }
}

result<void> client::keep_alive(std::int64_t lease) const {
  grpc::ClientContext context;
  set_deadline(context, options_.attempt);
  const member& to = pick();
  const auto stream = to.lease->LeaseKeepAlive(&context);
  pb::LeaseKeepAliveRequest request;
  request.set_id(lease);
  pb::LeaseKeepAliveResponse response;
  const bool answered = stream->Write(request) && stream->WritesDone() && stream->Read(&response);
  context.TryCancel();
  const auto status = stream->Finish();
  if (!answered) {
    note(to, status);
    return tl::unexpected(error_of(status, errc::unavailable));
  }
  return response.ttl() > 0 ? result<void>{} : fail(errc::not_found, "etcd: the lease is over");
}

void client::revoke_lease(std::int64_t lease) const {
  pb::LeaseRevokeRequest request;
  request.set_id(lease);
  pb::LeaseRevokeResponse response;
  (void)call(*pick().lease, &pb::Lease::Stub::LeaseRevoke, request, response, options_.attempt);
}

std::unique_ptr<grpc::ClientReaderWriter<pb::WatchRequest, pb::WatchResponse>>
client::open_watch(grpc::ClientContext& context) const {
  return pick().watch->Watch(&context);
}

pb::Compare mod_is(const std::string& key, std::int64_t revision) {
  pb::Compare compare;
  compare.set_target(pb::Compare::MOD);
  compare.set_key(key);
  compare.set_mod_revision(revision);
  return compare;
}

pb::RequestOp put(const std::string& key, const std::string& value, std::int64_t lease) {
  pb::RequestOp op;
  op.mutable_request_put()->set_key(key);
  op.mutable_request_put()->set_value(value);
  op.mutable_request_put()->set_lease(lease);
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
