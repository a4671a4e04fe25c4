#include "events/options.hpp"

#include <CLI/CLI.hpp>

namespace ducat::cli {

namespace {

constexpr const char* types_help = "Only these types, such as payment.captured or refund.*";

template <class Arguments>
class command_adder {
public:
  using action = exit_code (*)(const session&, const Arguments&);

  command_adder(CLI::App& group, const Arguments& arguments, const session_binding& bind)
      : group_(group), arguments_(arguments), bind_(bind) {}

  CLI::App* add(const std::string& name, const std::string& what, action act) const {
    CLI::App* command = group_.add_subcommand(name, what);
    bind_(command,
          [&arguments = arguments_, act](const session& with) { return act(with, arguments); });
    return command;
  }

private:
  CLI::App& group_;
  const Arguments& arguments_;
  const session_binding& bind_;
};

void add_events(CLI::App& app, event_arguments& arguments, const session_binding& bind) {
  CLI::App* group = app.add_subcommand("events", "What happened to payments");
  group->require_subcommand(1);
  const command_adder<event_arguments> adder{*group, arguments, bind};
  CLI::App* list = adder.add("list", "A page, the oldest first", list_events);
  list->add_option("--limit", arguments.limit, "1 to 100")->check(CLI::Range(1, 100));
  CLI::App* follow = adder.add("follow", "As they happen, until Ctrl-C", follow_events);
  for (CLI::App* each : {list, follow}) {
    each->add_option("--after", arguments.after, "Only those after this event");
    each->add_option("--types", arguments.types, types_help)->delimiter(',');
  }
  adder.add("show", "One, with its payment as it was then", show_event)
      ->add_option("id", arguments.id, "Id of the event")
      ->required();
  adder.add("watch", "The timeline of a payment, as it grows, until Ctrl-C", watch_payment)
      ->add_option("payment", arguments.id, "Id of the payment")
      ->required();
}

void add_webhooks(CLI::App& app, webhook_arguments& arguments, const session_binding& bind) {
  CLI::App* group = app.add_subcommand("webhook", "Where events are delivered to");
  group->require_subcommand(1);
  const command_adder<webhook_arguments> adder{*group, arguments, bind};
  CLI::App* add = adder.add("add", "Deliver what happens from now on", add_webhook);
  add->add_option("url", arguments.url, "https://HOST/PATH")->required();
  add->add_option("--types", arguments.types, types_help)->delimiter(',');
  add->add_option("--id", arguments.id, "we_ and what you choose; default: the node chooses");
  adder.add("list", "All of them", list_webhooks);
  const auto of_one = [&](const char* name, const char* what, auto act) {
    CLI::App* command = adder.add(name, what, act);
    command->add_option("id", arguments.id, "Id of the webhook")->required();
    return command;
  };
  of_one("show", "How it stands", show_webhook);
  of_one("enable", "Go on where it stood", enable_webhook);
  of_one("disable", "Send nothing for now", disable_webhook);
  of_one("rotate", "Make a new secret; the old one signs, too, for 24 hours", rotate_webhook);
  of_one("remove", "Forget it", remove_webhook);
  of_one("deliveries", "What is open and what is dead", list_deliveries);
  CLI::App* replay = of_one("replay", "Deliver again", replay_webhook);
  replay->add_option("--event", arguments.event, "This event");
  replay->add_flag("--dead", arguments.dead, "All that were given up");
  replay->add_option("--since", arguments.since, "All since then: 2026-01-31T23:59:59Z");
}

} // namespace

void add_events_commands(CLI::App& app, events_options& arguments, const session_binding& bind) {
  add_events(app, arguments.events, bind);
  add_webhooks(app, arguments.webhooks, bind);
}

} // namespace ducat::cli
