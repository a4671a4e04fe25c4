#include "bench/peer.hpp"

#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <cstdio>

namespace ducat::bench {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Returns `word` for a shell.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word)
    text += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return text + "'";
}

/// Returns an option with a list of numbers; nothing if there are none.
std::string list_option(const std::string& name, const std::vector<std::uint32_t>& numbers) {
  std::string text;
  for (const std::uint32_t each : numbers)
    text += (text.empty() ? " " + name + " " : ",") + std::to_string(each);
  return text;
}

std::string command_of(const peer_options& options) {
  std::string command = quoted(options.program) + " --directory " + quoted(options.directory) +
                        " --accounts " + std::to_string(options.accounts) + " --seconds " +
                        std::to_string(options.seconds) + " --seed " + std::to_string(options.seed);
  if (options.transfers)
    command += " --transfers " + std::to_string(*options.transfers);
  if (options.standby)
    command += " --standby";
  return command + list_option("--clients", options.clients) +
         list_option("--batches", options.batches) + list_option("--writers", options.writers);
}

peer_result result_of(const json& line) {
  return {.server = line.at("server"),
          .batch = line.at("batch"),
          .clients = line.at("clients"),
          .transfers = line.at("transfers"),
          .seconds = line.at("seconds"),
          .p50_us = line.at("p50_us"),
          .p99_us = line.at("p99_us")};
}

/// A program that runs, and what it prints.
class printing_program {
public:
  explicit printing_program(const std::string& command) : pipe_{::popen(command.c_str(), "re")} {}

  printing_program(const printing_program&) = delete;
  printing_program& operator=(const printing_program&) = delete;

  ~printing_program() { wait(); }

  std::optional<std::string> next_line() {
    std::string line;
    for (int c = 0; pipe_ != nullptr && (c = std::fgetc(pipe_)) != EOF;) {
      if (c == '\n')
        return line;
      line += static_cast<char>(c);
    }
    return std::nullopt;
  }

  /// Returns whether it ended well.
  bool wait() {
    FILE* const pipe = std::exchange(pipe_, nullptr);
    return pipe != nullptr && ::pclose(pipe) == 0;
  }

private:
  FILE* pipe_;
};

} // namespace

ordered_json to_json(const peer_result& result) {
  return {{"server", result.server},   {"batch", result.batch},
          {"clients", result.clients}, {"transfers", result.transfers},
          {"seconds", result.seconds}, {"transfers_per_s", result.transfers_per_s()},
          {"p50_us", result.p50_us},   {"p99_us", result.p99_us}};
}

result<void> run_peer(const peer_options& options,
                      const std::function<void(const peer_result&)>& on_result) {
  if (!std::filesystem::exists(options.program))
    return fail(errc::unavailable, "there is no " + options.program.string() +
                                       ": it is built where libpq is (libpq-dev)");
  printing_program program{command_of(options)};
  while (const auto text = program.next_line()) {
    const json line = json::parse(*text, nullptr, false);
    if (!line.is_object())
      return fail(errc::corrupt, options.program.string() + " prints " + *text);
    if (line.contains("skipped"))
      return fail(errc::unavailable, line["skipped"]);
    on_result(result_of(line));
  }
  if (!program.wait())
    return fail(errc::corrupt, options.program.string() + " failed");
  return {};
}

} // namespace ducat::bench
