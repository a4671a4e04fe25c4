#include "cluster/link_server.hpp"

#include "cluster/tls.hpp"
#include "link.grpc.pb.h"

#include <ducat/identity.hpp>

#include <arpa/inet.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <charconv>
#include <chrono>
#include <deque>
#include <mutex>
#include <utility>

namespace ducat::cluster {

namespace {

namespace pb = ducat::link::v1;
using std::chrono::milliseconds;

constexpr std::uint64_t timeout_ms_max = 60'000;

/// The answers of one stream, in the order in which they came. Answers outlive the stream.
class answers {
public:
  /// Begins to write to `stream`.
  explicit answers(grpc::ServerBidiReactor<pb::Ask, pb::Answer>& stream) : stream_{&stream} {}

  void add(pb::Answer answer) {
    const std::lock_guard guard{guard_};
    if (stream_ == nullptr)
      return;
    waiting_.push_back(std::move(answer));
    if (waiting_.size() == 1)
      stream_->StartWrite(&waiting_.front());
  }

  void written() {
    const std::lock_guard guard{guard_};
    waiting_.pop_front();
    if (stream_ != nullptr && !waiting_.empty())
      stream_->StartWrite(&waiting_.front());
  }

  /// Ends the stream.
  void finish(const grpc::Status& status) {
    const std::lock_guard guard{guard_};
    if (stream_ != nullptr)
      std::exchange(stream_, nullptr)->Finish(status);
  }

private:
  std::mutex guard_;
  grpc::ServerBidiReactor<pb::Ask, pb::Answer>* stream_; ///< Null when it is finished.
  std::deque<pb::Answer> waiting_;                       ///< The first one is being written.
};

pb::Answer answer_of(std::uint64_t id, result<std::string> body) {
  pb::Answer answer;
  answer.set_id(id);
  if (body) {
    answer.set_body(std::move(*body));
  } else {
    answer.set_error(static_cast<std::uint32_t>(body.error().code));
    answer.set_message(body.error().message);
  }
  if (answer.ByteSizeLong() > message_bytes_max)
    return answer_of(id, fail(errc::outcome_unknown, "the answer is too large for a link"));
  return answer;
}

/// One stream of asks. Owns itself until gRPC is done with it.
class ask_stream final : public grpc::ServerBidiReactor<pb::Ask, pb::Answer> {
public:
  ask_stream(std::string from, const ask_handler& handler)
      : from_{std::move(from)}, handler_{handler} {
    StartSendInitialMetadata(); // The other side knows by it that it is let in.
    StartRead(&ask_);
  }

  void OnReadDone(bool ok) override {
    if (!ok)
      return answers_->finish(grpc::Status::OK);
    const milliseconds timeout{std::min<std::uint64_t>(ask_.timeout_ms(), timeout_ms_max)};
    handler_({.from = from_,
              .to = std::move(*ask_.mutable_to()),
              .type = std::move(*ask_.mutable_type()),
              .body = std::move(*ask_.mutable_body()),
              .deadline = std::chrono::steady_clock::now() + timeout},
             [to = answers_, id = ask_.id()](result<std::string> body) {
               to->add(answer_of(id, std::move(body)));
             });
    StartRead(&ask_);
  }

  void OnWriteDone(bool ok) override {
    if (ok)
      answers_->written();
  }

  void OnCancel() override { answers_->finish(grpc::Status::CANCELLED); }

  void OnDone() override { delete this; }

private:
  const std::string from_;
  const ask_handler& handler_;
  pb::Ask ask_;
  std::shared_ptr<answers> answers_ = std::make_shared<answers>(*this);
};

/// A stream that is refused.
class refused_stream final : public grpc::ServerBidiReactor<pb::Ask, pb::Answer> {
public:
  explicit refused_stream(const grpc::Status& why) { Finish(why); }

  void OnDone() override { delete this; }
};

/// Returns the node at the other end. Errors: not_permitted, other_cluster.
result<std::string> caller_of(const grpc::CallbackServerContext& context,
                              const std::string& cluster) {
  for (const grpc::string_ref& uri : context.auth_context()->FindPropertyValues("peer_uri"))
    if (const auto who = security::parse_identity({uri.data(), uri.size()});
        who && who->kind == security::role::node)
      return who->cluster == cluster
                 ? result<std::string>{who->name}
                 : fail(errc::other_cluster, "this is a node of cluster " + cluster);
  return fail(errc::not_permitted, "only nodes may use links");
}

/// Returns whether `text` is ADDRESS:PORT, with an address of IPv4.
bool is_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos)
    return false;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [last, code] = std::from_chars(text.data() + colon + 1, end, port);
  in_addr parsed{};
  return code == std::errc{} && last == end &&
         ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &parsed) == 1;
}

bool speaks_version(const grpc::CallbackServerContext& context) {
  const auto found = context.client_metadata().find("ducat-link-version");
  return found != context.client_metadata().end() && found->second == std::to_string(link_version);
}

} // namespace

struct link_server::state final : pb::Link::CallbackService {
  std::string cluster;
  ask_handler handler;
  int port = 0;
  std::unique_ptr<grpc::Server> server;

  grpc::ServerBidiReactor<pb::Ask, pb::Answer>*
  Carry(grpc::CallbackServerContext* context) override {
    const auto caller = caller_of(*context, cluster);
    if (!caller)
      return new refused_stream{{grpc::StatusCode::PERMISSION_DENIED, to_string(caller.error())}};
    if (!speaks_version(*context))
      return new refused_stream{
          {grpc::StatusCode::FAILED_PRECONDITION,
           "this node speaks version " + std::to_string(link_version) + " of the link"}};
    return new ask_stream{*caller, handler};
  }
};

link_server::link_server(std::unique_ptr<state> made) : state_{std::move(made)} {}

link_server::~link_server() {
  stop();
}

result<std::unique_ptr<link_server>> link_server::start(const link_server_options& options,
                                                        ask_handler handler) {
  if (!is_address(options.address))
    return fail(errc::invalid_argument, "nodes are served at ADDRESS:PORT, not " + options.address);
  auto made = std::make_unique<state>();
  made->cluster = options.cluster;
  made->handler = std::move(handler);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.address, server_credentials(options.tls), &made->port);
  builder.RegisterService(made.get());
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 100);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 1'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 1'000);
  builder.SetMaxReceiveMessageSize(static_cast<int>(message_bytes_max));
  made->server = builder.BuildAndStart();
  if (made->server == nullptr || made->port == 0)
    return fail(errc::in_use, "nodes cannot be served at " + options.address);
  return std::unique_ptr<link_server>{new link_server{std::move(made)}};
}

int link_server::port() const noexcept {
  return state_->port;
}

void link_server::stop() {
  if (state_->server == nullptr)
    return;
  state_->server->Shutdown(std::chrono::system_clock::now());
  state_->server->Wait();
  state_->server.reset();
}

} // namespace ducat::cluster
