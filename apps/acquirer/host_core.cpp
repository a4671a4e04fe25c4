#include "host_core.hpp"

#include <ducat/iso8583/codec.hpp>

#include <algorithm>

namespace ducat::acquirer {

namespace {

using faults = std::vector<fault_rule>;

const fault_rule* find(const faults& in, fault_kind kind) {
  const auto found = std::ranges::find(in, kind, &fault_rule::kind);
  return found == in.end() ? nullptr : &*found;
}

/// An approval, late or not, is stronger than a decline.
std::string decline_code_of(const faults& met) {
  const fault_rule* const decline = find(met, fault_kind::decline);
  return decline == nullptr || find(met, fault_kind::late_approval) ? "" : decline->code;
}

bool is_lost(const faults& met, const iso8583::mti& type) {
  const bool is_network = type.kind == iso8583::message_class::network_management;
  return find(met, fault_kind::drop_request) || (find(met, fault_kind::half_dead) && !is_network);
}

/// Without an effect it may still lose the connection.
std::vector<sending> silence(const faults& met) {
  if (find(met, fault_kind::disconnect))
    return {{.closes = true}};
  return {};
}

} // namespace

reaction host_core::receive(session& from, std::string_view payload, std::int64_t now_ms) {
  if (payload.empty()) // A peer that looks whether the connection lives.
    return {};
  const auto request = iso8583::decode(with_, payload);
  if (request)
    return handle(from, *request, now_ms);
  ++stats_.unreadable;
  return {};
}

reaction host_core::handle(session& from, const iso8583::message& request, std::int64_t now_ms) {
  ++stats_.received;
  const auto type = iso8583::parse_mti(request.mti());
  if (!type || !type->wants_answer()) {
    ++stats_.unexpected;
    return {};
  }
  const faults met = script_.choose(request);
  for (const fault_rule& each : met)
    ++stats_.faults.at(static_cast<std::size_t>(each.kind));
  if (is_lost(met, *type))
    return {.sendings = silence(met)};
  return carry_out(from, request, *type, met, now_ms);
}

reaction host_core::carry_out(session& from, const iso8583::message& request,
                              const iso8583::mti& type, const faults& met, std::int64_t now_ms) {
  decision made = decide(book_, from, request, type, decline_code_of(met));
  from.is_signed_on = made.sign_on.value_or(from.is_signed_on);
  count(made);
  if (made.done)
    remember(*made.done, met, now_ms);
  const std::string answer_type = to_string(*iso8583::response_to(type));
  auto sendings = sendings_of(with_, answer_to(request, answer_type, made), met);
  if (!sendings) {
    ++stats_.unencodable;
    return {.done = std::move(made.done)};
  }
  const bool is_answered = std::ranges::any_of(*sendings, [](auto& each) { return !each.closes; });
  stats_.answered += is_answered ? 1 : 0;
  return {.done = std::move(made.done), .sendings = std::move(*sendings)};
}

void host_core::remember(effect& what, const faults& met, std::int64_t now_ms) {
  what.at_ms = now_ms;
  for (const fault_rule& each : met)
    what.faults.emplace_back(to_string(each.kind));
  book_.apply(what);
}

void host_core::count(const decision& made) {
  stats_.duplicates += made.is_known ? 1 : 0;
  if (!made.done)
    return;
  switch (made.done->kind) {
  case effect_kind::authorised:
  case effect_kind::captured:
    ++stats_.approved;
    return;
  case effect_kind::declined:
    ++stats_.declined;
    return;
  case effect_kind::advice:
    ++stats_.advices;
    return;
  case effect_kind::reversed:
    ++stats_.reversed;
    return;
  case effect_kind::reconciled:
    return;
  }
}

} // namespace ducat::acquirer
