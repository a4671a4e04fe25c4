/// The configuration of a node: one TOML file, read strictly.
#pragma once

#include <ducat/certificates.hpp>
#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>
#include <ducat/etcd_options.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ducat {

/// The table `guardian`, see below.
struct guardian_config {
  std::uint32_t restarts_max = 5;
  std::uint32_t window_s = 60;
  std::uint32_t backoff_ms = 100;
  std::uint32_t backoff_max_ms = 10'000;
  std::uint32_t hang_after_s = 10;
};

/// A table `acquirer`, see below.
struct acquirer_config {
  std::string name{};
  std::string address{};                ///< Either that,
  std::vector<std::string> addresses{}; ///< or these: a link to each, the first is preferred.
  bool takeover = false;
  std::uint32_t takeover_after_ms = 30'000;
  std::string dialect = "ascii87";
  bool plain = false;
  bool tls_1_2 = false;
  std::filesystem::path ca{};
  std::string server_name{};
  std::filesystem::path certificate{};
  std::filesystem::path key{};
  std::string terminal{};
  std::string merchant{};
  std::string mti = "0200";
  std::uint32_t answer_timeout_ms = 25'000;
  std::string reconcile_at{};
};

/// The table `gateway`, see below.
struct gateway_config {
  std::string listen{}; ///< Empty: there is no gateway.
  bool plain = false;
  bool tls_1_2 = false;
  std::filesystem::path certificate{};
  std::filesystem::path key{};
  std::filesystem::path ca{};
  std::string dialect = "ascii87";
  std::string from{};
};

/// A table `terminal`, see below.
struct terminal_config {
  std::string id{};
  bool accept_any = false;
  std::string merchant{};
  std::string to{};
  std::string currency{};
  bool partial = false;
  bool locked = false;
};

/// The table `webhooks`, see below.
struct webhooks_config {
  bool allow_private = false;
  bool tls_1_2 = false;
  std::filesystem::path ca{};
};

/// The table `alerts`, see below.
struct alerts_config {
  bool are_looked_for = false; ///< There is such a table.
  std::string url{};
  std::string heartbeat{};
  std::uint32_t heartbeat_every_s = 60;
  std::filesystem::path secret{};
  bool allow_private = false;
  bool tls_1_2 = false;
  std::filesystem::path ca{};
};

/// The table `access`, see below.
struct access_config {
  std::filesystem::path ca{}; ///< Empty: whoever is on the machine may call, and nobody else.
  std::filesystem::path certificate{};
  std::filesystem::path key{};
  std::filesystem::path token_keys{};
  std::uint32_t per_second = 0;
  std::uint32_t burst = 100;
  bool dual_control = true;

  bool is_asked_for() const { return !ca.empty(); }
};

/// The table `traces`, see below.
struct traces_config {
  std::string to{}; ///< Empty: nothing is traced.
  std::string sampled = "0.01";
  std::uint32_t waiting_max = 10'000;
  std::uint32_t every_ms = 1'000;
  bool tls_1_2 = false;
  std::filesystem::path ca{};
};

/// ```toml
/// node = "node1"             # 1 to 64 of a-z A-Z 0-9 . _ -
/// cluster = "test"           # as `node`; the data directory belongs to it
/// data = "/var/lib/ducat"    # the data directory
///
/// [listen]
/// grpc = "127.0.0.1:7411"
/// http = "127.0.0.1:7410"
/// metrics = "127.0.0.1:7413" # for Prometheus; default: there is none
///
/// [access]                   # who may call, see docs/security.md; without this table whoever
///                            # is on the machine may, and `listen` is on the loopback
/// ca = "clients-ca.crt"      # who has signed the certificates of those who call
/// certificate = "node1.crt"  # of this end, with its chain, and its key: `listen` speaks TLS
/// key = "node1.key"
/// token_keys = "token-keys"  # a directory: ID.pub of each who issues tokens; default: no tokens
/// per_second = 0             # 0 to 1000000: calls of each who calls; 0: no limit
/// burst = 100                # 1 to 1000000: so many at once, after a while without
/// dual_control = true        # corrections and terms need a second person, see docs/security.md
///
/// [faults]
/// allowed = false            # whether faults may be injected
///
/// [payments]
/// workers = 8                # 1 to 1024
/// at_a_time = 512            # 1 to 100000: that clients of this node have made; more are refused
/// cards_at_a_time = 5000     # the same of card payments, which wait for acquirers
/// nodes = ["node1", "node2"] # whose workers take payments, the preferred one first; of a node
///                            # among others; default: each node's own
/// mode = "active_active"     # primary_backup, exclusive, active_active: see redundancy_spec
/// standby = "active"         # cold, hot, active
/// takeover = false           # whether a preferred node takes over when it comes back
///
/// [settlement]               # see docs/settlement.md
/// nodes = ["node1", "node2"] # which of them settle, one at a time, the preferred one first;
///                            # default: the one that writes the log
/// order = "pain.001.001.09"  # pain.001.001.03, pain.001.001.09 or pacs.008.001.08: how banks are
///                            # told to pay a batch; the same on all nodes
///
/// [state]                    # what the log has made, kept in the data directory
/// every = 10000              # 1 to 1000000: entries of the log after which it is written, at most
///
/// [guardian]                 # of the process that restarts the runtime
/// restarts_max = 5           # 0 to 1000; more than that within the window, and it gives up
/// window_s = 60              # 1 to 86400
/// backoff_ms = 100           # 0 to 3600000: the first wait; each is twice the one before
/// backoff_max_ms = 10000     # 0 to 3600000, >= backoff_ms
/// hang_after_s = 10          # 1 to 86400: seconds without a sign of life
///
/// [[acquirer]]               # where card payments go, in this order; any number of them
/// name = "acme"              # as `node`; attempts carry it
/// address = "10.1.2.3:8583"
/// addresses = ["10.1.2.3:8583", "10.1.2.4:8583"] # instead: a link to each, to one host's books.
///                            # One carries payments, the first if it can; the others are backups
/// takeover = false           # whether a preferred link takes over when it is back
/// takeover_after_ms = 30000  # 0 to 86400000: and has been good for so long
/// dialect = "ascii87"        # of ISO 8583: a name or a file, see `ducat iso8583 dialects`
/// plain = false              # whether there is no TLS; else these:
/// tls_1_2 = false            # whether TLS 1.2 will do; otherwise it is 1.3
/// ca = "acme-ca.crt"         # who has signed the acquirer's certificate
/// server_name = ""           # that it is for; default: the host in `address`
/// certificate = "us.crt"     # of this end, and its key, if the acquirer wants one
/// key = "us.key"
/// terminal = "TERM0001"      # 8 characters: who this is to the acquirer
/// merchant = "MERCHANT0000001" # 15 characters
/// mti = "0200"               # 0200: financial; 0100: authorisation
/// answer_timeout_ms = 25000  # 1 to 290000: then a payment is in doubt, and is reversed
/// reconcile_at = "22:30"     # UTC, every day; without it only on command
///
/// [gateway]                  # the port for terminals; without it there is none
/// listen = "127.0.0.1:8583"  # a numeric address
/// plain = false              # whether there is no TLS; else these:
/// tls_1_2 = false            # as of an acquirer
/// certificate = "gw.crt"     # of this end, with its chain, and its key
/// key = "gw.key"
/// ca = "terminals-ca.crt"    # who has signed certificates of terminals; without, none is needed
/// dialect = "ascii87"        # as of an acquirer; it needs a length header
/// from = "card-acme"         # the account that card money comes from
///
/// [[terminal]]               # that the gateway serves; any number of them
/// id = "TERM0001"            # field 41: 8 of a-z A-Z 0-9 . _ -
/// merchant = "MERCHANT0000001" # field 42; without, the terminal may say what it will
/// to = "shop"                # the account of the merchant
/// currency = "EUR"
/// partial = false            # whether it understands approvals for less (10)
/// locked = false             # whether it is refused
/// accept_any = false         # whether this is for all without a table; then it has no id
///
/// [webhooks]                 # where events are delivered to, see docs/events.md
/// allow_private = false      # whether to plain http:// and to private addresses: for tests
/// ca = "our-ca.crt"          # who else signs certificates of endpoints
/// tls_1_2 = false            # as of an acquirer
///
/// [alerts]                   # the node looks itself for what somebody has to look at, and logs
/// it,
///                            # see docs/metrics.md; without this table it does not
/// url = "https://pager.example/hook" # each is posted there, too
/// heartbeat = "https://pager.example/beat" # posted to as long as alerts are looked for
/// heartbeat_every_s = 60     # 1 to 86400
/// secret = "alerts.secret"   # a file: whsec_ and base64, which signs what is posted
/// allow_private = false      # as of webhooks
/// ca = "our-ca.crt"          # the same
/// tls_1_2 = false            # the same
///
/// [traces]                   # payments are traced, see docs/traces.md; without it they are not
/// to = "http://127.0.0.1:4318/v1/traces" # where spans are posted, by OTLP/HTTP
/// sampled = "0.01"           # 0 to 1: of the payments whose client does not say
/// waiting_max = 10000        # 1 to 1000000: spans; more are dropped
/// every_ms = 1000            # 1 to 60000: how often they are posted
/// ca = "our-ca.crt"          # as of webhooks
/// tls_1_2 = false            # the same
///
/// [log]
/// level = "info"             # trace, debug, info, warn, error, off
/// ```
/// A node among others has these too; the first two tables and `cluster` are needed then:
/// ```toml
/// [etcd]                     # where the nodes' log is
/// endpoints = ["127.0.0.1:2379"]
/// ca = "ca.crt"              # these three for TLS; without, only on the loopback
/// certificate = "node1.crt"
/// key = "node1.key"
/// entries_kept = 10000       # 0 to 100000000: of the log, at least; those before that are trimmed
///                            # away when the nodes have their effects on disk
/// entries_max = 40000        # >= entries_kept: then a node that does not get on is not waited for
///
/// [link]                     # between nodes, always with mutual TLS: see `ducat certs`
/// listen = "127.0.0.1:7412"
/// advertise = "10.0.0.1:7412" # where others reach it; default: as `listen`
/// ca = "ca.crt"
/// certificate = "node1.crt"
/// key = "node1.key"
/// priority = 1               # 1 to 1000: who takes the log over, the smallest first
/// beat_ms = 100              # 20 to 10000: how often a node shows that it is alive
/// beats_missed_max = 6       # 2 to 100: then it is taken for failed
/// ```
/// Every key may be left out; what is left out is as below. `data` is empty then.
struct node_config {
  std::string node = "node1";
  std::string cluster = {}; ///< Empty: the one without a name.
  std::filesystem::path data = {};
  std::string grpc = "127.0.0.1:7411";
  std::string http = "127.0.0.1:7410";
  std::string metrics = {}; ///< Empty: nobody is shown any.
  bool faults = false;
  std::uint32_t workers = 8;
  std::uint32_t payments_max = 512;
  std::uint32_t card_payments_max = 5'000;
  redundancy_spec payments = {};              ///< No nodes: each node has its own workers.
  std::vector<std::string> settling = {};     ///< Nodes; none: the one that writes the log.
  std::string bank_order = "pain.001.001.09"; ///< Name of an iso20022::order_message.
  std::string log_level = "info";
  std::uint32_t state_every = 10'000;
  guardian_config guardian = {};
  etcd_options etcd = {}; ///< No endpoints: the node is alone.
  std::uint32_t entries_kept = 10'000;
  std::uint32_t entries_max = 40'000;
  std::string link = "127.0.0.1:7412";
  std::string link_advertised = {}; ///< Empty: as `link`.
  security::credentials link_tls = {};
  std::uint32_t priority = 100;
  std::uint32_t beat_ms = 100;
  std::uint32_t beats_missed_max = 6;
  std::vector<acquirer_config> acquirers = {};
  gateway_config gateway = {};
  std::vector<terminal_config> terminals = {};
  webhooks_config webhooks = {};
  alerts_config alerts = {};
  access_config access = {};
  traces_config traces = {};

  bool is_clustered() const { return !etcd.endpoints.empty(); }
};

/// Returns the configuration in the file at `path`.
/// Errors: not_found (no such file); io (it cannot be read); invalid_argument (not TOML, a key or
/// table that is not listed above, a value of the wrong type or out of range), with a message
/// `FILE:LINE:COLUMN: ...` that names the key; invalid_argument also if a key is missing that a
/// node among others needs.
result<node_config> load_config(const std::filesystem::path& path);

} // namespace ducat
