#include "command_line.hpp"

#include "acquirers/options.hpp"
#include "alerts/options.hpp"
#include "audit/options.hpp"
#include "availability/availability_options.hpp"
#include "bench/options.hpp"
#include "certs/callers.hpp"
#include "certs/certs_command.hpp"
#include "certs/token_command.hpp"
#include "changes/options.hpp"
#include "chaos/chaos_command.hpp"
#include "check/check_command.hpp"
#include "client/account_commands.hpp"
#include "client/credentials.hpp"
#include "client/dead_letter_commands.hpp"
#include "client/operator_commands.hpp"
#include "client/payment_commands.hpp"
#include "events/options.hpp"
#include "inspect/dump.hpp"
#include "inspect/receipt.hpp"
#include "inspect/tail.hpp"
#include "inspect/verify.hpp"
#include "iso8583/options.hpp"
#include "ledger/exec.hpp"
#include "ledger/verify.hpp"
#include "links/options.hpp"
#include "load/load_commands.hpp"
#include "prove/prove_command.hpp"
#include "settle/options.hpp"
#include "sim/sim_command.hpp"
#include "top/options.hpp"
#include "tree/check_command.hpp"
#include "up/payments_option.hpp"

#include <ducat/payment/webhook_url.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <ostream>

namespace ducat::cli {

namespace {

struct global_options {
  std::string endpoint = "127.0.0.1:7411";
  std::string output = "table";
  double timeout_s = 10;
  caller_files caller{};
};

bool colours_wanted(const program_environment& environment) {
  const char* no_color = std::getenv("NO_COLOR");
  return environment.out_is_terminal && (no_color == nullptr || *no_color == '\0');
}

/// The commands, and what the one that was named does. Options are bound to members, which live as
/// long as the parser.
class program {
public:
  explicit program(const program_environment& environment) : environment_{environment} {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.set_version_flag("--version", "ducat " DUCAT_VERSION);
    app_.add_option("--endpoint", globals_.endpoint,
                    "The node, as HOST:PORT; several with commas: any of them")
        ->envname("DUCAT_ENDPOINT")
        ->take_last()
        ->capture_default_str();
    add_caller_options();
    app_.add_option("--output", globals_.output, "table, or json: one document on stdout")
        ->check(CLI::IsMember({"table", "json"}))
        ->take_last()
        ->capture_default_str();
    app_.add_option("--timeout", globals_.timeout_s, "Seconds until a call is given up")
        ->check(CLI::Range(0.001, 86400.0))
        ->take_last()
        ->capture_default_str();
    add_node();
    if (environment.run_demo)
      add_demo();
    if (environment.run_up)
      add_up();
    add_operator_commands();
    add_availability();
    add_account_commands();
    add_payment_commands();
    add_fault_commands();
    add_dead_letter_commands();
    add_generate();
    add_import();
    add_check();
    add_log_commands();
    add_receipt_verify();
    add_ledger();
    add_bench_commands(app_, benches_,
                       {.environment = environment_,
                        .is_json = [this] { return make_console().is_json(); },
                        .chosen = [this](std::function<int()> run) { action_ = std::move(run); }});
    add_certs();
    add_token_commands(app_, token_, [this](token_action act) {
      action_ = [this, act = std::move(act)] {
        return static_cast<int>(act(make_console(), seconds_now()));
      };
    });
    add_sim_command(app_, sim_, [this] {
      action_ = [this] {
        sim_.show_progress = environment_.err_is_terminal;
        return static_cast<int>(run_sim(sim_, make_console()));
      };
    });
    add_chaos_command(app_, chaos_, [this](const chaos_action& act) {
      action_ = [this, act] {
        chaos_.show_progress = environment_.err_is_terminal;
        const console io = make_console();
        return static_cast<int>(act({.program = environment_.program, .io = io}));
      };
    });
    add_prove_command(app_, prove_, [this] {
      action_ = [this] {
        prove_.show_progress = environment_.err_is_terminal;
        return static_cast<int>(run_prove(prove_, make_console()));
      };
    });
    const auto of_session = [this](CLI::App* command, session_action what) {
      on(command, std::move(what));
    };
    add_events_commands(app_, events_, of_session);
    add_audit_commands(app_,
                       {.on_node = of_session, .on_file = [this](CLI::App* command, auto act) {
                          command->callback([this, act] {
                            action_ = [this, act] { return static_cast<int>(act(make_console())); };
                          });
                        }});
    add_change_commands(app_, of_session);
    add_acquirer_commands(app_, acquirers_, of_session);
    add_iso8583_commands(app_, iso8583_, [this](const iso8583_action& act) {
      action_ = [this, act] {
        return static_cast<int>(act({environment_.in, environment_.out, environment_.err}));
      };
    });
  }

  int run(std::vector<std::string> arguments) {
    std::ranges::reverse(arguments); // CLI11 takes them from the back.
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::ParseError& e) {
      const bool is_help = app_.exit(e, environment_.out, environment_.err) == 0;
      return static_cast<int>(is_help ? exit_code::done : exit_code::usage);
    }
    return action_();
  }

private:
  using session_action = std::function<exit_code(const session&)>;

  /// Makes `what` the action of `command`, which talks to a node, unless a command below it was
  /// named.
  void on(CLI::App* command, session_action what) {
    command->callback([this, command, what = std::move(what)] {
      if (!command->get_subcommands().empty())
        return;
      action_ = [this, what] { return static_cast<int>(talk(what)); };
    });
  }

  /// Of a node that asks who calls.
  void add_caller_options() {
    const auto add = [this](const char* name, std::filesystem::path& into, const char* what) {
      app_.add_option(name, into, what)->take_last();
    };
    add("--ca", globals_.caller.ca, "Who has signed the node's certificate, PEM: speak TLS");
    add("--cert", globals_.caller.certificate, "Whose certificate you are, PEM, with --cert-key");
    add("--cert-key", globals_.caller.key, "Its key, PEM");
    add("--token-file", globals_.caller.token, "Or a file with a token, see ducat token");
  }

  exit_code talk(const session_action& what) const {
    const console io = make_console();
    const auto credentials = credentials_in(globals_.caller);
    if (!credentials) {
      io.err << explained(credentials.error()) << '\n';
      return exit_code::usage;
    }
    const connection node{globals_.endpoint, *credentials};
    const auto total = std::chrono::duration<double>{globals_.timeout_s};
    return what(
        {.node = node, .io = io, .limits = {.total = std::chrono::duration_cast<duration>(total)}});
  }

  console make_console() const {
    return {.out = environment_.out,
            .err = environment_.err,
            .format = globals_.output == "json" ? output_format::json : output_format::table,
            .colours = colours_wanted(environment_)};
  }

  static CLI::App* add_group(CLI::App& parent, const std::string& name, const std::string& what) {
    CLI::App* group = parent.add_subcommand(name, what);
    group->require_subcommand(1);
    return group;
  }

  void add_node() {
    CLI::App* node = app_.add_subcommand("node", "Run a node; or change one of a cluster");
    node->require_subcommand(0, 1);
    add_node_change(*node, "drain", "It hands the log over and takes no new work",
                    v1::ChangeNodeRequest::DRAIN);
    add_node_change(*node, "resume", "It takes work again", v1::ChangeNodeRequest::RESUME);
    add_node_change(*node, "remove", "Forget a node that is gone", v1::ChangeNodeRequest::REMOVE);
    node->add_option("--config", node_.config, "Configuration file");
    node->add_option("--data", node_.data, "Data directory");
    node->add_option("--grpc", node_.grpc, "Where to serve gRPC, as HOST:PORT");
    node->add_option("--http", node_.http, "Where to serve HTTP, as HOST:PORT");
    node->add_option("--metrics", node_.metrics,
                     "Where to show metrics to Prometheus, as HOST:PORT");
    node->add_option("--workers", node_.workers, "Payment actors in the pool")
        ->check(CLI::Range(1, 1024));
    node->add_option("--log-level", node_.log_level, "trace, debug, info, warn, error or off")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
    node->add_option("--stop-within", node_.stop_seconds_max,
                     "Seconds from SIGTERM until the process is ended, whatever still hangs")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    node->add_flag("--allow-faults", node_.allow_faults, "Let ducat crash and ducat faults work");
    node->add_flag("--die-with-parent", node_.die_with_parent,
                   "End when the process that started it ends");
    node->add_flag("--unguarded", node_.unguarded, "Run in this process, without a guardian");
    node->add_option("--hang-after", node_.hang_after_s,
                     "Seconds without a sign of life until the guardian restarts it")
        ->check(CLI::Range(1, 86400));
    node->callback([this, node] {
      if (node->get_subcommands().empty())
        action_ = [this] { return environment_.run_node(node_); };
    });
  }

  void add_node_change(CLI::App& node, const std::string& name, const std::string& what,
                       v1::ChangeNodeRequest::Change change) {
    CLI::App* command = node.add_subcommand(name, what);
    command->add_option("id", id_, "Id of the node, see ducat nodes")->required();
    on(command, [this, change](const session& with) {
      v1::ChangeNodeRequest request;
      request.set_id(id_);
      request.set_change(change);
      return change_node(with, request);
    });
  }

  void add_demo() {
    CLI::App* demo =
        app_.add_subcommand("demo", "Crash a node while it takes payments, and check its log");
    demo->add_option("--nodes", demo_.nodes, "More than one: a cluster, on ducat up")
        ->check(CLI::Range(1, 9))
        ->capture_default_str();
    demo->add_option("--payments", demo_.payments, "How many")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    demo->add_option("--seed", demo_.seed, "Of the payments and of the crashes")
        ->capture_default_str();
    demo->add_option("--kills", demo_.kills, "How often the process is killed")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    demo->add_option("--directory", demo_.directory, "Where everything is kept");
    demo->callback([this] { action_ = [this] { return environment_.run_demo(demo_); }; });
  }

  void add_up() {
    CLI::App* up = app_.add_subcommand("up", "Run a whole cluster on this machine");
    up->add_option("--nodes", up_.nodes, "How many; default: 3, or as many as there are")
        ->check(CLI::Range(1, 9));
    up->add_option("--dir", up_.directory, "Where everything is kept")->capture_default_str();
    up->add_option("--base-port", up_.base_port,
                   "Node I has the ports from that one + 10 (I - 1) on; 0: free ones")
        ->check(CLI::Range(0, 65'000))
        ->capture_default_str();
    add_payments_option(*up, up_.payments);
    up->add_flag("--allow-faults", up_.allow_faults, "Let ducat crash and ducat faults work");
    const auto is_url = [](const std::string& url) {
      const bool is_good = payment::parse_webhook_url(url) && url.find_first_of("\"\\") == url.npos;
      return is_good ? "" : "it must be http:// or https:// and a host";
    };
    up->add_option("--alerts-to", up_.alerts_to, "A URL where each alert is posted")->check(is_url);
    up->add_option("--traces-to", up_.traces_to, "A URL where spans are posted, by OTLP/HTTP")
        ->check(is_url);
    up->add_flag("--quiet", up_.quiet, "Show only what the cluster as a whole does");
    up->callback([this] { action_ = [this] { return environment_.run_up(up_); }; });
  }

  void add_page_options(CLI::App* command) {
    command->add_option("--limit", page_.limit, "Rows of a page")->check(CLI::Range(1, 100));
    command->add_option("--after", page_.after, "Id of the last row of the page before");
    command->add_flag("--all", page_.all, "Every page");
  }

  void add_operator_commands() {
    on(app_.add_subcommand("status", "Show the node's state and whether its books balance"),
       show_status);
    on(add_top_command(app_, top_),
       [this](const session& with) { return top_command(with, top_); });
    on(app_.add_subcommand("nodes", "List the nodes of the cluster"), list_nodes);
    add_settle_commands(app_, [this](auto* command, auto act) { on(command, act); });
    add_alert_commands(app_, [this](auto* command, auto act) { on(command, act); });
    add_link_commands(app_, globals_.output, [this](auto* command, auto act) { on(command, act); });
    on(app_.add_subcommand("groups", "List the redundancy groups, and who serves"), list_groups);
    add_tree();
    CLI::App* crashing = app_.add_subcommand("crash", "Crash a child of the tree, or cut a link");
    auto* const what = crashing->add_option_group("what")->require_option(1);
    what->add_option("path", crash_path_, "Path of the child, see ducat tree");
    what->add_option("--link", cut_link_,
                     "Another node: the connection to it ends (throw), or for the lease (hang)");
    add_fault_options(crashing);
    on(crashing, [this](const session& with) {
      v1::CrashRequest request;
      request.set_path(crash_path_);
      request.set_link(cut_link_);
      return crash(with, with_fault(std::move(request)));
    });
  }

  void add_availability() {
    add_availability_command(app_, availability_, globals_.output)->callback([this] {
      action_ = [this] {
        if (availability_.predict)
          return static_cast<int>(predict_availability(availability_, make_console()));
        return static_cast<int>(
            talk([this](const session& with) { return show_availability(with, availability_); }));
      };
    });
  }

  void add_tree() {
    CLI::App* tree = app_.add_subcommand("tree", "Show the supervision tree");
    tree->require_subcommand(0, 1);
    on(tree, show_tree);
    CLI::App* check = tree->add_subcommand("check", "Say what is doubtful about a tree");
    check->add_option("file", tree_file_, "A tree as TOML");
    check->add_flag("--node", of_node_, "The tree that the node runs");
    check->require_option(1);
    check->callback([this] { action_ = [this] { return static_cast<int>(run_tree_check()); }; });
  }

  exit_code run_tree_check() const {
    return of_node_ ? talk(check_tree_of_node) : check_tree_file(tree_file_, make_console());
  }

  void add_fault_options(CLI::App* command) {
    command->add_option("--fault", fault_, "What happens to it")
        ->check(CLI::IsMember({"throw", "exit", "hang", "segv"}))
        ->capture_default_str();
    command->add_option("--times", times_, "How often")->check(CLI::Range(1, 1000000));
    command->add_option("--lease", lease_ms_, "Milliseconds until a hang ends by itself");
  }

  template <class Request>
  Request with_fault(Request request) const {
    request.set_fault(fault_);
    request.set_times(times_);
    request.set_lease_ms(lease_ms_);
    return request;
  }

  void add_dead_letter_commands() {
    CLI::App* letters = add_group(app_, "deadletters", "Messages that nobody will handle");
    on(letters->add_subcommand("list", "List them, oldest first"), list_dead_letters);
    add_letter_command(*letters, "show", "Show one", show_dead_letter);
    add_letter_command(*letters, "retry", "Send it again, and say what came of it",
                       retry_dead_letter);
    add_letter_command(*letters, "discard", "Forget it", discard_dead_letter);
  }

  void add_letter_command(CLI::App& letters, const std::string& name, const std::string& what,
                          exit_code (*act)(const session&, std::uint64_t)) {
    CLI::App* command = letters.add_subcommand(name, what);
    command->add_option("id", letter_id_, "Id of the dead letter")->required();
    on(command, [this, act](const session& with) { return act(with, letter_id_); });
  }

  void add_fault_commands() {
    CLI::App* faults = add_group(app_, "faults", "Fault points");
    on(faults->add_subcommand("list", "List the fault points"), list_faults);
    CLI::App* arm = faults->add_subcommand("arm", "Arm a fault point");
    arm->add_option("name", fault_name_, "Name of the point")->required();
    add_fault_options(arm);
    on(arm, [this](const session& with) {
      v1::ArmFaultRequest request;
      request.set_name(fault_name_);
      return arm_fault(with, with_fault(std::move(request)));
    });
    CLI::App* disarm = faults->add_subcommand("disarm", "Disarm a fault point");
    disarm->add_option("name", fault_name_, "Name of the point")->required();
    on(disarm, [this](const session& with) {
      v1::DisarmFaultRequest request;
      request.set_name(fault_name_);
      return disarm_fault(with, request);
    });
  }

  void add_account_commands() {
    CLI::App* account = add_group(app_, "account", "Accounts");
    CLI::App* create = account->add_subcommand("create", "Open an account");
    create->add_option("id", id_, "1 to 64 of a-z A-Z 0-9 . _ -")->required();
    create->add_option("--currency", currency_, "ISO 4217, such as EUR")->required();
    create->add_flag("--overdraft", overdraft_, "It may owe");
    create->add_option("--owner", owner_, "The merchant who may use it");
    on(create, [this](const session& with) {
      v1::CreateAccountRequest request;
      request.set_id(id_);
      request.set_currency(currency_);
      request.set_overdraft(overdraft_);
      request.set_owner(owner_);
      return create_account(with, request);
    });
    CLI::App* show = account->add_subcommand("show", "Show an account");
    show->add_option("id", id_, "Its id")->required();
    on(show, [this](const session& with) { return show_account(with, id_); });
    CLI::App* list = account->add_subcommand("list", "List accounts, oldest first");
    add_page_options(list);
    on(list, [this](const session& with) { return list_accounts(with, page_); });
  }

  void add_payment_commands() {
    CLI::App* pay = add_group(app_, "pay", "Payments");
    add_pay_create(*pay);
    add_pay_change<v1::CapturePaymentRequest>(*pay, "capture", "Capture an authorised payment",
                                              capture_payment);
    add_pay_change<v1::VoidPaymentRequest>(*pay, "void", "Release an authorised payment",
                                           void_payment);
    add_pay_change<v1::RefundPaymentRequest>(*pay, "refund", "Pay a captured payment back",
                                             refund_payment);
    CLI::App* show = pay->add_subcommand("show", "Show a payment");
    show->add_option("id", id_, "Its id")->required();
    on(show, [this](const session& with) { return show_payment(with, id_); });
    CLI::App* list = pay->add_subcommand("list", "List payments, oldest first");
    add_page_options(list);
    on(list, [this](const session& with) { return list_payments(with, page_); });
  }

  void add_generate() {
    CLI::App* generate =
        app_.add_subcommand("generate", "Make a file of payments for ducat import");
    constexpr std::uint64_t most = 1'000'000;
    generate->add_option("--payments", generator_.payments, "How many")->required();
    generate->add_option("--accounts", generator_.accounts, "Customers")
        ->check(CLI::Range(std::uint64_t{1}, most))
        ->capture_default_str();
    generate->add_option("--merchants", generator_.merchants, "Merchants")
        ->check(CLI::Range(std::uint64_t{1}, most))
        ->capture_default_str();
    generate->add_option("--seed", generator_.seed, "The same makes the same file")
        ->capture_default_str();
    generate->add_option("--currency", generator_.currency, "ISO 4217")->capture_default_str();
    generate->callback([this] {
      action_ = [this] { return static_cast<int>(generate_command(generator_, environment_.out)); };
    });
  }

  void add_import() {
    CLI::App* import = app_.add_subcommand("import", "Send a file of payments");
    import->add_option("file", import_.file, "JSON lines, see ducat generate; - is stdin")
        ->required();
    import->add_option("--in-flight", import_.options.in_flight, "Calls at the same time")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    import->add_option("--record", record_,
                       "File to which what was asked and answered is appended, for ducat check");
    import->add_option("--retry-for", retry_for_s_, "Seconds until a call is given up")
        ->check(CLI::Range(0.001, 86400.0))
        ->capture_default_str();
    import->callback(
        [this] { action_ = [this] { return static_cast<int>(run_import_command()); }; });
  }

  exit_code run_import_command() {
    const auto retry_for = std::chrono::duration<double>{retry_for_s_};
    import_.options.endpoint = globals_.endpoint;
    import_.options.record = record_;
    import_.options.retry_for = std::chrono::duration_cast<duration>(retry_for);
    import_.json = make_console().is_json();
    import_.progress_bar = environment_.err_is_terminal;
    return import_command(import_, environment_.in, environment_.out, environment_.err);
  }

  void add_check() {
    CLI::App* check = app_.add_subcommand(
        "check", "Hold a client's record of acknowledgements against a stopped node's log");
    check->add_option("--data", check_.data, "Data directory of the node")->required();
    check->add_option("--record", check_.record, "What ducat import --record wrote")->required();
    check->add_option("--settlement", check_.said,
                      "What ducat settle printed as JSON when the log was as it is, a list a line");
    check->add_flag("--allow-others", check_.options.allow_others,
                    "The log also holds what other clients did");
    check->callback([this] {
      action_ = [this] {
        check_.json = make_console().is_json();
        return static_cast<int>(check_command(check_, environment_.out, environment_.err));
      };
    });
  }

  /// Makes `what` the action of `command`, which looks at a data directory.
  void on_data(CLI::App* command, std::function<exit_code(const console&)> what) {
    command->add_option("--data", data_, "Data directory of the node")->required();
    command->callback([this, what = std::move(what)] {
      action_ = [this, what] { return static_cast<int>(what(make_console())); };
    });
  }

  void add_ledger_verify(CLI::App& ledger) {
    CLI::App* verify = ledger.add_subcommand("verify", "Verify every file of a ledger's state");
    verify->add_flag("--replay", ledger_verify_.replay,
                     "Also build the state again from the first entry of the log, and compare");
    on_data(verify, [this](const console& io) {
      ledger_verify_.data = data_;
      return verify_ledger(ledger_verify_, io);
    });
  }

  void add_ledger() {
    CLI::App* ledger = add_group(app_, "ledger", "The double-entry ledger itself");
    add_ledger_verify(*ledger);
    CLI::App* exec = ledger->add_subcommand("exec", "Run a script of ledger commands, JSON lines");
    exec->add_option("file", exec_.file, "The script; - for standard input")->required();
    exec->add_option("--data", exec_.data, "Run it on the ledger in this data directory");
    exec->callback([this] {
      action_ = [this] {
        return static_cast<int>(
            exec_ledger(exec_, environment_.in, environment_.out, environment_.err));
      };
    });
  }

  void add_log_tail(CLI::App& log) {
    CLI::App* tail = log.add_subcommand("tail", "Print a line for each of the newest entries");
    tail->add_option("--from", tail_.from,
                     "Index of the first entry, 0 for the oldest; without it the newest ten");
    tail->add_flag("--follow", tail_.follow, "Go on as the log grows");
    on_data(tail, [this](const console& io) {
      tail_.data = data_;
      tail_.output = environment_.out_descriptor;
      return tail_log(tail_, io);
    });
  }

  void add_log_commands() {
    CLI::App* log = add_group(app_, "log", "The log of a node");
    on_data(log->add_subcommand("dump", "Print it as JSON lines"),
            [this](const console& io) { return dump_log(data_, io.out, io.err); });
    on_data(log->add_subcommand("verify", "Verify every entry, and the chain of their hashes"),
            [this](const console& io) { return verify_log(data_, io); });
    add_log_tail(*log);
  }

  void add_receipt_verify() {
    CLI::App* verify = add_group(app_, "receipt", "Receipts of acknowledgements")
                           ->add_subcommand("verify", "Say whether a log holds what one names");
    verify->add_option("receipt", receipt_, "INDEX/HASH, as ducat pay prints it")->required();
    on_data(verify, [this](const console& io) { return verify_receipt(data_, receipt_, io); });
  }

  using certs_action = exit_code (*)(const certs_arguments&, const console&,
                                     security::calendar_time);

  /// Adds a command that writes a certificate.
  CLI::App* add_certs_command(CLI::App& certs, const std::string& name, const std::string& what,
                              certs_action act) {
    CLI::App* command = certs.add_subcommand(name, what);
    command->add_option("--dir", certs_.directory, "Where the CA is")->required();
    command->add_option("--days", certs_.days, "How long it is valid; nothing outlives the CA")
        ->check(CLI::Range(1, static_cast<int>(security::validity_max.count())));
    command->callback([this, act] {
      action_ = [this, act] {
        return static_cast<int>(act(certs_, make_console(), seconds_now()));
      };
    });
    return command;
  }

  static security::calendar_time seconds_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  void add_certs() {
    CLI::App* certs = add_group(app_, "certs", "Certificates of nodes and clients");
    add_certs_command(*certs, "init", "Make the CA of a cluster: ca.crt, ca.key", make_authority)
        ->add_option("--cluster", certs_.name, "1 to 64 of a-z A-Z 0-9 . _ -")
        ->required();
    CLI::App* node = add_certs_command(
        *certs, "node", "Issue to a node: ID.crt, ID.key; again to renew", issue_node);
    node->add_option("id", certs_.name, "Id of the node")->required();
    node->add_option("--host", certs_.hosts, "DNS name or address that it is reached at, too")
        ->allow_extra_args(false);
    CLI::App* client = add_certs_command(
        *certs, "client", "Issue to a client: NAME.crt, NAME.key; again to renew", issue_client);
    client->add_option("name", certs_.name, "Name of the client")->required();
    client->add_option("--role", certs_.role, "What it may ask of the API; client: nothing")
        ->check(CLI::IsMember(roles_of_callers()))
        ->capture_default_str();
    CLI::App* show = certs->add_subcommand("show", "Say whose a certificate is, and until when");
    show->add_option("file", certificate_, "The certificate, PEM")->required();
    show->callback([this] {
      action_ = [this] {
        return static_cast<int>(show_certificate(certificate_, make_console(), seconds_now()));
      };
    });
  }

  /// CLI11 would take a number that does not fit for the largest one that does.
  CLI::Option* add_amount(CLI::App* command) {
    return command->add_option_function<std::string>(
        "--amount",
        [this](const std::string& text) {
          const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), amount_);
          if (code != std::errc{} || end != text.data() + text.size() || amount_ <= 0)
            throw CLI::ValidationError("--amount", "must be a positive number of minor units, "
                                                   "at most 9223372036854775807");
        },
        "In minor units, such as cents");
  }

  void add_key(CLI::App* command) {
    command->add_option("--key", key_, "Idempotency key; a random one is made and printed");
  }

  void add_pay_create(CLI::App& pay) {
    CLI::App* create = pay.add_subcommand("create", "Pay");
    create->add_option("--from", from_, "Account that pays")->required();
    create->add_option("--to", to_, "Account that is paid")->required();
    add_amount(create)->required();
    create->add_option("--currency", currency_, "ISO 4217, such as EUR")->required();
    create->add_flag("--manual", manual_, "Only hold the amount, until pay capture or pay void");
    create->add_option("--description", description_, "At most 255 bytes");
    add_metadata(create);
    create->add_option("--card-file", card_file_,
                       "Pay by card: the file has its number on a line, and perhaps the security "
                       "code on the next; - for standard input");
    add_key(create);
    on(create, [this](const session& with) {
      v1::CreatePaymentRequest request = payment_request();
      if (!card_file_.empty() && !read_card(card_file_, environment_.in, *request.mutable_card())) {
        environment_.err << "ducat: there is no card number in " << card_file_ << '\n';
        return exit_code::usage;
      }
      return create_payment(with, std::move(request));
    });
  }

  void add_metadata(CLI::App* command) {
    command
        ->add_option_function<std::vector<std::string>>(
            "--metadata",
            [this](const std::vector<std::string>& pairs) {
              for (const std::string& pair : pairs) {
                const auto equals = pair.find('=');
                if (equals == std::string::npos || equals == 0)
                  throw CLI::ValidationError("--metadata", "must be KEY=VALUE");
                if (!metadata_.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second)
                  throw CLI::ValidationError("--metadata", "has a key twice");
              }
            },
            "KEY=VALUE, shown with the payment; may be given up to 50 times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  v1::CreatePaymentRequest payment_request() const {
    v1::CreatePaymentRequest request;
    request.set_idempotency_key(key_);
    request.set_from(from_);
    request.set_to(to_);
    request.set_amount(amount_);
    request.set_currency(currency_);
    request.set_capture_method(manual_ ? v1::MANUAL : v1::AUTOMATIC);
    request.set_description(description_);
    request.mutable_metadata()->insert(metadata_.begin(), metadata_.end());
    return request;
  }

  template <class Request>
  void add_pay_change(CLI::App& pay, const std::string& name, const std::string& what,
                      exit_code (*change)(const session&, Request)) {
    CLI::App* command = pay.add_subcommand(name, what);
    command->add_option("id", id_, "Id of the payment")->required();
    add_key(command);
    if constexpr (requires(Request request) { request.set_amount(0); })
      add_amount(command);
    on(command, [this, change](const session& with) {
      Request request;
      request.set_id(id_);
      request.set_idempotency_key(key_);
      if constexpr (requires { request.set_amount(amount_); })
        request.set_amount(amount_);
      return change(with, std::move(request));
    });
  }

  const program_environment& environment_;
  CLI::App app_{"ducat: a fault-tolerant payment runtime", "ducat"};
  std::function<int()> action_;
  global_options globals_;
  node_arguments node_;
  availability_arguments availability_;
  top_options top_;
  demo_arguments demo_;
  up_arguments up_;
  page_options page_;
  check_arguments check_;
  generator_options generator_;
  import_arguments import_;
  std::string record_;
  double retry_for_s_ = 60;
  std::string data_;
  exec_arguments exec_;
  std::string receipt_;
  tail_arguments tail_;
  ledger_verify_arguments ledger_verify_;
  bench_arguments benches_;
  token_arguments token_{};
  certs_arguments certs_;
  iso8583_arguments iso8583_;
  sim_arguments sim_;
  chaos_arguments chaos_;
  prove_arguments prove_;
  events_options events_;
  acquirer_arguments acquirers_;
  std::string certificate_;
  std::string id_, currency_, from_, to_, key_, description_, card_file_;
  std::map<std::string, std::string> metadata_;
  std::string crash_path_, cut_link_, fault_name_, fault_ = "throw";
  std::string tree_file_;
  std::int64_t amount_ = 0;
  std::uint32_t times_ = 1;
  std::uint64_t lease_ms_ = 0;
  std::uint64_t letter_id_ = 0;
  bool overdraft_ = false;
  std::string owner_;
  bool manual_ = false;
  bool of_node_ = false;
};

} // namespace

int run(std::vector<std::string> arguments, const program_environment& environment) {
  return program{environment}.run(std::move(arguments));
}

} // namespace ducat::cli
