#include "api/grpc_settlement_service.hpp"

#include "api/grpc_call.hpp"

namespace ducat::api {

namespace {

/// Passes on a command.
template <class Command, class Request>
grpc::ServerUnaryReactor*
start_command(const entrance& at, const grpc::CallbackServerContext& context,
              const Request& request, Request* (Command::*part)(), v1::SettlementReply& reply) {
  Command command;
  *(command.*part)() = request;
  return start_call(at, context, command, reply);
}

/// Passes on a question, and answers with the part of the answer that is about it.
template <class Request, class Reply>
grpc::ServerUnaryReactor*
start_question(const entrance& at, const grpc::CallbackServerContext& context,
               const Request& request, Request* (v1::SettlementQuestion::*part)(),
               Reply* (v1::SettlementAnswer::*answer_part)(), Reply& reply) {
  v1::SettlementQuestion question;
  *(question.*part)() = request;
  return start_call_as(at, context, question, reply, [answer_part](v1::SettlementAnswer whole) {
    return std::move(*(whole.*answer_part)());
  });
}

} // namespace

grpc::ServerUnaryReactor* settlements_edge::ConfigureLedger(grpc::CallbackServerContext* context,
                                                            const v1::ConfigureSettlement* request,
                                                            v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_configure,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::PutParticipant(grpc::CallbackServerContext* context,
                                                           const v1::PutParticipant* request,
                                                           v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_participant,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::FundParticipant(grpc::CallbackServerContext* context,
                                                            const v1::FundParticipant* request,
                                                            v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_fund, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::PutMerchant(grpc::CallbackServerContext* context,
                                                        const v1::PutMerchant* request,
                                                        v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_merchant,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::PresentCaptures(grpc::CallbackServerContext* context,
                                                            const v1::PresentCaptures* request,
                                                            v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_present,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::DisputePayment(grpc::CallbackServerContext* context,
                                                           const v1::DisputePayment* request,
                                                           v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_dispute,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::CutWindow(grpc::CallbackServerContext* context,
                                                      const v1::CutWindow* request,
                                                      v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_cut, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::RunSettlement(grpc::CallbackServerContext* context,
                                                          const v1::StartSettlement* request,
                                                          v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_start,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::AbortSettlement(grpc::CallbackServerContext* context,
                                                            const v1::AbortSettlement* request,
                                                            v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_abort,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::FinalizeWindow(grpc::CallbackServerContext* context,
                                                           const v1::FinalizeWindow* request,
                                                           v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_finalize,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::BatchPayouts(grpc::CallbackServerContext* context,
                                                         const v1::BatchPayouts* request,
                                                         v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_batch,
                       *reply);
}

grpc::ServerUnaryReactor* settlements_edge::ResolvePayouts(grpc::CallbackServerContext* context,
                                                           const v1::ResolvePayouts* request,
                                                           v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementCommand::mutable_resolve,
                       *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::OpenExceptions(grpc::CallbackServerContext* context,
                                 const v1::OpenSettlementExceptions* request,
                                 v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request, &v1::SettlementExceptionCommand::mutable_open,
                       *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::AssignException(grpc::CallbackServerContext* context,
                                  const v1::AssignSettlementException* request,
                                  v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request,
                       &v1::SettlementExceptionCommand::mutable_assign, *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::DisposeOfException(grpc::CallbackServerContext* context,
                                     const v1::DisposeOfSettlementException* request,
                                     v1::SettlementReply* reply) {
  return start_command(entrance_, *context, *request,
                       &v1::SettlementExceptionCommand::mutable_dispose, *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::ListExceptions(grpc::CallbackServerContext* context,
                                 const v1::ListSettlementExceptionsRequest* request,
                                 v1::ListSettlementExceptionsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::ListLedgers(grpc::CallbackServerContext* context,
                                                        const v1::ListLedgersRequest* request,
                                                        v1::ListLedgersReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_ledgers,
                        &v1::SettlementAnswer::mutable_ledgers, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::ListWindows(grpc::CallbackServerContext* context,
                                                        const v1::ListWindowsRequest* request,
                                                        v1::ListWindowsReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_windows,
                        &v1::SettlementAnswer::mutable_windows, *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::ListSettlements(grpc::CallbackServerContext* context,
                                  const v1::ListSettlementsRequest* request,
                                  v1::ListSettlementsReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_settlements,
                        &v1::SettlementAnswer::mutable_settlements, *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::ListMerchantWindows(grpc::CallbackServerContext* context,
                                      const v1::ListMerchantWindowsRequest* request,
                                      v1::ListMerchantWindowsReply* reply) {
  return start_question(entrance_, *context, *request,
                        &v1::SettlementQuestion::mutable_merchant_windows,
                        &v1::SettlementAnswer::mutable_merchant_windows, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::ListMembers(grpc::CallbackServerContext* context,
                                                        const v1::ListMembersRequest* request,
                                                        v1::ListMembersReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_members,
                        &v1::SettlementAnswer::mutable_members, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::ListMerchants(grpc::CallbackServerContext* context,
                                                          const v1::ListMerchantsRequest* request,
                                                          v1::ListMerchantsReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_merchants,
                        &v1::SettlementAnswer::mutable_merchants, *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::ListParticipants(grpc::CallbackServerContext* context,
                                   const v1::ListParticipantsRequest* request,
                                   v1::ListParticipantsReply* reply) {
  return start_question(entrance_, *context, *request,
                        &v1::SettlementQuestion::mutable_participants,
                        &v1::SettlementAnswer::mutable_participants, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::ListPayouts(grpc::CallbackServerContext* context,
                                                        const v1::ListPayoutsRequest* request,
                                                        v1::ListPayoutsReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_payouts,
                        &v1::SettlementAnswer::mutable_payouts, *reply);
}

grpc::ServerUnaryReactor*
settlements_edge::ListPayoutBatches(grpc::CallbackServerContext* context,
                                    const v1::ListPayoutBatchesRequest* request,
                                    v1::ListPayoutBatchesReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_batches,
                        &v1::SettlementAnswer::mutable_batches, *reply);
}

grpc::ServerUnaryReactor* settlements_edge::ListPositions(grpc::CallbackServerContext* context,
                                                          const v1::ListPositionsRequest* request,
                                                          v1::ListPositionsReply* reply) {
  return start_question(entrance_, *context, *request, &v1::SettlementQuestion::mutable_positions,
                        &v1::SettlementAnswer::mutable_positions, *reply);
}

} // namespace ducat::api
