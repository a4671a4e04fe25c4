#include "bench/cards/card_world.hpp"

#include "acquirer/ctl.hpp"

#include <poll.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

namespace ducat::cli {

namespace {

using std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds{20};

/// Returns the number behind ` name=`; 0 if there is none.
std::uint16_t number_in(const std::string& line, const std::string& name) {
  const auto at = line.find(" " + name + "=");
  return at == std::string::npos ? std::uint16_t{0}
                                 : static_cast<std::uint16_t>(std::strtoul(
                                       line.c_str() + at + name.size() + 2, nullptr, 10));
}

/// Waits for some output, or a little.
void wait_for_output(const watched_process& of) {
  pollfd wanted{.fd = of.output(), .events = POLLIN, .revents = 0};
  ::poll(&wanted, 1, 50);
}

} // namespace

result<acquirer_host> acquirer_host::start(const std::filesystem::path& program,
                                           const std::filesystem::path& journal,
                                           const std::vector<std::string>& more) {
  std::vector<std::string> words{program, "--plain", "--journal", journal};
  words.insert(words.end(), more.begin(), more.end());
  auto process = watched_process::start(words);
  if (!process)
    return tl::unexpected(process.error());
  acquirer_host made{std::move(*process)};
  std::string said;
  for (const auto end = steady_clock::now() + patience; steady_clock::now() < end;) {
    const bool is_running = made.process_.is_running();
    for (const std::string& line : made.process_.read_lines()) {
      said += line + "\n";
      if (!line.starts_with("acquirer_ready "))
        continue;
      made.address_ = "127.0.0.1:" + std::to_string(number_in(line, "port"));
      made.control_port_ = number_in(line, "control");
      return made;
    }
    if (!is_running)
      break;
    wait_for_output(made.process_);
  }
  return fail(errc::unavailable, "the acquirer is not ready: " + said);
}

result<std::string> acquirer_host::control(const std::vector<std::string>& words) const {
  std::ostringstream out;
  std::ostringstream err;
  if (acquirer::control(control_port_, words, out, err) != 0)
    return fail(errc::unavailable, err.str());
  return out.str();
}

result<void> acquirer_host::stop() {
  process_.signal(SIGTERM);
  for (const auto end = steady_clock::now() + patience; process_.is_running();) {
    if (steady_clock::now() > end)
      return fail(errc::deadline_exceeded, "the acquirer does not end");
    wait_for_output(process_);
    (void)process_.read_lines();
  }
  return {};
}

result<std::unique_ptr<card_world>> card_world::start(const card_world_options& options) {
  auto acquirer = acquirer_host::start(options.acquirer, options.directory / "acquirer.journal",
                                       options.acquirer_words);
  if (!acquirer)
    return tl::unexpected(acquirer.error());
  std::unique_ptr<card_world> made{new card_world{options, std::move(*acquirer)}};
  if (auto written = made->write_config(); !written)
    return tl::unexpected(written.error());
  if (auto started = made->start_node("127.0.0.1:0"); !started)
    return tl::unexpected(started.error());
  return made;
}

result<void> card_world::write_config() const {
  std::ofstream file{options_.directory / "node.toml"};
  file << "[payments]\nworkers = " << options_.workers
       << "\n[log]\nlevel = \"error\"\n[[acquirer]]\nname = \"acme\"\naddress = \""
       << acquirer_.address()
       << "\"\nplain = true\nterminal = \"TERM0001\"\nmerchant = \"MERCHANT0000001\"\n"
       << "answer_timeout_ms = " << options_.answer_timeout_ms << '\n';
  file.close();
  return file ? result<void>{} : fail(errc::io, "the node's configuration cannot be written");
}

result<void> card_world::start_node(const std::string& address) {
  auto started = node_.start({.program = options_.program,
                              .data = options_.directory / "node",
                              .log_file = options_.directory / "node.log",
                              .grpc = address,
                              .more = {"--config", options_.directory / "node.toml"}});
  if (!started)
    return tl::unexpected(started.error());
  endpoint_ = *started;
  return {};
}

result<void> card_world::kill_node() {
  node_.kill();
  return start_node(endpoint_);
}

result<void> card_world::stop() {
  if (!node_.stop())
    return fail(errc::unavailable, "the node did not end in order");
  return acquirer_.stop();
}

result<std::filesystem::path> program_beside(const std::filesystem::path& ducat,
                                             const std::string& directory,
                                             const std::string& name) {
  const auto beside = directory.empty() ? ducat.parent_path() : std::filesystem::path{directory};
  // A build has each program in a folder of its own: apps/acquirer/ducat-acquirer.
  const auto built = ducat.parent_path().parent_path() / name.substr(name.rfind('-') + 1);
  for (const auto& place : {beside / name, built / name})
    if (std::filesystem::exists(place))
      return place;
  return fail(errc::not_found, "there is no " + name + " in " + beside.string() +
                                   ": say where it is, with --programs");
}

} // namespace ducat::cli
