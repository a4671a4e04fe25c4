#include "api/audit_mapping.hpp"

#include <algorithm>
#include <string_view>

namespace ducat::api {

namespace {

constexpr std::size_t audited_word_bytes_max = 64;
constexpr std::size_t audited_text_bytes_max = 255;

/// Returns at most so many bytes of it, no part of a character of UTF-8.
std::string cut(std::string_view text, std::size_t bytes_max) {
  std::size_t size = std::min(text.size(), bytes_max);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80)
    --size;
  return std::string{text.substr(0, size)};
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

std::string subject_of(const std::string& rule, const std::string& subject) {
  return subject.empty() ? rule : rule + ' ' + subject;
}

} // namespace

audited_action action_of(const v1::CrashRequest& request) {
  const bool is_link = !request.link().empty();
  return {.name = is_link ? "cut_link" : "crash",
          .target = is_link ? request.link() : request.path(),
          .detail = request.fault()};
}

audited_action action_of(const v1::ArmFaultRequest& request) {
  return {.name = "arm_fault", .target = request.name(), .detail = request.fault()};
}

audited_action action_of(const v1::DisarmFaultRequest& request) {
  return {.name = "disarm_fault", .target = request.name()};
}

audited_action action_of(const v1::RetryDeadLetterRequest& request) {
  return {.name = "retry_dead_letter", .target = std::to_string(request.id())};
}

audited_action action_of(const v1::DiscardDeadLetterRequest& request) {
  return {.name = "discard_dead_letter", .target = std::to_string(request.id())};
}

audited_action action_of(const v1::ChangeLinkRequest& request) {
  return {.name = "change_link",
          .target = request.name(),
          .detail = lower(v1::ChangeLinkRequest::Change_Name(request.change()))};
}

audited_action action_of(const v1::ChangeNodeRequest& request) {
  return {.name = "change_node",
          .target = request.id(),
          .detail = lower(v1::ChangeNodeRequest::Change_Name(request.change()))};
}

audited_action action_of(const v1::AcknowledgeAlertRequest& request) {
  return {.name = "acknowledge_alert", .target = subject_of(request.rule(), request.subject())};
}

audited_action action_of(const v1::SilenceAlertsRequest& request) {
  return {.name = "silence_alerts",
          .target =
              request.everything() ? "everything" : subject_of(request.rule(), request.subject()),
          .detail = request.reason()};
}

audited_action action_of(const v1::LiftSilenceRequest& request) {
  return {.name = "lift_silence", .target = std::to_string(request.id())};
}

v1::Command intent_of(const access::principal& who, const std::string& node,
                      const audited_action& what) {
  v1::Command command;
  v1::RecordAudit& record = *command.mutable_record_audit();
  record.mutable_by()->set_role(std::string{to_string(who.role)});
  record.mutable_by()->set_name(who.name);
  record.mutable_by()->set_node(node);
  record.set_action(what.name);
  record.set_target(cut(what.target, audited_text_bytes_max));
  record.set_outcome("asked");
  record.set_detail(cut(what.detail, audited_text_bytes_max));
  return command;
}

v1::Command record_of(const access::noticed& what, const std::string& node) {
  v1::Command command;
  v1::RecordAudit& record = *command.mutable_record_audit();
  const security::role role = what.who ? what.who->role : security::role::node;
  record.mutable_by()->set_role(std::string{to_string(role)});
  record.mutable_by()->set_name(what.who ? what.who->name : node);
  record.mutable_by()->set_node(node);
  record.set_action(cut(what.action, audited_word_bytes_max));
  record.set_target(cut(what.target, audited_text_bytes_max));
  record.set_outcome(cut(what.outcome, audited_word_bytes_max));
  record.set_detail(cut(what.detail, audited_text_bytes_max));
  return command;
}

v1::Command ended(v1::Command intent, std::uint64_t number, const std::string& outcome) {
  v1::RecordAudit& record = *intent.mutable_record_audit();
  record.set_outcome(cut(outcome, audited_word_bytes_max));
  record.set_about(number);
  record.clear_detail();
  return intent;
}

} // namespace ducat::api
