/// `ducat token`: keys that sign tokens, and tokens for those who call.
#pragma once

#include "client/console.hpp"
#include "exit_code.hpp"

#include <ducat/token.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ducat::cli {

struct token_arguments {
  std::filesystem::path directory{}; ///< Where the key is put.
  std::filesystem::path key{};       ///< What signs.
  std::string id{};                  ///< Of the key.
  std::string cluster{};
  std::string role{};
  std::string name{};
  int minutes = 15;
};

using token_action = std::function<exit_code(const console& io, security::calendar_time now)>;

/// Adds the commands; `chosen` is told what the one that was named does. It prints what it made (of
/// a token only that), and returns done; usage if an argument is wrong; failed if a file cannot be
/// used or written, and says so on io.err. `into` outlives `app`.
void add_token_commands(CLI::App& app, token_arguments& into,
                        std::function<void(token_action)> chosen);

} // namespace ducat::cli
