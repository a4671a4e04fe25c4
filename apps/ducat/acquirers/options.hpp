/// The options of `ducat acquirer` and `ducat pay decide`.
#pragma once

#include "acquirers/commands.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ducat::cli {

struct acquirer_arguments {
  std::string link{};
  std::string currency{};
  v1::DecidePaymentRequest decision{};
  v1::ResolveAdviceRequest advice{};
  std::string id{}, reason{}, by{}, key{};
  std::uint32_t number = 0;
};

/// Adds the commands to `app`, which has the group `pay`. `on` makes an action that of a command.
/// `arguments` must outlive it.
void add_acquirer_commands(
    CLI::App& app, acquirer_arguments& arguments,
    const std::function<void(CLI::App*, std::function<exit_code(const session&)>)>& on);

} // namespace ducat::cli
