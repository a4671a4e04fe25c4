#include "api/grpc_event_services.hpp"

#include "api/grpc_call.hpp"
#include "api/grpc_stream.hpp"

#include <iterator>

namespace ducat::api {

namespace {

constexpr std::uint32_t events_at_once = 100;

using who_asks = std::optional<access::principal>;

call_context context_until(time_point deadline, const who_asks& who) {
  call_context context{deadline};
  context.by = who;
  return context;
}

/// Events after the last one that was told.
class events_after {
public:
  events_after(service& to, who_asks who, const v1::FollowEventsRequest& request)
      : service_(to), who_(std::move(who)), from_now_(request.after().empty()) {
    asked_.set_after(request.after());
    *asked_.mutable_types() = request.types();
  }

  void ask(time_point deadline, respond<stream_portion<v1::Event>> then) {
    asked_.set_limit(from_now_ ? 1 : events_at_once);
    service_.call(
        asked_, context_until(deadline, who_), [this, then = std::move(then)](auto found) {
          then(std::move(found).map([this](v1::ListEventsReply page) { return take(page); }));
        });
  }

private:
  stream_portion<v1::Event> take(v1::ListEventsReply& page) {
    if (std::exchange(from_now_, false)) {
      asked_.set_after(page.newest());
      return {};
    }
    if (!page.next().empty())
      asked_.set_after(page.next());
    return {.messages = {std::make_move_iterator(page.mutable_data()->begin()),
                         std::make_move_iterator(page.mutable_data()->end())},
            .has_more = page.has_more()};
  }

  service& service_;
  who_asks who_;
  v1::ListEventsRequest asked_;
  bool from_now_;
};

/// Rows of a timeline after those that were told.
class rows_after {
public:
  rows_after(service& to, who_asks who, const v1::WatchPaymentRequest& request)
      : service_(to), who_(std::move(who)), rows_(request.after()) {
    asked_.set_id(request.id());
  }

  void ask(time_point deadline, respond<stream_portion<v1::PaymentEvent>> then) {
    service_.call(
        asked_, context_until(deadline, who_), [this, then = std::move(then)](auto found) {
          then(std::move(found).map([this](const v1::TimelineReply& all) { return take(all); }));
        });
  }

private:
  stream_portion<v1::PaymentEvent> take(const v1::TimelineReply& all) {
    stream_portion<v1::PaymentEvent> portion;
    for (; rows_ < static_cast<std::uint32_t>(all.data_size()); ++rows_)
      portion.messages.push_back(all.data(static_cast<int>(rows_)));
    return portion;
  }

  service& service_;
  who_asks who_;
  v1::GetTimelineRequest asked_;
  std::uint32_t rows_;
};

/// Whether whoever asks may is asked as for a page of it, an Asked, once: connections that are
/// looked at do not last. An answer may come when the stream is gone: it holds what asks.
template <class Message, class From, class Asked, class Request>
grpc_stream<Message>* stream(const entrance& at, const grpc::CallbackServerContext& context,
                             std::atomic<int>& streams, const Request& request) {
  auto admitted = at.admit<Asked>(shown_in(context), {});
  if (!admitted)
    return grpc_stream<Message>::refuse(at.to, streams, admitted.error());
  auto from = std::make_shared<From>(at.to, std::move(admitted->by), request);
  return grpc_stream<Message>::start(
      at.to, streams, [from](time_point deadline, respond<stream_portion<Message>> then) {
        from->ask(deadline, [from, then = std::move(then)](auto found) { then(std::move(found)); });
      });
}

} // namespace

grpc::ServerUnaryReactor* events_edge::ListEvents(grpc::CallbackServerContext* context,
                                                  const v1::ListEventsRequest* request,
                                                  v1::ListEventsReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* events_edge::GetEvent(grpc::CallbackServerContext* context,
                                                const v1::GetEventRequest* request,
                                                v1::Event* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerWriteReactor<v1::Event>*
events_edge::FollowEvents(grpc::CallbackServerContext* context,
                          const v1::FollowEventsRequest* request) {
  return stream<v1::Event, events_after, v1::ListEventsRequest>(entrance_, *context, streams_,
                                                                *request);
}

grpc::ServerWriteReactor<v1::PaymentEvent>*
events_edge::WatchPayment(grpc::CallbackServerContext* context,
                          const v1::WatchPaymentRequest* request) {
  return stream<v1::PaymentEvent, rows_after, v1::GetTimelineRequest>(entrance_, *context, streams_,
                                                                      *request);
}

grpc::ServerUnaryReactor* webhooks_edge::CreateWebhook(grpc::CallbackServerContext* context,
                                                       const v1::CreateWebhookRequest* request,
                                                       v1::Webhook* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* webhooks_edge::ListWebhooks(grpc::CallbackServerContext* context,
                                                      const v1::ListWebhooksRequest* request,
                                                      v1::ListWebhooksReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* webhooks_edge::GetWebhook(grpc::CallbackServerContext* context,
                                                    const v1::GetWebhookRequest* request,
                                                    v1::Webhook* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* webhooks_edge::ChangeWebhook(grpc::CallbackServerContext* context,
                                                       const v1::ChangeWebhookRequest* request,
                                                       v1::Webhook* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* webhooks_edge::ListDeliveries(grpc::CallbackServerContext* context,
                                                        const v1::ListDeliveriesRequest* request,
                                                        v1::ListDeliveriesReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

grpc::ServerUnaryReactor* webhooks_edge::ReplayWebhook(grpc::CallbackServerContext* context,
                                                       const v1::ReplayWebhookRequest* request,
                                                       v1::ReplayWebhookReply* reply) {
  return start_call(entrance_, *context, *request, *reply);
}

} // namespace ducat::api
