#include "bench/peer.hpp"

#include "bench/printing_program.hpp"

#include <nlohmann/json.hpp>

namespace ducat::bench {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Adds an option with a list of numbers; nothing if there are none.
void add_list(std::vector<std::string>& words, const std::string& name,
              const std::vector<std::uint32_t>& numbers) {
  std::string text;
  for (const std::uint32_t each : numbers)
    text += (text.empty() ? "" : ",") + std::to_string(each);
  if (!text.empty())
    words.insert(words.end(), {name, text});
}

std::vector<std::string> words_of(const peer_options& options) {
  std::vector<std::string> words{"--directory", options.directory,
                                 "--accounts",  std::to_string(options.accounts),
                                 "--seconds",   std::to_string(options.seconds),
                                 "--seed",      std::to_string(options.seed)};
  if (options.transfers)
    words.insert(words.end(), {"--transfers", std::to_string(*options.transfers)});
  if (options.standby)
    words.push_back("--standby");
  add_list(words, "--clients", options.clients);
  add_list(words, "--batches", options.batches);
  add_list(words, "--writers", options.writers);
  return words;
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

} // namespace

ordered_json to_json(const peer_result& result) {
  return {{"server", result.server},   {"batch", result.batch},
          {"clients", result.clients}, {"transfers", result.transfers},
          {"seconds", result.seconds}, {"transfers_per_s", result.transfers_per_s()},
          {"p50_us", result.p50_us},   {"p99_us", result.p99_us}};
}

std::filesystem::path peer_program_or(const std::string& given) {
  if (!given.empty())
    return given;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / postgres_program;
}

result<void> run_peer_program(const std::filesystem::path& program,
                              const std::vector<std::string>& words,
                              const std::function<void(const json&)>& on_line) {
  if (!std::filesystem::exists(program))
    return fail(errc::unavailable,
                "there is no " + program.string() + ": it is built where libpq is (libpq-dev)");
  std::string command = quoted(program);
  for (const std::string& each : words)
    command += " " + quoted(each);
  printing_program running{command};
  while (const auto text = running.next_line()) {
    const json line = json::parse(*text, nullptr, false);
    if (!line.is_object())
      return fail(errc::corrupt, program.string() + " prints " + *text);
    if (line.contains("skipped"))
      return fail(errc::unavailable, line["skipped"]);
    on_line(line);
  }
  if (!running.wait())
    return fail(errc::corrupt, program.string() + " failed");
  return {};
}

result<void> run_peer(const peer_options& options,
                      const std::function<void(const peer_result&)>& on_result) {
  return run_peer_program(options.program, words_of(options),
                          [&](const json& line) { on_result(result_of(line)); });
}

} // namespace ducat::bench
