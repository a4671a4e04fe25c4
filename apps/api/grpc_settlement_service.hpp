/// The gRPC service of settlement.
#pragma once

#include "api/entrance.hpp"

#include <ducat/v1/settlement_api.grpc.pb.h>

namespace ducat::api {

/// Each command goes to the service as a SettlementCommand or, about exceptions, as a
/// SettlementExceptionCommand; each question as a SettlementQuestion. Alarms are raised by nobody
/// out here.
class settlements_edge final : public v1::Settlements::CallbackService {
public:
  explicit settlements_edge(const entrance& at) : entrance_(at) {}

  grpc::ServerUnaryReactor* ConfigureLedger(grpc::CallbackServerContext*,
                                            const v1::ConfigureSettlement*,
                                            v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* PutParticipant(grpc::CallbackServerContext*, const v1::PutParticipant*,
                                           v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* FundParticipant(grpc::CallbackServerContext*,
                                            const v1::FundParticipant*,
                                            v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* PutMerchant(grpc::CallbackServerContext*, const v1::PutMerchant*,
                                        v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* PresentCaptures(grpc::CallbackServerContext*,
                                            const v1::PresentCaptures*,
                                            v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* DisputePayment(grpc::CallbackServerContext*, const v1::DisputePayment*,
                                           v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* CutWindow(grpc::CallbackServerContext*, const v1::CutWindow*,
                                      v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* RunSettlement(grpc::CallbackServerContext*, const v1::StartSettlement*,
                                          v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* AbortSettlement(grpc::CallbackServerContext*,
                                            const v1::AbortSettlement*,
                                            v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* FinalizeWindow(grpc::CallbackServerContext*, const v1::FinalizeWindow*,
                                           v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* BatchPayouts(grpc::CallbackServerContext*, const v1::BatchPayouts*,
                                         v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* ResolvePayouts(grpc::CallbackServerContext*, const v1::ResolvePayouts*,
                                           v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* OpenExceptions(grpc::CallbackServerContext*,
                                           const v1::OpenSettlementExceptions*,
                                           v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* AssignException(grpc::CallbackServerContext*,
                                            const v1::AssignSettlementException*,
                                            v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* DisposeOfException(grpc::CallbackServerContext*,
                                               const v1::DisposeOfSettlementException*,
                                               v1::SettlementReply*) override;
  grpc::ServerUnaryReactor* ListExceptions(grpc::CallbackServerContext*,
                                           const v1::ListSettlementExceptionsRequest*,
                                           v1::ListSettlementExceptionsReply*) override;
  grpc::ServerUnaryReactor* ListLedgers(grpc::CallbackServerContext*, const v1::ListLedgersRequest*,
                                        v1::ListLedgersReply*) override;
  grpc::ServerUnaryReactor* ListWindows(grpc::CallbackServerContext*, const v1::ListWindowsRequest*,
                                        v1::ListWindowsReply*) override;
  grpc::ServerUnaryReactor* ListSettlements(grpc::CallbackServerContext*,
                                            const v1::ListSettlementsRequest*,
                                            v1::ListSettlementsReply*) override;
  grpc::ServerUnaryReactor* ListMerchantWindows(grpc::CallbackServerContext*,
                                                const v1::ListMerchantWindowsRequest*,
                                                v1::ListMerchantWindowsReply*) override;
  grpc::ServerUnaryReactor* ListMembers(grpc::CallbackServerContext*, const v1::ListMembersRequest*,
                                        v1::ListMembersReply*) override;
  grpc::ServerUnaryReactor* ListMerchants(grpc::CallbackServerContext*,
                                          const v1::ListMerchantsRequest*,
                                          v1::ListMerchantsReply*) override;
  grpc::ServerUnaryReactor* ListParticipants(grpc::CallbackServerContext*,
                                             const v1::ListParticipantsRequest*,
                                             v1::ListParticipantsReply*) override;
  grpc::ServerUnaryReactor* ListPayouts(grpc::CallbackServerContext*, const v1::ListPayoutsRequest*,
                                        v1::ListPayoutsReply*) override;
  grpc::ServerUnaryReactor* ListPayoutBatches(grpc::CallbackServerContext*,
                                              const v1::ListPayoutBatchesRequest*,
                                              v1::ListPayoutBatchesReply*) override;
  grpc::ServerUnaryReactor* ListPositions(grpc::CallbackServerContext*,
                                          const v1::ListPositionsRequest*,
                                          v1::ListPositionsReply*) override;

private:
  entrance entrance_;
};

} // namespace ducat::api
