#include "bench/cards/raw_terminals.hpp"

#include "bench/cards/card_world.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>

#include <string>
#include <vector>

namespace ducat::cli {

namespace {

/// Runs a program to its end, and returns what it printed.
result<std::string> output_of(const std::vector<std::string>& words) {
  auto process = watched_process::start(words);
  if (!process)
    return tl::unexpected(process.error());
  std::string text;
  for (bool is_running = true; is_running;) {
    is_running = process->is_running();
    for (const std::string& line : process->read_lines())
      text += line + "\n";
    pollfd wanted{.fd = process->output(), .events = POLLIN, .revents = 0};
    if (is_running)
      ::poll(&wanted, 1, 50);
  }
  if (process->end() != "exit 0")
    return fail(errc::unavailable, words.front() + ": " + process->end() + "\n" + text);
  return text;
}

} // namespace

result<double> measure_raw(const raw_options& options) {
  auto host = acquirer_host::start(options.acquirer, options.directory / "raw.journal", {});
  if (!host)
    return tl::unexpected(host.error());
  const auto said =
      output_of({options.terminals, "--plain", "--target", host->address(), "--terminals",
                 std::to_string(options.clients), "--connections", "1", "--payments",
                 std::to_string(options.payments), "--per-second", "1000000", "--json"});
  if (!said)
    return tl::unexpected(said.error());
  (void)host->stop();
  const auto summary = nlohmann::json::parse(*said, nullptr, false);
  if (!summary.is_object() || summary.value("approved", std::uint64_t{0}) != options.payments)
    return fail(errc::unavailable, "the terminals say: " + *said);
  return summary.value("per_second", 0.0);
}

} // namespace ducat::cli
