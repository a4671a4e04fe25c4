#include "certs/token_command.hpp"

#include "certs/callers.hpp"
#include "client/table.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace ducat::cli {

namespace {

exit_code told(const console& io, const error& why) {
  io.err << explained(why) << '\n';
  return why.code == errc::invalid_argument ? exit_code::usage : exit_code::failed;
}

exit_code make_key(const token_arguments& arguments, const console& io) {
  if (const auto made = security::make_token_key(arguments.directory, arguments.id); !made)
    return told(io, made.error());
  const auto base = arguments.directory / arguments.id;
  print_fields(io.out,
               {{"signs", base.string() + ".key"}, {"for token_keys", base.string() + ".pub"}});
  return exit_code::done;
}

exit_code issue(const token_arguments& arguments, const console& io, security::calendar_time now) {
  const auto token = security::sign_token(
      arguments.key, {.who = {.cluster = arguments.cluster,
                              .kind = *security::parse_role(arguments.role),
                              .name = arguments.name},
                      .issued = now,
                      .expires = now + std::chrono::minutes{arguments.minutes}});
  if (!token)
    return told(io, token.error());
  io.out << *token << '\n';
  return exit_code::done;
}

} // namespace

std::vector<std::string> roles_of_callers() {
  std::vector<std::string> names;
  for (const security::role each : security::all_roles)
    if (each != security::role::node)
      names.emplace_back(to_string(each));
  return names;
}

void add_token_commands(CLI::App& app, token_arguments& into,
                        std::function<void(token_action)> chosen) {
  CLI::App* token = app.add_subcommand("token", "Tokens of those who call a node");
  token->require_subcommand(1);
  CLI::App* key = token->add_subcommand("key", "Make a key that signs tokens: ID.key, ID.pub");
  key->add_option("id", into.id, "1 to 64 of a-z A-Z 0-9 . _ -")->required();
  key->add_option("--dir", into.directory, "Where it is put")->required();
  key->callback([&into, chosen] {
    chosen([&into](const console& io, security::calendar_time) { return make_key(into, io); });
  });
  CLI::App* one = token->add_subcommand("issue", "Print a token");
  one->add_option("--by", into.key, "The key that signs it, ID.key")->required();
  one->add_option("--cluster", into.cluster, "The nodes that it is for")->required();
  one->add_option("--role", into.role, "What its holder may ask")
      ->check(CLI::IsMember(roles_of_callers()))
      ->required();
  one->add_option("--name", into.name, "Its holder; of a merchant, whose accounts are theirs")
      ->required();
  one->add_option("--minutes", into.minutes, "How long it is valid")
      ->check(CLI::Range(1, 15))
      ->capture_default_str();
  one->callback([&into, chosen] {
    chosen(
        [&into](const console& io, security::calendar_time now) { return issue(into, io, now); });
  });
}

} // namespace ducat::cli
