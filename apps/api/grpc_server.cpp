#include "api/grpc_server.hpp"

#include "api/grpc_alert_service.hpp"
#include "api/grpc_event_services.hpp"
#include "api/grpc_services.hpp"
#include "api/grpc_settlement_service.hpp"
#include "api/listen_address.hpp"
#include "api/port_probe.hpp"
#include "api/readiness_watch.hpp"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <optional>

namespace ducat::api {

namespace {

void limit(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(64 * 1024);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 100);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 8 * 1024);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 60'000);
}

void keep_alive(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
}

/// Whoever has no certificate shows a token. Files that change are noticed within a second.
std::shared_ptr<grpc::ServerCredentials> credentials_of(const security::credentials& files) {
  namespace tls = grpc::experimental;
  tls::TlsServerCredentialsOptions options{std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key.string(), files.certificate.string(), files.ca.string(), 1)};
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(options);
}

void limit_age(grpc::ServerBuilder& builder, std::chrono::milliseconds most) {
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, static_cast<int>(most.count()));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 30'000);
}

void tell_health(grpc::Server& server, bool ready) {
  auto* const health = server.GetHealthCheckService();
  for (const char* name :
       {"", "ducat.v1.Payments", "ducat.v1.Accounts", "ducat.v1.Acquirers", "ducat.v1.Node",
        "ducat.v1.Events", "ducat.v1.Webhooks", "ducat.v1.Settlements", "ducat.v1.Alerts",
        "ducat.v1.Audit", "ducat.v1.Changes"})
    health->SetServingStatus(name, ready);
}

} // namespace

struct grpc_server::state {
  state(const entrance& at, std::optional<guard> by)
      : guarded(std::move(by)), payments(at), accounts(at), acquirers(at), node(at), events(at),
        webhooks(at), settlements(at), alerts(at), audit(at), changes(at) {}

  std::optional<guard> guarded;

  payments_edge payments;
  accounts_edge accounts;
  acquirers_edge acquirers;
  node_edge node;
  events_edge events;
  webhooks_edge webhooks;
  settlements_edge settlements;
  alerts_edge alerts;
  audit_edge audit;
  changes_edge changes;
  std::unique_ptr<grpc::Server> server;
  std::optional<readiness_watch> readiness;
  std::chrono::milliseconds stop_grace{};
  std::atomic<bool> stopped = false;
  int port = 0;

  bool listen(const std::string& address) {
    grpc::ServerBuilder builder;
    if (!guarded) // Of all servers that are built from now on.
      grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    limit(builder);
    keep_alive(builder);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort(
        address, guarded ? credentials_of(guarded->tls) : grpc::InsecureServerCredentials(), &port);
    if (guarded)
      limit_age(builder, guarded->time_max);
    builder.RegisterService(&payments);
    builder.RegisterService(&accounts);
    builder.RegisterService(&acquirers);
    builder.RegisterService(&node);
    builder.RegisterService(&events);
    builder.RegisterService(&webhooks);
    builder.RegisterService(&settlements);
    builder.RegisterService(&alerts);
    builder.RegisterService(&audit);
    builder.RegisterService(&changes);
    server = builder.BuildAndStart();
    return server != nullptr;
  }
};

grpc_server::grpc_server(std::unique_ptr<state> made) : state_(std::move(made)) {}

grpc_server::~grpc_server() {
  stop();
}

result<std::unique_ptr<grpc_server>> grpc_server::start(service& to, grpc_server_options options) {
  const auto address = options.guarded ? parse_listen_address(options.address)
                                       : parse_loopback_address(options.address);
  if (!address)
    return tl::unexpected(address.error());
  if (auto why = why_not_free(*address))
    return tl::unexpected(std::move(*why));
  grpc::EnableDefaultHealthCheckService(true);
  auto made = std::make_unique<state>(
      entrance{to, options.guarded ? options.guarded->keeper.get() : nullptr},
      std::move(options.guarded));
  made->stop_grace = options.stop_grace;
  if (!made->listen(to_string(*address)))
    return fail(errc::io, "cannot listen on " + to_string(*address) + ": the server did not start");
  made->readiness.emplace(
      to, [server = made->server.get()](bool ready) { tell_health(*server, ready); });
  return std::unique_ptr<grpc_server>(new grpc_server(std::move(made)));
}

int grpc_server::port() const noexcept {
  return state_->port;
}

void grpc_server::stop() {
  if (state_->stopped.exchange(true))
    return;
  state_->readiness.reset();
  state_->server->Shutdown(std::chrono::system_clock::now() + state_->stop_grace);
}

} // namespace ducat::api
