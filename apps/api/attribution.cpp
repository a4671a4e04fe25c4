#include "api/attribution.hpp"

#include <ducat/digest.hpp>

#include <algorithm>

namespace ducat::api {

namespace {

constexpr std::size_t key_length_max = 255;

bool is_key(const std::string& text) {
  return !text.empty() && text.size() <= key_length_max &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string* key_in(v1::Command& command) {
  if (command.has_create_payment())
    return command.mutable_create_payment()->mutable_idempotency_key();
  if (command.has_capture_payment())
    return command.mutable_capture_payment()->mutable_idempotency_key();
  if (command.has_void_payment())
    return command.mutable_void_payment()->mutable_idempotency_key();
  if (command.has_refund_payment())
    return command.mutable_refund_payment()->mutable_idempotency_key();
  return nullptr;
}

void set(v1::Principal& in, const access::principal& who) {
  in.set_role(std::string{to_string(who.role)});
  in.set_name(who.name);
}

} // namespace

/// A key that is too long with the name before it is told by its digest.
std::string key_of(const std::string& merchant, const std::string& key) {
  if (!is_key(key))
    return key;
  std::string own = merchant + '/' + key;
  return own.size() <= key_length_max ? own : merchant + "/#" + to_hex(sha256({key}));
}

void attribute(v1::Command& command, const std::optional<access::principal>& who,
               const std::string& node) {
  if (!who)
    return;
  set(*command.mutable_principal(), *who);
  command.mutable_principal()->set_node(node);
  command.mutable_principal()->set_alone(who->alone);
  if (command.has_decide_payment() || command.has_resolve_advice())
    command.set_by(who->name);
  if (command.settlement_exception().has_dispose())
    command.mutable_settlement_exception()->mutable_dispose()->set_by(who->name);
  std::string* const key = who->role == security::role::merchant ? key_in(command) : nullptr;
  if (key != nullptr)
    *key = key_of(who->name, *key);
}

void attribute(v1::Question& question, const std::optional<access::principal>& who) {
  if (who)
    set(*question.mutable_principal(), *who);
}

} // namespace ducat::api
