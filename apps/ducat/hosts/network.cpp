#include "hosts/network.hpp"

#include "up/watched_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ducat::cli {

namespace {

const char* const switch_name = "switch";

std::string host_name(std::size_t host) {
  return fmt::format("host{}", host + 1);
}

/// The port of the switch that a host is plugged into.
std::string port_of(std::size_t host) {
  return fmt::format("port{}", host + 1);
}

/// The end of this process's own link to a host.
std::string front_of(std::size_t host) {
  return fmt::format("to-host{}", host + 1);
}

/// Runs a program; returns how it ended, and what it said.
std::pair<std::string, std::string> run_to_end(const std::vector<std::string>& words) {
  auto program = watched_process::start(words);
  if (!program)
    throw std::runtime_error(to_string(program.error()));
  std::string said;
  while (program->output() >= 0) {
    pollfd watched{.fd = program->output(), .events = POLLIN, .revents = 0};
    ::poll(&watched, 1, -1);
    for (const std::string& line : program->read_lines())
      said += line + '\n';
  }
  while (program->is_running())
    ::poll(nullptr, 0, 1);
  return {program->end(), said};
}

void ip(const std::string& arguments) {
  std::istringstream text{"ip " + arguments};
  std::vector<std::string> words;
  for (std::string word; text >> word;)
    words.push_back(word);
  run_program(words);
}

void check(bool done, const char* what) {
  if (!done)
    throw std::system_error(errno, std::generic_category(), what);
}

/// Moves this process to a network and a table of mounts of its own. The names of namespaces are
/// files below /run.
void leave_the_machine() {
  static bool left = false;
  if (left)
    return;
  check(::unshare(CLONE_NEWNS | CLONE_NEWNET) == 0, "unshare");
  check(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount /");
  // What is mounted later is seen, and gone, in the tables of the hosts too.
  check(::mount("none", "/", nullptr, MS_REC | MS_SHARED, nullptr) == 0, "mount /");
  check(::mount("none", "/run", "tmpfs", 0, nullptr) == 0, "mount /run");
  left = true;
  ip("link set lo up");
}

bool is_installed(const std::string& program) {
  for (const char* directory : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"})
    if (std::filesystem::exists(directory + program))
      return true;
  return false;
}

} // namespace

std::optional<std::string> why_no_network() {
  if (::geteuid() != 0)
    return "network namespaces need root";
  for (const char* program : {"ip", "nft", "tc"})
    if (!is_installed(program))
      return std::string{program} + " is not installed: see apps/packages.txt";
  try {
    leave_the_machine();
  } catch (const std::exception& why) {
    return std::string{"this machine gives no network namespace: "} + why.what();
  }
  return std::nullopt;
}

void run_program(const std::vector<std::string>& words) {
  const auto [end, said] = run_to_end(words);
  if (end != "exit 0")
    throw std::runtime_error(fmt::format("{}: {}, {}", fmt::join(words, " "), end, said));
}

network::network(std::size_t hosts) : hosts_{hosts} {
  leave_the_machine();
  scripts_ = "/run/nft"; // Of this process only, as /run is.
  ip(fmt::format("netns add {}", switch_name));
  ip(fmt::format("-n {} link add bridge type bridge", switch_name));
  ip(fmt::format("-n {} link set bridge up", switch_name));
  std::string chains;
  std::string jumps;
  for (std::size_t i = 0; i < hosts; ++i) {
    const std::string host = host_name(i);
    ip("netns add " + host);
    ip(fmt::format("-n {} link set lo up", host));
    ip(fmt::format("link add wire netns {} type veth peer name {} netns {}", host, port_of(i),
                   switch_name));
    ip(fmt::format("-n {} addr add {}/24 dev wire", host, address(i)));
    ip(fmt::format("-n {} link set wire up", host));
    ip(fmt::format("-n {0} link set {1} master bridge up", switch_name, port_of(i)));
    ip(fmt::format("link add {} type veth peer name front netns {}", front_of(i), host));
    ip(fmt::format("addr add 10.60.{}.1/24 dev {}", i + 1, front_of(i)));
    ip(fmt::format("link set {} up", front_of(i)));
    ip(fmt::format("-n {} addr add {}/24 dev front", host, front(i)));
    ip(fmt::format("-n {} link set front up", host));
    ip(fmt::format("route add {}/32 via {}", address(i), front(i)));
    run_program(on(i, {"sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/front/route_localnet"}));
    nft(host, fmt::format("table ip front {{\n"
                          " chain prerouting {{ type nat hook prerouting priority -100; "
                          "ip daddr {} dnat to 127.0.0.1; }}\n"
                          "}}\n"
                          "table inet faults {{\n"
                          " chain in {{ type filter hook input priority 0; }}\n"
                          " chain out {{ type filter hook output priority 0; }}\n"
                          "}}\n",
                          front(i)));
    chains += fmt::format(" chain {} {{ }}\n", host);
    jumps += fmt::format(" jump {};", host);
  }
  nft(switch_name, fmt::format("table bridge faults {{\n{} chain forward {{ type filter hook "
                               "forward priority 0;{} }}\n}}\n",
                               chains, jumps));
}

network::~network() {
  for (std::size_t i = 0; i < hosts_; ++i) {
    run_to_end({"ip", "link", "del", front_of(i)});
    run_to_end({"ip", "netns", "del", host_name(i)});
  }
  run_to_end({"ip", "netns", "del", switch_name});
}

std::string network::address(std::size_t host) {
  return fmt::format("10.50.0.{}", host + 1);
}

std::string network::front(std::size_t host) {
  return fmt::format("10.60.{}.2", host + 1);
}

std::vector<std::string> network::on(std::size_t host, const std::vector<std::string>& words) {
  std::vector<std::string> all = {"ip", "netns", "exec", host_name(host)};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

void network::deafen(std::size_t host) const {
  apply(host, fmt::format("oifname {} drop", port_of(host)), "");
}

void network::mute(std::size_t host) const {
  apply(host, fmt::format("iifname {} drop", port_of(host)), "");
}

void network::isolate(std::size_t host) const {
  apply(host, fmt::format("iifname {0} drop\noifname {0} drop", port_of(host)), "");
}

void network::isolate_ports(std::size_t host, const std::string& used,
                            const std::string& served) const {
  std::string rules;
  if (!used.empty())
    rules += fmt::format("iifname {0} tcp dport {{ {1} }} drop\n"
                         "oifname {0} tcp sport {{ {1} }} drop\n",
                         port_of(host), used);
  if (!served.empty())
    rules += fmt::format("iifname {0} tcp sport {{ {1} }} drop\n"
                         "oifname {0} tcp dport {{ {1} }} drop\n",
                         port_of(host), served);
  apply(host, rules,
        used.empty() ? "" : fmt::format("in iifname lo tcp dport {{ {0} }} drop\n", used));
}

void network::reset(std::size_t host) const {
  apply(host, "",
        "in iifname wire tcp flags & rst == 0 reject with tcp reset\n"
        "out oifname wire tcp flags & rst == 0 reject with tcp reset\n");
}

void network::slow(std::size_t host, unsigned kbit_per_s) const {
  const std::string limit = fmt::format("tbf rate {}kbit burst 16kb latency 200ms", kbit_per_s);
  for (const auto& [name, device] :
       {std::pair{host_name(host), std::string{"wire"}}, {switch_name, port_of(host)}}) {
    std::istringstream text{
        fmt::format("ip netns exec {} tc qdisc replace dev {} root {}", name, device, limit)};
    run_program({std::istream_iterator<std::string>{text}, {}});
  }
}

void network::quicken(std::size_t host) const {
  run_program(on(host, {"tc", "qdisc", "del", "dev", "wire", "root"}));
  run_program(
      {"ip", "netns", "exec", switch_name, "tc", "qdisc", "del", "dev", port_of(host), "root"});
}

void network::heal(std::size_t host) const {
  apply(host, "", "");
}

void network::apply(std::size_t host, const std::string& at_switch,
                    const std::string& at_host) const {
  const auto script = [](const std::string& table, const std::string& chain,
                         const std::string& rules) {
    std::string text;
    std::istringstream lines{rules};
    for (std::string line; std::getline(lines, line);)
      if (!line.empty())
        text += fmt::format("add rule {} {}{}\n", table, chain.empty() ? "" : chain + " ", line);
    return text;
  };
  nft(switch_name, fmt::format("flush chain bridge faults {}\n", host_name(host)) +
                       script("bridge faults", host_name(host), at_switch));
  nft(host_name(host), "flush chain inet faults in\nflush chain inet faults out\n" +
                           script("inet faults", "", at_host));
}

/// One transaction: all of it or nothing.
void network::nft(const std::string& name_space, const std::string& script) const {
  std::ofstream{scripts_} << script;
  run_program({"ip", "netns", "exec", name_space, "nft", "-f", scripts_.string()});
}

} // namespace ducat::cli
