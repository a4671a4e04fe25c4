#include "node_command.hpp"

#include "api/gateway.hpp"
#include "api/grpc_server.hpp"
#include "api/http_server.hpp"
#include "api/node_service.hpp"

#include <ducat/fatal.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <ostream>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// Logs go to standard error: standard output is for the ready line.
void set_up_logging(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("ducat"));
  spdlog::set_level(spdlog::level::from_str(level));
}

/// A running node with its two edges. Stops them in the reverse order.
struct running_node {
  std::unique_ptr<node> core;
  std::unique_ptr<api::service> service;
  std::unique_ptr<api::grpc_server> grpc;
  std::unique_ptr<api::http_server> http;

  void stop() {
    http->stop();
    grpc->stop();
    core->stop();
  }
};

result<running_node> start(const node_config& config) {
  running_node running;
  auto core = node::start({.id = config.node, .data = config.data},
                          [&](node& n) { describe_payment_node(n, config.workers); });
  if (!core)
    return tl::unexpected(core.error());
  running.core = std::move(*core);
  running.service = api::make_node_service(*running.core, {.faults_allowed = config.faults});
  auto grpc = api::grpc_server::start(*running.service, {.address = config.grpc});
  if (!grpc)
    return tl::unexpected(grpc.error());
  running.grpc = std::move(*grpc);
  auto http = api::http_server::start(*running.service, {.address = config.http});
  if (!http)
    return tl::unexpected(http.error());
  running.http = std::move(*http);
  return running;
}

std::string with_port(const std::string& address, int port) {
  return address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

} // namespace

void describe_payment_node(node& node, std::uint32_t workers) {
  const handle ledger = node.replicate("ledger", payment::make_machine);
  node.supervise({.strategy = one_for_one, .restarts_max = 50, .window = 10s},
                 {{.id = "payments",
                   .start = ducat::start(payment::payment_actor, ledger),
                   .pool = pool_spec{.size = workers, .policy = route::least_requests}},
                  {.id = "gateway", .start = api::gateway()}});
}

int run_node(const node_config& config, std::ostream& out, std::ostream& err) {
  const sigset_t signals = block_stop_signals();
  set_up_logging(config.log_level);
  auto running = start(config);
  if (!running) {
    err << "ducat: " << running.error() << '\n';
    return fatal_exit_code;
  }
  out << "node_ready id=" << config.node
      << " grpc=" << with_port(config.grpc, running->grpc->port())
      << " http=" << with_port(config.http, running->http->port()) << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  running->stop();
  return 0;
}

} // namespace ducat::cli
