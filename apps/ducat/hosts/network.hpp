/// Hosts on a network that can be broken: a namespace for each, and one for the switch between
/// them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// Returns why this process can have no network of its own, for people; nothing if it can.
std::optional<std::string> why_no_network();

/// Runs a program to its end. Throws, with its last words, unless it ends with 0.
void run_program(const std::vector<std::string>& words);

/// The hosts are numbered from 0. This process is a host too, with a link of its own to each of
/// them that no fault hits. All names are seen by this process and its children only, and nothing
/// is left when they have ended, however they end. Make the first one before there are threads: it
/// moves this process to namespaces of its own. Throws if it cannot be made.
class network {
public:
  explicit network(std::size_t hosts);

  /// What runs on the hosts has ended before.
  ~network();

  network(const network&) = delete;
  network& operator=(const network&) = delete;

  std::size_t size() const noexcept { return hosts_; }

  /// Returns where every host reaches this one, and so does this process.
  static std::string address(std::size_t host);

  /// Returns where this process reaches what listens on the loopback of the host.
  static std::string front(std::size_t host);

  /// Returns the command line that runs `words` on a host.
  static std::vector<std::string> on(std::size_t host, const std::vector<std::string>& words);

  // Faults. They last until heal(), and one of a host replaces the one before.

  void deafen(std::size_t host) const;  ///< What others send does not reach it.
  void mute(std::size_t host) const;    ///< What it sends does not reach others.
  void isolate(std::size_t host) const; ///< Both.

  /// What programs of the host send to these ports, of its own too, or receive from them, is lost;
  /// and so is what comes to `served` ports of the host, or goes out from them.
  void isolate_ports(std::size_t host, const std::string& used, const std::string& served) const;

  /// Every connection of the host is reset, and each new one is refused.
  void reset(std::size_t host) const;

  /// The host sends and receives no more than that. Not healed by heal().
  void slow(std::size_t host, unsigned kbit_per_s) const;
  void quicken(std::size_t host) const;

  void heal(std::size_t host) const;

private:
  /// Replaces the rules of the switch, and those of the host itself, that concern it.
  void apply(std::size_t host, const std::string& at_switch, const std::string& at_host) const;
  void nft(const std::string& name_space, const std::string& script) const;

  std::size_t hosts_;
  std::filesystem::path scripts_;
};

} // namespace ducat::cli
