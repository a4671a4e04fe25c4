#include "api/grpc_alert_service.hpp"

#include "api/grpc_call.hpp"

namespace ducat::api {

grpc::ServerUnaryReactor* alerts_edge::ListAlerts(grpc::CallbackServerContext* context,
                                                  const v1::ListAlertsRequest* request,
                                                  v1::ListAlertsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* alerts_edge::AcknowledgeAlert(grpc::CallbackServerContext* context,
                                                        const v1::AcknowledgeAlertRequest* request,
                                                        v1::Alert* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* alerts_edge::SilenceAlerts(grpc::CallbackServerContext* context,
                                                     const v1::SilenceAlertsRequest* request,
                                                     v1::Silence* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* alerts_edge::LiftSilence(grpc::CallbackServerContext* context,
                                                   const v1::LiftSilenceRequest* request,
                                                   v1::LiftSilenceReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* audit_edge::ListAudit(grpc::CallbackServerContext* context,
                                                const v1::ListAuditRequest* request,
                                                v1::ListAuditReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* changes_edge::ListChanges(grpc::CallbackServerContext* context,
                                                    const v1::ListChangesRequest* request,
                                                    v1::ListChangesReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* changes_edge::DecideChange(grpc::CallbackServerContext* context,
                                                     const v1::DecideChangeRequest* request,
                                                     v1::Change* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

} // namespace ducat::api
