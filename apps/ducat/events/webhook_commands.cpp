#include "events/webhook_commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <ctime>
#include <optional>
#include <ostream>

namespace ducat::cli {

namespace {

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

template <class Types>
std::string joined(const Types& types) {
  std::string text;
  for (const std::string& each : types)
    text += (text.empty() ? "" : ",") + each;
  return text.empty() ? "all" : text;
}

void print(std::ostream& out, const v1::Webhook& webhook) {
  print_fields(out, {{"id", webhook.id()},
                     {"url", webhook.url()},
                     {"types", joined(webhook.types())},
                     {"enabled", webhook.enabled() ? "yes" : "no"},
                     {"because", printable(webhook.disabled_reason())},
                     {"since", utc({webhook.created_at_ns()})},
                     {"delivered", std::to_string(webhook.delivered())},
                     {"open", std::to_string(webhook.open())},
                     {"dead", std::to_string(webhook.dead())},
                     {"up to", webhook.cursor()},
                     {"secrets", std::to_string(webhook.secrets())},
                     {"secret", webhook.secret()}});
  if (!webhook.secret().empty())
    out << "The secret is not shown again.\n";
}

exit_code show_one(const session& with, const tl::expected<v1::Webhook, failure>& reply,
                   const std::string& retry = {}) {
  return show(with, reply, [&](const v1::Webhook& webhook) { print(with.io.out, webhook); }, retry);
}

/// A change that may have been made does no harm when it is made again; but a rotation makes
/// another secret each time.
exit_code change(const session& with, const webhook_arguments& arguments,
                 v1::ChangeWebhookRequest::Change what) {
  v1::ChangeWebhookRequest request;
  request.set_id(arguments.id);
  request.set_change(what);
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Webhooks::Stub::ChangeWebhook, request);
  if (what != v1::ChangeWebhookRequest::REMOVE)
    return show_one(with, reply, arguments.id);
  return show(
      with, reply,
      [&](const v1::Webhook& webhook) { with.io.out << "removed " << webhook.id() << '\n'; },
      arguments.id);
}

std::optional<std::uint64_t> nanoseconds_in(const std::string& time) {
  std::tm parts{};
  const char* const end = strptime(time.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  const std::time_t seconds = end != nullptr && *end == '\0' ? timegm(&parts) : -1;
  if (seconds <= 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(seconds) * nanoseconds_per_second;
}

} // namespace

exit_code add_webhook(const session& with, const webhook_arguments& arguments) {
  v1::CreateWebhookRequest request;
  request.set_id(arguments.id);
  request.set_url(arguments.url);
  for (const std::string& each : arguments.types)
    request.add_types(each);
  return show_one(with, call(with.limits, repetition::once, with.node,
                             &v1::Webhooks::Stub::CreateWebhook, request));
}

exit_code list_webhooks(const session& with, const webhook_arguments&) {
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Webhooks::Stub::ListWebhooks, {});
  return show(with, reply, [&](const v1::ListWebhooksReply& all) {
    table rows{{{"ID"},
                {"ENABLED"},
                {"DELIVERED", align::right},
                {"OPEN", align::right},
                {"DEAD", align::right},
                {"TYPES"},
                {"URL"}}};
    for (const v1::Webhook& each : all.data())
      rows.add({each.id(), each.enabled() ? "yes" : "no", std::to_string(each.delivered()),
                std::to_string(each.open()), std::to_string(each.dead()), joined(each.types()),
                each.url()});
    rows.print(with.io.out);
  });
}

exit_code show_webhook(const session& with, const webhook_arguments& arguments) {
  v1::GetWebhookRequest request;
  request.set_id(arguments.id);
  return show_one(with, call(with.limits, repetition::read, with.node,
                             &v1::Webhooks::Stub::GetWebhook, request));
}

exit_code enable_webhook(const session& with, const webhook_arguments& arguments) {
  return change(with, arguments, v1::ChangeWebhookRequest::ENABLE);
}

exit_code disable_webhook(const session& with, const webhook_arguments& arguments) {
  return change(with, arguments, v1::ChangeWebhookRequest::DISABLE);
}

exit_code rotate_webhook(const session& with, const webhook_arguments& arguments) {
  return change(with, arguments, v1::ChangeWebhookRequest::ROTATE);
}

exit_code remove_webhook(const session& with, const webhook_arguments& arguments) {
  return change(with, arguments, v1::ChangeWebhookRequest::REMOVE);
}

exit_code list_deliveries(const session& with, const webhook_arguments& arguments) {
  v1::ListDeliveriesRequest request;
  request.set_id(arguments.id);
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Webhooks::Stub::ListDeliveries, request);
  return show(with, reply, [&](const v1::ListDeliveriesReply& all) {
    table rows{{{"EVENT"},
                {"STATE"},
                {"ATTEMPTS", align::right},
                {"NEXT"},
                {"STATUS", align::right},
                {"PROBLEM"}}};
    for (const v1::Delivery& each : all.data())
      rows.add({each.event_id(), each.state(), std::to_string(each.attempts()),
                each.next_at_ns() == 0 ? "" : utc({each.next_at_ns()}),
                std::to_string(each.last_status()), printable(each.problem())});
    rows.print(with.io.out);
  });
}

exit_code replay_webhook(const session& with, const webhook_arguments& arguments) {
  v1::ReplayWebhookRequest request;
  request.set_id(arguments.id);
  request.set_event_id(arguments.event);
  request.set_dead(arguments.dead);
  if (!arguments.since.empty()) {
    const auto since = nanoseconds_in(arguments.since);
    if (!since) {
      with.io.err << "ducat: --since is a time such as 2026-01-31T23:59:59Z\n";
      return exit_code::usage;
    }
    request.set_since_ns(*since);
  }
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Webhooks::Stub::ReplayWebhook, request);
  return show(
      with, reply,
      [&](const v1::ReplayWebhookReply& done) {
        with.io.out << "to be delivered again: "
                    << (arguments.since.empty() ? std::to_string(done.events())
                                                : "all since " + arguments.since)
                    << '\n';
      },
      arguments.id);
}

} // namespace ducat::cli
