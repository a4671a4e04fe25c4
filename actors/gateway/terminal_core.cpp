#include "gateway/terminal_core.hpp"

#include "gateway/codes.hpp"

#include <ducat/iso8583/mti.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::gateway {

using iso8583::message;
using iso8583::message_class;

std::string_view to_string(terminal_state value) noexcept {
  switch (value) {
    using enum terminal_state;
  case offline:
    return "offline";
  case signing_on:
    return "signing_on";
  case ready:
    return "ready";
  case in_txn:
    return "in_txn";
  case saf_mode:
    return "saf_mode";
  case reconciling:
    return "reconciling";
  case locked:
    return "locked";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, terminal_state value) {
  return out << to_string(value);
}

reaction answer_network(const message& request, bool is_locked) {
  const std::string what{request.find(de::network_code).value_or("")};
  if (what.empty())
    return {.answer = refusal(request, code::format_error)};
  if (what == "301") // Whether the line lives, which has nothing to do with who is there.
    return {.answer = refusal(request, code::approved)};
  if (what != "001" && what != "002")
    return {.answer = refusal(request, code::invalid_transaction)};
  if (is_locked)
    return {.answer = refusal(request, code::not_this_terminal)};
  return {.answer = refusal(request, code::approved), .sign_on = what == "001"};
}

reaction terminal_core::refuse(const message& request, const std::string& why) {
  ++figures_.refused;
  return {.answer = refusal(request, why)};
}

reaction terminal_core::take(const message& request, line over) {
  const auto type = iso8583::parse_mti(request.mti());
  if (!type || !type->wants_answer())
    return {};
  has_spoken_ = true;
  if (type->kind == message_class::network_management)
    return take_network(request);
  ++figures_.requests;
  if (profile_.locked)
    return refuse(request, code::not_this_terminal);
  if (!over.is_signed_on)
    return refuse(request, code::not_available);
  if (type->kind == message_class::file_action) // A batch upload behind totals out of balance.
    return {.answer = refusal(request, code::approved)};
  return take_order(request, *type);
}

reaction terminal_core::take_network(const message& request) {
  reaction made = answer_network(request, profile_.locked);
  if (made.sign_on)
    is_storing_ = false;
  return made;
}

reaction terminal_core::take_order(const message& request, const iso8583::mti& type) {
  auto wanted = order_of(request, type, profile_);
  if (!wanted)
    return refuse(request, wanted.error());
  is_storing_ = wanted->kind == request_kind::advice;
  std::string bytes = wanted->command.SerializeAsString();
  if (const auto first = in_flight_.find(wanted->key); first != in_flight_.end()) {
    if (first->second.command != bytes)
      return refuse(request, code::duplicate);
    ++figures_.repeats;
    return {.wait_for = wanted->key};
  }
  // A reversal always gets through, as does an advice: what it tells of has happened.
  const bool is_refusable =
      wanted->kind == request_kind::reconciliation || may_be_turned_away(*wanted);
  if (in_flight_.size() >= in_flight_max_ && is_refusable)
    return refuse(request, code::not_available);
  in_flight_.emplace(wanted->key, under_way{wanted->kind, std::move(bytes)});
  return {.begin = std::move(*wanted)};
}

bool terminal_core::may_be_turned_away(const order& begun) const {
  return begun.kind == request_kind::payment && !begun.is_repeat &&
         std::ranges::find(finished_, begun.key) == finished_.end();
}

void terminal_core::turned_away(const std::string& key) {
  in_flight_.erase(key);
  ++figures_.refused;
}

void terminal_core::finished(const std::string& key, bool was_answered, const std::string& said) {
  const auto ended = in_flight_.extract(key);
  if (!ended.empty() && ended.mapped().kind == request_kind::payment)
    finished_.push_back(key);
  if (finished_.size() > in_flight_max_)
    finished_.pop_front();
  if (!was_answered)
    ++figures_.unanswered;
  else if (said == code::approved || said == code::approved_in_part)
    ++figures_.approved;
  else
    ++figures_.refused;
}

terminal_state terminal_core::state(bool is_connected, line over) const {
  const auto is_under_way = [&](auto... kinds) {
    return std::ranges::any_of(
        in_flight_, [&](const auto& each) { return ((each.second.kind == kinds) || ...); });
  };
  if (profile_.locked)
    return terminal_state::locked;
  if (!has_spoken_ || !is_connected)
    return terminal_state::offline;
  if (is_under_way(request_kind::payment, request_kind::reversal))
    return terminal_state::in_txn;
  if (is_under_way(request_kind::reconciliation))
    return terminal_state::reconciling;
  if (is_storing_)
    return terminal_state::saf_mode;
  return over.is_signed_on ? terminal_state::ready : terminal_state::signing_on;
}

} // namespace ducat::gateway
