/// What is written down of what somebody has a node do. Pure; any thread.
#pragma once

#include "access/gatekeeper.hpp"

#include <ducat/v1/alert.pb.h>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/node.pb.h>

#include <cstdint>
#include <string>

namespace ducat::api {

/// Something that is asked for: arm_fault, and what it is about.
struct audited_action {
  std::string name;
  std::string target{};
  std::string detail{};
};

audited_action action_of(const v1::CrashRequest& request);
audited_action action_of(const v1::ArmFaultRequest& request);
audited_action action_of(const v1::DisarmFaultRequest& request);
audited_action action_of(const v1::RetryDeadLetterRequest& request);
audited_action action_of(const v1::DiscardDeadLetterRequest& request);
audited_action action_of(const v1::ChangeLinkRequest& request);
audited_action action_of(const v1::ChangeNodeRequest& request);
audited_action action_of(const v1::AcknowledgeAlertRequest& request);
audited_action action_of(const v1::SilenceAlertsRequest& request);
audited_action action_of(const v1::LiftSilenceRequest& request);

/// Returns the command that says that `who` has asked `node` for it. Texts are cut to what a
/// command may have.
v1::Command intent_of(const access::principal& who, const std::string& node,
                      const audited_action& what);

/// Returns the command that says what the port of `node` has noticed.
v1::Command record_of(const access::noticed& what, const std::string& node);

/// Returns the command that says what came of the `intent` that is entry `number`: "done", or the
/// code of an error.
v1::Command ended(v1::Command intent, std::uint64_t number, const std::string& outcome);

} // namespace ducat::api
