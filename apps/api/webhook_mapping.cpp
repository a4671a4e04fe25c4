#include "api/webhook_mapping.hpp"

#include <ducat/payment/event.hpp>
#include <ducat/webhook/signature.hpp>

#include <array>
#include <cstdio>
#include <random>
#include <span>

namespace ducat::api {

namespace {

constexpr std::uint64_t keep_old_ms = std::uint64_t{24} * 3600 * 1'000;

template <std::size_t N>
std::array<unsigned char, N> random_bytes() {
  std::random_device source; // Of the operating system: good for keys.
  std::array<unsigned char, N> bytes{};
  for (unsigned char& each : bytes)
    each = static_cast<unsigned char>(source());
  return bytes;
}

} // namespace

std::string fresh_secret() {
  return webhook::secret_of(random_bytes<32>());
}

std::string fresh_webhook_id() {
  std::string id = "we_";
  for (const unsigned char each : random_bytes<16>()) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%02x", each);
    id += digits;
  }
  return id;
}

v1::Command command_of(const v1::CreateWebhookRequest& request, const std::string& secret) {
  v1::Command command;
  auto& put = *command.mutable_put_endpoint();
  put.set_id(request.id());
  put.set_url(request.url());
  *put.mutable_types() = request.types();
  put.set_enabled(true);
  put.set_secret(secret);
  put.set_is_new(true);
  return command;
}

checked<v1::Command> command_of(const v1::ChangeWebhookRequest& request, const v1::Webhook& now,
                                const std::string& secret) {
  v1::Command command;
  if (request.change() == v1::ChangeWebhookRequest::REMOVE) {
    command.mutable_remove_endpoint()->set_id(request.id());
    return command;
  }
  auto& put = *command.mutable_put_endpoint();
  put.set_id(request.id());
  put.set_enabled(now.enabled()); // For nodes that do not know `keeps_enabled`.
  switch (request.change()) {
  case v1::ChangeWebhookRequest::ENABLE:
  case v1::ChangeWebhookRequest::DISABLE:
    put.set_enabled(request.change() == v1::ChangeWebhookRequest::ENABLE);
    return command;
  case v1::ChangeWebhookRequest::ROTATE:
    put.set_keeps_enabled(true); // It may have been disabled meanwhile.
    put.set_secret(secret);
    put.set_keep_old_ms(keep_old_ms);
    return command;
  default:
    return invalid("change_unknown", "a webhook is enabled, disabled, rotated or removed",
                   "change");
  }
}

checked<v1::Command> command_of(const v1::ReplayWebhookRequest& request) {
  const int ways = static_cast<int>(!request.event_id().empty()) +
                   static_cast<int>(request.dead()) + static_cast<int>(request.since_ns() != 0);
  if (ways != 1)
    return invalid("replay_ambiguous",
                   "a replay is of one event, of all dead ones, or since a time", "event_id");
  v1::Command command;
  auto& replay = *command.mutable_replay_events();
  replay.set_endpoint_id(request.id());
  replay.set_dead(request.dead());
  replay.set_since_ns(request.since_ns());
  if (request.event_id().empty())
    return command;
  const auto place = payment::event_place_in(request.event_id());
  if (!place)
    return invalid("event_not_found", "there is no such event", "event_id");
  replay.mutable_event()->set_index(place->index);
  replay.mutable_event()->set_number(place->number);
  return command;
}

} // namespace ducat::api
