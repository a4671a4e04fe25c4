/// The gRPC services of events and webhooks.
#pragma once

#include "api/entrance.hpp"

#include <ducat/v1/event.grpc.pb.h>
#include <ducat/v1/webhook.grpc.pb.h>

#include <atomic>

namespace ducat::api {

class events_edge final : public v1::Events::CallbackService {
public:
  explicit events_edge(const entrance& at) : entrance_(at) {}

  grpc::ServerUnaryReactor* ListEvents(grpc::CallbackServerContext*, const v1::ListEventsRequest*,
                                       v1::ListEventsReply*) override;
  grpc::ServerUnaryReactor* GetEvent(grpc::CallbackServerContext*, const v1::GetEventRequest*,
                                     v1::Event*) override;
  grpc::ServerWriteReactor<v1::Event>* FollowEvents(grpc::CallbackServerContext*,
                                                    const v1::FollowEventsRequest*) override;
  grpc::ServerWriteReactor<v1::PaymentEvent>* WatchPayment(grpc::CallbackServerContext*,
                                                           const v1::WatchPaymentRequest*) override;

private:
  entrance entrance_;
  std::atomic<int> streams_{0};
};

class webhooks_edge final : public v1::Webhooks::CallbackService {
public:
  explicit webhooks_edge(const entrance& at) : entrance_(at) {}

  grpc::ServerUnaryReactor* CreateWebhook(grpc::CallbackServerContext*,
                                          const v1::CreateWebhookRequest*, v1::Webhook*) override;
  grpc::ServerUnaryReactor* ListWebhooks(grpc::CallbackServerContext*,
                                         const v1::ListWebhooksRequest*,
                                         v1::ListWebhooksReply*) override;
  grpc::ServerUnaryReactor* GetWebhook(grpc::CallbackServerContext*, const v1::GetWebhookRequest*,
                                       v1::Webhook*) override;
  grpc::ServerUnaryReactor* ChangeWebhook(grpc::CallbackServerContext*,
                                          const v1::ChangeWebhookRequest*, v1::Webhook*) override;
  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext*,
                                           const v1::ListDeliveriesRequest*,
                                           v1::ListDeliveriesReply*) override;
  grpc::ServerUnaryReactor* ReplayWebhook(grpc::CallbackServerContext*,
                                          const v1::ReplayWebhookRequest*,
                                          v1::ReplayWebhookReply*) override;

private:
  entrance entrance_;
};

} // namespace ducat::api
