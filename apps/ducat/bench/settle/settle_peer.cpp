#include "bench/settle/settle_peer.hpp"

#include "bench/peer.hpp"

#include <nlohmann/json.hpp>

namespace ducat::bench {

result<void> run_settle_peer(const settle_peer_options& options,
                             const std::function<void(const settle_peer_result&)>& on_result) {
  return run_peer_program(
      options.program,
      {"--directory", options.directory, "--seed", std::to_string(options.shape.seed), "settle",
       "--captures", std::to_string(options.captures), "--merchants",
       std::to_string(options.shape.merchants), "--payers", std::to_string(options.shape.payers)},
      [&](const nlohmann::json& line) {
        on_result({.server = line.at("server"),
                   .marks = line.at("marks"),
                   .merchants_at_once = line.at("merchants_at_once"),
                   .load_s = line.at("load_s"),
                   .seconds = line.at("seconds"),
                   .captures = line.at("captures"),
                   .amount = line.at("amount")});
      });
}

} // namespace ducat::bench
