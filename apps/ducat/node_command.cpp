#include "node_command.hpp"

#include "alerts/figure_source.hpp"
#include "api/admission.hpp"
#include "api/gateway.hpp"
#include "api/grpc_server.hpp"
#include "api/http_server.hpp"
#include "api/node_service.hpp"
#include "availability/cluster_watch.hpp"
#include "config.hpp"
#include "dashboard/page.hpp"
#include "exit_code.hpp"
#include "guardian/crash_report.hpp"
#include "guardian/guarded_start.hpp"
#include "guardian/guardian.hpp"
#include "guardian/heart.hpp"
#include "metrics/families.hpp"

#include <ducat/cluster.hpp>
#include <ducat/early_machine.hpp>
#include <ducat/fatal.hpp>
#include <ducat/ledger/store_directory.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/payment/wire.hpp>
#include <ducat/run.hpp>
#include <ducat/tree_availability.hpp>

#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <ostream>
#include <system_error>
#include <thread>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

/// Logs go to standard error: standard output is for the ready line.
void set_up_logging(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("ducat"));
  spdlog::set_level(spdlog::level::from_str(level));
}

/// What tells the child that looks for alerts its figures; ends that when it goes.
class open_figures {
public:
  open_figures() = default;

  open_figures(std::shared_ptr<alerts::figure_source> what, api::service& of)
      : what_{std::move(what)} {
    what_->open(of);
  }

  open_figures(open_figures&& other) noexcept : what_{std::move(other.what_)} {}

  open_figures& operator=(open_figures&& other) noexcept {
    std::swap(what_, other.what_);
    return *this;
  }

  ~open_figures() {
    if (what_ != nullptr)
      what_->close();
  }

private:
  std::shared_ptr<alerts::figure_source> what_;
};

/// A running node with its edges. Stops them in the reverse order.
struct running_node {
  std::unique_ptr<monitor::availability_board> availability;
  std::unique_ptr<monitor::tree_availability> followed;
  std::unique_ptr<cluster::member> member; ///< Null if the node is alone.
  std::unique_ptr<cluster_watch> watch;    ///< The same.
  std::unique_ptr<node> core;
  std::shared_ptr<alerts::alert_board> alerts; ///< Null if nobody looks for any.
  std::unique_ptr<api::service> service;
  open_figures figures; ///< Of the service, for what looks for alerts.
  std::unique_ptr<api::grpc_server> grpc;
  std::unique_ptr<api::http_server> http;
  std::unique_ptr<api::http_server> metrics;    ///< Null if nobody is shown any.
  std::unique_ptr<gateway::listener> terminals; ///< Null if it serves none.

  void stop() {
    if (member != nullptr)
      (void)member->drain(); // If that fails the others find out by themselves.
    terminals.reset();
    metrics.reset();
    http->stop();
    grpc->stop();
    watch.reset();
    core->stop();
  }
};

cluster::cluster_options cluster_options_of(const node_config& config) {
  return {.node = config.node,
          .cluster = config.cluster,
          .etcd = config.etcd,
          .tls = config.link_tls,
          .listen = config.link,
          .advertise = config.link_advertised,
          .api = config.grpc,
          .priority = config.priority,
          .beat = std::chrono::milliseconds{config.beat_ms},
          .beats_missed_max = config.beats_missed_max,
          .trimming = {.entries_kept = config.entries_kept, .entries_max = config.entries_max}};
}

/// A payment carries its key, so that another worker, on whatever node, may run it again.
pool_spec pool_of(const node_config& config) {
  pool_spec pool{.size = config.workers, .policy = route::least_requests};
  if (config.is_clustered() && !config.payments.nodes.empty()) {
    pool.redundancy = config.payments;
    pool.retries_max = 3;
  }
  return pool;
}

/// Makes `running` a member of its cluster, and watches that.
result<void> join(const node_config& config, running_node& running) {
  auto member = cluster::member::join(cluster_options_of(config));
  if (!member)
    return tl::unexpected(member.error());
  running.member = std::move(*member);
  running.watch = std::make_unique<cluster_watch>(
      cluster_watch_options{.node = config.node,
                            .cluster = config.cluster,
                            .switch_over =
                                config.beats_missed_max * std::chrono::milliseconds{config.beat_ms},
                            .every = std::chrono::milliseconds{config.beat_ms},
                            .members = [m = running.member.get()] { return m->members(); },
                            .groups = [m = running.member.get()] { return m->groups(); }},
      *running.availability, *running.followed);
  return {};
}

/// Returns whether this node writes the log; one that is alone does.
std::function<bool()> writes_log(const node_config& config, const cluster::member* member) {
  if (member == nullptr)
    return {};
  return [member, id = config.node] {
    return std::ranges::any_of(member->members(), [&](const cluster::member_status& each) {
      return each.id == id && each.holds_log;
    });
  };
}

/// Of several nodes the one that writes the log delivers: when another takes it over, that one goes
/// on, and what was under way may be delivered twice.
event_delivery delivery_of(const node_config& config, const cluster::member* member,
                           std::shared_ptr<payment::event_signal> signal) {
  event_delivery events{.signal = std::move(signal)};
  events.allow_private = config.webhooks.allow_private;
  events.ca = config.webhooks.ca;
  events.allows_tls_1_2 = config.webhooks.tls_1_2;
  events.delivers_here = writes_log(config, member);
  return events;
}

settling_place settling_of(const node_config& config, const cluster::member* member) {
  settling_place place{.files = config.data / "settlement",
                       .order = config.bank_order,
                       .is_here = writes_log(config, member)};
  if (config.is_clustered())
    place.nodes = config.settling;
  return place;
}

/// Payments of terminals come in by the same door as card payments of clients. Each account that
/// they pay into is somebody with a fair share.
gateway::payment_door door_for_terminals(const std::shared_ptr<api::admission>& door) {
  return [door](const std::string& to) {
    return door->enter({.role = security::role::client, .name = to},
                       std::chrono::steady_clock::now());
  };
}

ledger::keeping_limits keeping_of(std::uint64_t every) {
  ledger::keeping_limits keeping = payment::machine::limits;
  keeping.entries = every;
  return keeping;
}

/// Opens the state in the data directory, and begins to make the machine that it is of. Errors:
/// those of store_directory::open().
result<state_keeping> open_state(const node_config& config,
                                 const std::shared_ptr<payment::event_signal>& signal) {
  std::error_code code;
  std::filesystem::create_directories(config.data, code);
  auto store = ledger::store_directory::open(config.data / "state");
  if (!store)
    return tl::unexpected(store.error());
  return state_keeping{.store = *store,
                       .every = config.state_every,
                       .machines = begun_early(
                           payment::machines_in(*store, keeping_of(config.state_every), signal))};
}

/// The state of the node; nothing as long as nobody has opened it.
using early_state = std::future<result<state_keeping>>;

/// What the state takes to be read and what the cluster takes to be joined are one time for a node
/// of several: most of the second is waiting. One that is alone makes the data directory when it
/// opens its log.
early_state begin_to_open_state(const node_config& config,
                                const std::shared_ptr<payment::event_signal>& signal) {
  if (!config.is_clustered())
    return {};
  return std::async(std::launch::async, [&config, signal] { return open_state(config, signal); });
}

/// Starts the tree.
result<std::unique_ptr<node>> start_core(const node_config& config, node_options options,
                                         early_state early, const outside_world& outside) {
  result<state_keeping> state;
  auto core = node::start(std::move(options), [&](node& n) {
    state = early.valid() ? early.get() : open_state(config, outside.events.signal);
    if (state)
      describe_payment_node(n, pool_of(config), *state, outside);
  });
  if (!state)
    return tl::unexpected(state.error());
  return core;
}

/// Returns the port for those who watch the node. What its ledger does not tell soon is left out:
/// whoever scrapes once a second does not wait for longer, and would see no node at all.
result<std::unique_ptr<api::http_server>> show_metrics(api::service& of, const std::string& address,
                                                       const std::optional<api::guard>& access) {
  const auto show = [&of](time_point deadline, const std::function<void(std::string)>& done) {
    constexpr auto patience = 700ms;
    const time_point soon = std::chrono::steady_clock::now() + patience;
    metrics::gather(of, std::min(deadline, soon), [done](const metrics::node_figures& found) {
      done(metrics::exposition_of(found));
    });
  };
  return api::http_server::start(of, {.address = address,
                                      .connections_max = 100,
                                      .connections_per_address_max = 20,
                                      .answer_time_max = 2s,
                                      .guarded = access,
                                      .metrics = show});
}

/// Returns what guards the ports for clients; nothing if they are for this machine only.
result<std::optional<api::guard>> guard_of(const node_config& config) {
  if (!config.access.is_asked_for())
    return std::nullopt;
  if (const auto own = security::check_key_file(config.access.key); !own)
    return tl::unexpected(own.error());
  auto keeper = access::gatekeeper::start(
      {.cluster = config.cluster,
       .token_keys = config.access.token_keys,
       .limits = {.per_second = config.access.per_second, .burst = config.access.burst},
       .dual_control = config.access.dual_control});
  if (!keeper)
    return tl::unexpected(keeper.error());
  return api::guard{.tls = {.ca = config.access.ca,
                            .certificate = config.access.certificate,
                            .key = config.access.key},
                    .keeper = std::move(*keeper)};
}

/// All clients of a port that is on the loopback only have one address.
api::http_server_options http_options_of(const node_config& config,
                                         const std::optional<api::guard>& access) {
  api::http_server_options options{
      .address = config.http, .guarded = access, .page = dashboard::page()};
  if (!access)
    options.connections_per_address_max = options.connections_max;
  return options;
}

result<running_node> start(const node_config& config, const guardian::guarded_start& guarded) {
  const auto links = card_links_of(config);
  if (!links)
    return tl::unexpected(links.error());
  const auto access = guard_of(config);
  if (!access)
    return tl::unexpected(access.error());
  running_node running;
  running.availability = std::make_unique<monitor::availability_board>();
  running.followed = std::make_unique<monitor::tree_availability>(
      *running.availability,
      monitor::tree_availability_options{.node = config.node,
                                         .needed = {"ledger", "payments", "gateway"},
                                         .failed_since = guarded.not_ready_since});
  node_options options{
      .id = config.node,
      .cluster = config.cluster,
      .data = config.data,
      .last_end = guarded.last_end,
      .observer = [f = running.followed.get()](const auto& event) { f->on_event(event); }};
  const auto signal = std::make_shared<payment::event_signal>();
  early_state early = begin_to_open_state(config, signal);
  if (config.is_clustered()) {
    if (auto joined = join(config, running); !joined)
      return tl::unexpected(joined.error());
    running.member->enter(options, payment::spoken());
  }
  auto terminals = terminal_gateway_of(config);
  if (!terminals)
    return tl::unexpected(terminals.error());
  const auto card_payments = std::make_shared<api::admission>(config.card_payments_max);
  if (*terminals)
    (*terminals)->door = door_for_terminals(card_payments);
  const event_delivery events = delivery_of(config, running.member.get(), signal);
  if (auto good = check(events); !good)
    return tl::unexpected(good.error());
  const auto alerting = alerting_of(config);
  if (!alerting)
    return tl::unexpected(alerting.error());
  const auto tracing = tracing_of(config);
  if (!tracing)
    return tl::unexpected(tracing.error());
  auto core = start_core(config, std::move(options), std::move(early),
                         {.links = *links,
                          .terminals = *terminals,
                          .events = events,
                          .settling = settling_of(config, running.member.get()),
                          .alerts = *alerting,
                          .traces = *tracing});
  if (!core)
    return tl::unexpected(core.error());
  running.core = std::move(*core);
  if (*alerting)
    running.alerts = (*alerting)->board;
  running.service =
      api::make_node_service(*running.core, {.faults_allowed = config.faults,
                                             .events = events.signal,
                                             .member = running.member.get(),
                                             .availability = running.availability.get(),
                                             .followed = running.followed.get(),
                                             .payments_max = config.payments_max,
                                             .card_payments = card_payments,
                                             .alerts = running.alerts.get(),
                                             .keeper = *access ? (*access)->keeper : nullptr,
                                             .traces = *tracing ? (*tracing)->spans : nullptr,
                                             .acquirers = served(*links)});
  if (*alerting)
    running.figures = open_figures{(*alerting)->figures, *running.service};
  auto grpc =
      api::grpc_server::start(*running.service, {.address = config.grpc, .guarded = *access});
  if (!grpc)
    return tl::unexpected(grpc.error());
  running.grpc = std::move(*grpc);
  auto http = api::http_server::start(*running.service, http_options_of(config, *access));
  if (!http)
    return tl::unexpected(http.error());
  running.http = std::move(*http);
  if (!config.metrics.empty()) {
    auto metrics = show_metrics(*running.service, config.metrics, *access);
    if (!metrics)
      return tl::unexpected(metrics.error());
    running.metrics = std::move(*metrics);
  }
  if (*terminals) {
    auto listener = gateway::listener::start(running.core->find(desk_path), (*terminals)->port);
    if (!listener)
      return tl::unexpected(listener.error());
    running.terminals = std::move(*listener);
  }
  return running;
}

/// A node that is alone commits as soon as it runs: who reads that it is ready finds /readyz so.
/// Others may have to wait for one that writes the log, and do not hold their start up for it.
void wait_for_commits(const node_config& config, const api::service& of) {
  constexpr auto patience = 1s;
  const time_point until = std::chrono::steady_clock::now() + patience;
  while (!config.is_clustered() && !of.is_ready() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(1ms);
}

/// Returns the configuration file's values, with those of the command line put over them.
result<node_config> config_of(const node_arguments& arguments) {
  node_config config;
  if (!arguments.config.empty()) {
    auto loaded = load_config(arguments.config);
    if (!loaded)
      return loaded;
    config = std::move(*loaded);
  }
  config.data = arguments.data.value_or(config.data.string());
  config.grpc = arguments.grpc.value_or(config.grpc);
  config.http = arguments.http.value_or(config.http);
  config.metrics = arguments.metrics.value_or(config.metrics);
  config.log_level = arguments.log_level.value_or(config.log_level);
  config.workers = arguments.workers.value_or(config.workers);
  config.guardian.hang_after_s = arguments.hang_after_s.value_or(config.guardian.hang_after_s);
  config.faults = config.faults || arguments.allow_faults;
  if (config.data.empty())
    config.data = "ducat-data";
  return config;
}

guardian::guardian_limits limits_of(const guardian_config& config, unsigned stop_seconds_max) {
  return {.restarts_max = config.restarts_max,
          .window = std::chrono::seconds{config.window_s},
          .backoff = {.initial = std::chrono::milliseconds{config.backoff_ms},
                      .max = std::chrono::milliseconds{config.backoff_max_ms},
                      .jitter_percent = 0},
          .hang_after = std::chrono::seconds{config.hang_after_s},
          .stop_within = std::chrono::seconds{stop_seconds_max}};
}

/// Returns the exit code of a node that could not start. A restart mends none of those that have
/// one of their own.
int exit_code_of(errc why) {
  switch (why) {
  case errc::in_use:
    return static_cast<int>(exit_code::in_use);
  case errc::invalid_argument:
  case errc::corrupt:
  case errc::newer_version:
  case errc::not_permitted:
  case errc::other_cluster:
    return static_cast<int>(exit_code::refused);
  case errc::overloaded:
  case errc::unavailable:
  case errc::outcome_unknown:
  case errc::deadline_exceeded:
  case errc::not_found:
  case errc::epoch_lost:
  case errc::io:
    return fatal_exit_code;
  }
  return fatal_exit_code;
}

std::string with_port(const std::string& address, int port) {
  return address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

} // namespace

void describe_payment_node(node& node, const pool_spec& pool, const state_keeping& state,
                           const outside_world& outside) {
  const auto& [links, terminals, events, settling, alerts, traces] = outside;
  const machine_factory machines =
      state.store == nullptr ? payment::machines_with(events.signal)
      : state.machines != nullptr
          ? state.machines
          : payment::machines_in(state.store, keeping_of(state.every), events.signal);
  const handle ledger =
      node.replicate("ledger", machines,
                     state.store == nullptr
                         ? machine_keeping{}
                         : machine_keeping{.retention = log_retention::all, .store = state.store});
  payment::card_routes routes = routes_over(links, node);
  if (traces)
    routes.traces = traces->spans;
  std::vector<child_spec> children{
      {.id = "payments",
       .start = ducat::start(payment::card_payment_actor, ledger, std::move(routes)),
       .pool = pool,
       .handler_budget = 5s},
      {.id = "gateway", .start = api::gateway()},
      webhooks_child(events, ledger),
      settlement_child(settling, ledger),
      exceptions_child(settling, ledger, node)};
  if (!links.empty())
    children.insert(children.begin(), acquirers_child(links, ledger, node));
  if (terminals)
    children.push_back(terminals_child(*terminals, links, node));
  if (alerts)
    children.push_back(alerts_child(*alerts));
  if (traces)
    children.push_back(traces_child(*traces));
  node.supervise({.strategy = one_for_one, .restarts_max = 50, .window = 10s}, std::move(children));
}

int run_node(const node_arguments& arguments, std::ostream& out, std::ostream& err) {
  const stop_signals stop;
  if (arguments.die_with_parent)
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const guardian::guarded_start guarded = guardian::take_guarded_start();
  guardian::heart heart{guarded.pipe};
  if (guarded.pipe >= 0)
    guardian::report_crashes_to(guarded.pipe);
  const auto config = config_of(arguments);
  if (!config) {
    err << "ducat: " << config.error() << '\n';
    return static_cast<int>(exit_code::usage);
  }
  set_up_logging(config->log_level);
  auto running = start(*config, guarded);
  if (!running) {
    err << "ducat: " << explained(running.error()) << '\n';
    return exit_code_of(running.error().code);
  }
  heart.watch(running->core->system());
  wait_for_commits(*config, *running->service);
  out << "node_ready id=" << config->node
      << " grpc=" << with_port(config->grpc, running->grpc->port())
      << " http=" << with_port(config->http, running->http->port());
  if (running->metrics != nullptr)
    out << " metrics=" << with_port(config->metrics, running->metrics->port());
  if (running->terminals != nullptr)
    out << " iso8583=" << with_port(config->gateway.listen, running->terminals->port());
  out << std::endl;
  heart.tell_ready();
  stop.wait(arguments.stop_seconds_max);
  heart.stop();
  running->stop();
  return static_cast<int>(exit_code::done);
}

int guard_node(const node_arguments& arguments, std::vector<std::string> words, std::ostream& err) {
  if (arguments.die_with_parent)
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto config = config_of(arguments);
  if (!config) {
    err << "ducat: " << config.error() << '\n';
    return static_cast<int>(exit_code::usage);
  }
  set_up_logging(config->log_level);
  words.emplace_back("--unguarded");
  return guardian::guard({.words = std::move(words),
                          .limits = limits_of(config->guardian, arguments.stop_seconds_max)},
                         err);
}

} // namespace ducat::cli
