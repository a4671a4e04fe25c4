/// The gRPC services of alerts, of the audit and of what needs two persons.
#pragma once

#include "api/entrance.hpp"

#include <ducat/v1/alert.grpc.pb.h>
#include <ducat/v1/audit.grpc.pb.h>
#include <ducat/v1/change.grpc.pb.h>

namespace ducat::api {

class alerts_edge final : public v1::Alerts::CallbackService {
public:
  explicit alerts_edge(const entrance& at) : entrance_(at) {}

  grpc::ServerUnaryReactor* ListAlerts(grpc::CallbackServerContext*, const v1::ListAlertsRequest*,
                                       v1::ListAlertsReply*) override;
  grpc::ServerUnaryReactor* AcknowledgeAlert(grpc::CallbackServerContext*,
                                             const v1::AcknowledgeAlertRequest*,
                                             v1::Alert*) override;
  grpc::ServerUnaryReactor* SilenceAlerts(grpc::CallbackServerContext*,
                                          const v1::SilenceAlertsRequest*, v1::Silence*) override;
  grpc::ServerUnaryReactor* LiftSilence(grpc::CallbackServerContext*, const v1::LiftSilenceRequest*,
                                        v1::LiftSilenceReply*) override;

private:
  entrance entrance_;
};

class audit_edge final : public v1::Audit::CallbackService {
public:
  explicit audit_edge(const entrance& at) : entrance_(at) {}

  grpc::ServerUnaryReactor* ListAudit(grpc::CallbackServerContext*, const v1::ListAuditRequest*,
                                      v1::ListAuditReply*) override;

private:
  entrance entrance_;
};

class changes_edge final : public v1::Changes::CallbackService {
public:
  explicit changes_edge(const entrance& at) : entrance_(at) {}

  grpc::ServerUnaryReactor* ListChanges(grpc::CallbackServerContext*, const v1::ListChangesRequest*,
                                        v1::ListChangesReply*) override;
  grpc::ServerUnaryReactor* DecideChange(grpc::CallbackServerContext*,
                                         const v1::DecideChangeRequest*, v1::Change*) override;

private:
  entrance entrance_;
};

} // namespace ducat::api
