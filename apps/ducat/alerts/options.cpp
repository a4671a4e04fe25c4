#include "alerts/options.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <map>
#include <memory>

namespace ducat::cli {

namespace {

void add_acknowledge(CLI::App& alerts, const std::function<void(CLI::App*, alert_action)>& on) {
  CLI::App* command = alerts.add_subcommand("ack", "Say who takes care of an alert that fires");
  auto request = std::make_shared<v1::AcknowledgeAlertRequest>();
  command
      ->add_option_function<std::string>(
          "rule", [request](const std::string& rule) { request->set_rule(rule); }, "Its rule")
      ->required();
  command->add_option_function<std::string>(
      "of", [request](const std::string& of) { request->set_subject(of); },
      "What it is about, if it is about something");
  command
      ->add_option_function<std::string>(
          "--by", [request](const std::string& by) { request->set_by(by); }, "Who takes care")
      ->required();
  on(command, [request](const session& with) { return acknowledge_alert(with, *request); });
}

void add_silence(CLI::App& alerts, const std::function<void(CLI::App*, alert_action)>& on) {
  CLI::App* command = alerts.add_subcommand("silence", "Have nobody told of alerts for a while");
  auto request = std::make_shared<v1::SilenceAlertsRequest>();
  const auto text = [&](const char* name, void (v1::SilenceAlertsRequest::*set)(std::string&&),
                        const char* what) {
    return command->add_option_function<std::string>(
        name, [request, set](std::string value) { ((*request).*set)(std::move(value)); }, what);
  };
  text("--rule", &v1::SilenceAlertsRequest::set_rule<std::string>, "Of this rule");
  text("--of", &v1::SilenceAlertsRequest::set_subject<std::string>, "What is about this");
  command->add_flag_callback(
      "--everything", [request] { request->set_everything(true); }, "All of them");
  text("--by", &v1::SilenceAlertsRequest::set_by<std::string>, "Who says so")->required();
  text("--why", &v1::SilenceAlertsRequest::set_reason<std::string>, "For people");
  auto length_ms = std::make_shared<std::uint64_t>(0);
  const std::map<std::string, std::uint64_t> units{
      {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  command->add_option("--for", *length_ms, "How long: 90s, 30min, 8h, 7d")
      ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED))
      ->required();
  on(command, [request, length_ms](const session& with) {
    request->set_for_ms(*length_ms);
    return silence_alerts(with, *request);
  });
}

void add_lift(CLI::App& alerts, const std::function<void(CLI::App*, alert_action)>& on) {
  CLI::App* command = alerts.add_subcommand("lift", "End a silence");
  auto silence_id = std::make_shared<std::uint64_t>(0);
  command->add_option("silence", *silence_id, "Its number")->required();
  on(command, [silence_id](const session& with) {
    v1::LiftSilenceRequest request;
    request.set_id(*silence_id);
    return lift_silence(with, request);
  });
}

} // namespace

void add_alert_commands(CLI::App& app, const std::function<void(CLI::App*, alert_action)>& on) {
  CLI::App* alerts = app.add_subcommand("alerts", "What somebody has to look at, on this node");
  alerts->require_subcommand(1);
  on(alerts->add_subcommand("list", "List the alerts and the silences"), list_alerts);
  add_acknowledge(*alerts, on);
  add_silence(*alerts, on);
  add_lift(*alerts, on);
}

} // namespace ducat::cli
