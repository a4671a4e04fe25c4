#include "api/grpc_services.hpp"

#include "api/grpc_call.hpp"

namespace ducat::api {

grpc_reactor* payments_edge::CreatePayment(grpc_context* context,
                                           const v1::CreatePaymentRequest* request,
                                           v1::PaymentReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* payments_edge::CapturePayment(grpc_context* context,
                                            const v1::CapturePaymentRequest* request,
                                            v1::PaymentReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* payments_edge::VoidPayment(grpc_context* context,
                                         const v1::VoidPaymentRequest* request,
                                         v1::PaymentReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* payments_edge::RefundPayment(grpc_context* context,
                                           const v1::RefundPaymentRequest* request,
                                           v1::PaymentReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* payments_edge::DecidePayment(grpc_context* context,
                                           const v1::DecidePaymentRequest* request,
                                           v1::PaymentReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* acquirers_edge::ListAcquirers(grpc_context* context,
                                            const v1::ListAcquirersRequest* request,
                                            v1::ListAcquirersReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* acquirers_edge::Reconcile(grpc_context* context, const v1::ReconcileRequest* request,
                                        v1::Acquirer* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* acquirers_edge::ListExceptions(grpc_context* context,
                                             const v1::ListExceptionsRequest* request,
                                             v1::ListExceptionsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* acquirers_edge::ResolveAdvice(grpc_context* context,
                                            const v1::ResolveAdviceRequest* request,
                                            v1::PaymentReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* payments_edge::GetPayment(grpc_context* context, const v1::GetPaymentRequest* request,
                                        v1::Payment* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* payments_edge::ListPayments(grpc_context* context,
                                          const v1::ListPaymentsRequest* request,
                                          v1::ListPaymentsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* accounts_edge::CreateAccount(grpc_context* context,
                                           const v1::CreateAccountRequest* request,
                                           v1::AccountReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* accounts_edge::GetAccount(grpc_context* context, const v1::GetAccountRequest* request,
                                        v1::Account* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* accounts_edge::ListAccounts(grpc_context* context,
                                          const v1::ListAccountsRequest* request,
                                          v1::ListAccountsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::Status(grpc_context* context, const v1::StatusRequest* request,
                                v1::StatusReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::Tree(grpc_context* context, const v1::TreeRequest* request,
                              v1::TreeReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::Figures(grpc_context* context, const v1::FiguresRequest* request,
                                 v1::FiguresReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::Crash(grpc_context* context, const v1::CrashRequest* request,
                               v1::CrashReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ListFaults(grpc_context* context, const v1::ListFaultsRequest* request,
                                    v1::ListFaultsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ArmFault(grpc_context* context, const v1::ArmFaultRequest* request,
                                  v1::ArmFaultReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::DisarmFault(grpc_context* context, const v1::DisarmFaultRequest* request,
                                     v1::DisarmFaultReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ListDeadLetters(grpc_context* context,
                                         const v1::ListDeadLettersRequest* request,
                                         v1::ListDeadLettersReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::GetDeadLetter(grpc_context* context,
                                       const v1::GetDeadLetterRequest* request,
                                       v1::DeadLetter* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::RetryDeadLetter(grpc_context* context,
                                         const v1::RetryDeadLetterRequest* request,
                                         v1::RetryDeadLetterReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ListGroups(grpc_context* context, const v1::ListGroupsRequest* request,
                                    v1::ListGroupsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ListLinks(grpc_context* context, const v1::ListLinksRequest* request,
                                   v1::ListLinksReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ChangeLink(grpc_context* context, const v1::ChangeLinkRequest* request,
                                    v1::ChangeLinkReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ListNodes(grpc_context* context, const v1::ListNodesRequest* request,
                                   v1::ListNodesReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::ChangeNode(grpc_context* context, const v1::ChangeNodeRequest* request,
                                    v1::ChangeNodeReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::Availability(grpc_context* context, const v1::AvailabilityRequest* request,
                                      v1::AvailabilityReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc_reactor* node_edge::DiscardDeadLetter(grpc_context* context,
                                           const v1::DiscardDeadLetterRequest* request,
                                           v1::DiscardDeadLetterReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

} // namespace ducat::api
