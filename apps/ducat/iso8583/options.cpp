#include "iso8583/options.hpp"

#include <CLI/CLI.hpp>

namespace ducat::cli {

namespace {

using command_function = exit_code (*)(const iso8583_arguments&, const byte_streams&);

void add_forms(CLI::App& command, byte_form& form,
               const std::vector<std::pair<std::string, std::string>>& words) {
  const std::vector<byte_form> forms = {byte_form::hex, byte_form::text, byte_form::binary};
  std::vector<CLI::Option*> options;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    options.push_back(command.add_flag_callback(
        words[i].first, [&form, chosen = forms[i]] { form = chosen; }, words[i].second));
    for (std::size_t k = 0; k < i; ++k)
      options[i]->excludes(options[k]);
  }
}

/// A command that reads messages.
CLI::App* add_command(CLI::App& group, const std::string& name, const std::string& what,
                      iso8583_arguments& arguments) {
  CLI::App* command = group.add_subcommand(name, what);
  command->add_option("--dialect", arguments.dialect, "Name, see ducat iso8583 dialects; or a file")
      ->required();
  command->add_flag("--bare", arguments.bare, "Without a length header, whatever the dialect says");
  return command;
}

void add_decode(CLI::App& group, iso8583_arguments& arguments) {
  CLI::App* command = add_command(
      group, "decode", "Messages on standard input to JSON lines. Card data is masked", arguments);
  add_forms(
      *command, arguments.form,
      {{"--hex", "A message a line, two hexadecimal digits a byte"},
       {"--text", "A message a line, as it is"},
       {"--binary", "Messages as they are, one after the other. Without any: what it looks like"}});
  command->add_flag("--clear", arguments.clear,
                    "Print card data too, which ducat iso8583 encode needs: do not keep it");
  command->add_flag("--pretty", arguments.pretty, "Many lines an object");
}

void add_encode(CLI::App& group, iso8583_arguments& arguments) {
  CLI::App* command = add_command(
      group, "encode", "JSON objects on standard input to messages: what decode --clear prints",
      arguments);
  add_forms(*command, arguments.form,
            {{"--hex", "Print a message a line, two hexadecimal digits a byte; the default"},
             {"--text", "Print a message a line, as it is"},
             {"--binary", "Print messages as they are, one after the other"}});
}

} // namespace

void add_iso8583_commands(CLI::App& app, iso8583_arguments& arguments,
                          const std::function<void(iso8583_action)>& choose) {
  CLI::App* group = app.add_subcommand("iso8583", "Messages of ISO 8583, without a node");
  group->require_subcommand(1);
  add_decode(*group, arguments);
  add_encode(*group, arguments);
  group->add_subcommand("dialects", "List the dialects that come with ducat");
  group->add_subcommand("dialect", "Print a dialect as a file, to be copied and changed")
      ->add_option("name", arguments.dialect, "Its name, or a file")
      ->required();
  const auto on = [&](const std::string& name, command_function act) {
    group->get_subcommand(name)->callback([&arguments, choose, act] {
      choose([&arguments, act](const byte_streams& io) { return act(arguments, io); });
    });
  };
  on("decode", decode_messages);
  on("encode", encode_messages);
  on("dialect", show_dialect);
  on("dialects",
     [](const iso8583_arguments&, const byte_streams& io) { return list_dialects(io); });
}

} // namespace ducat::cli
