/// The gRPC services of ducat.v1, each a thin edge over the service of the node.
#pragma once

#include "api/entrance.hpp"

#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/acquirer.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>

namespace ducat::api {

using grpc_context = grpc::CallbackServerContext;
using grpc_reactor = grpc::ServerUnaryReactor;

class payments_edge final : public v1::Payments::CallbackService {
public:
  explicit payments_edge(const entrance& at) : entrance_(at) {}

  grpc_reactor* CreatePayment(grpc_context*, const v1::CreatePaymentRequest*,
                              v1::PaymentReply*) override;
  grpc_reactor* CapturePayment(grpc_context*, const v1::CapturePaymentRequest*,
                               v1::PaymentReply*) override;
  grpc_reactor* VoidPayment(grpc_context*, const v1::VoidPaymentRequest*,
                            v1::PaymentReply*) override;
  grpc_reactor* RefundPayment(grpc_context*, const v1::RefundPaymentRequest*,
                              v1::PaymentReply*) override;
  grpc_reactor* DecidePayment(grpc_context*, const v1::DecidePaymentRequest*,
                              v1::PaymentReply*) override;
  grpc_reactor* GetPayment(grpc_context*, const v1::GetPaymentRequest*, v1::Payment*) override;
  grpc_reactor* ListPayments(grpc_context*, const v1::ListPaymentsRequest*,
                             v1::ListPaymentsReply*) override;

private:
  entrance entrance_;
};

class accounts_edge final : public v1::Accounts::CallbackService {
public:
  explicit accounts_edge(const entrance& at) : entrance_(at) {}

  grpc_reactor* CreateAccount(grpc_context*, const v1::CreateAccountRequest*,
                              v1::AccountReply*) override;
  grpc_reactor* GetAccount(grpc_context*, const v1::GetAccountRequest*, v1::Account*) override;
  grpc_reactor* ListAccounts(grpc_context*, const v1::ListAccountsRequest*,
                             v1::ListAccountsReply*) override;

private:
  entrance entrance_;
};

class acquirers_edge final : public v1::Acquirers::CallbackService {
public:
  explicit acquirers_edge(const entrance& at) : entrance_(at) {}

  grpc_reactor* ListAcquirers(grpc_context*, const v1::ListAcquirersRequest*,
                              v1::ListAcquirersReply*) override;
  grpc_reactor* Reconcile(grpc_context*, const v1::ReconcileRequest*, v1::Acquirer*) override;
  grpc_reactor* ListExceptions(grpc_context*, const v1::ListExceptionsRequest*,
                               v1::ListExceptionsReply*) override;
  grpc_reactor* ResolveAdvice(grpc_context*, const v1::ResolveAdviceRequest*,
                              v1::PaymentReply*) override;

private:
  entrance entrance_;
};

class node_edge final : public v1::Node::CallbackService {
public:
  explicit node_edge(const entrance& at) : entrance_(at) {}

  grpc_reactor* Status(grpc_context*, const v1::StatusRequest*, v1::StatusReply*) override;
  grpc_reactor* Tree(grpc_context*, const v1::TreeRequest*, v1::TreeReply*) override;
  grpc_reactor* Figures(grpc_context*, const v1::FiguresRequest*, v1::FiguresReply*) override;
  grpc_reactor* Crash(grpc_context*, const v1::CrashRequest*, v1::CrashReply*) override;
  grpc_reactor* ListFaults(grpc_context*, const v1::ListFaultsRequest*,
                           v1::ListFaultsReply*) override;
  grpc_reactor* ArmFault(grpc_context*, const v1::ArmFaultRequest*, v1::ArmFaultReply*) override;
  grpc_reactor* DisarmFault(grpc_context*, const v1::DisarmFaultRequest*,
                            v1::DisarmFaultReply*) override;

  grpc_reactor* ListDeadLetters(grpc_context*, const v1::ListDeadLettersRequest*,
                                v1::ListDeadLettersReply*) override;
  grpc_reactor* GetDeadLetter(grpc_context*, const v1::GetDeadLetterRequest*,
                              v1::DeadLetter*) override;
  grpc_reactor* RetryDeadLetter(grpc_context*, const v1::RetryDeadLetterRequest*,
                                v1::RetryDeadLetterReply*) override;
  grpc_reactor* DiscardDeadLetter(grpc_context*, const v1::DiscardDeadLetterRequest*,
                                  v1::DiscardDeadLetterReply*) override;
  grpc_reactor* ListGroups(grpc_context*, const v1::ListGroupsRequest*,
                           v1::ListGroupsReply*) override;
  grpc_reactor* ListLinks(grpc_context*, const v1::ListLinksRequest*, v1::ListLinksReply*) override;
  grpc_reactor* ChangeLink(grpc_context*, const v1::ChangeLinkRequest*,
                           v1::ChangeLinkReply*) override;
  grpc_reactor* ListNodes(grpc_context*, const v1::ListNodesRequest*, v1::ListNodesReply*) override;
  grpc_reactor* ChangeNode(grpc_context*, const v1::ChangeNodeRequest*,
                           v1::ChangeNodeReply*) override;
  grpc_reactor* Availability(grpc_context*, const v1::AvailabilityRequest*,
                             v1::AvailabilityReply*) override;

private:
  entrance entrance_;
};

} // namespace ducat::api
