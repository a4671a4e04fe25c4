/// One unary gRPC call that is answered by the service, from whichever thread.
#pragma once

#include "api/entrance.hpp"
#include "api/errors.hpp"
#include "api/grpc_status.hpp"
#include "api/service.hpp"

#include <grpc/support/time.h>
#include <grpcpp/alarm.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/support/server_callback.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <string_view>

namespace ducat::api {

/// Returns how long `context`'s client waits, but 30 s at most, and 10 s if it set no deadline.
inline std::chrono::milliseconds patience_of(const grpc::CallbackServerContext& context) {
  using namespace std::chrono;
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0)
    return seconds(10);
  const auto left = gpr_time_to_millis(gpr_time_sub(deadline, gpr_now(deadline.clock_type)));
  return std::clamp(milliseconds(left), milliseconds(0), milliseconds(seconds(30)));
}

/// Finishes exactly once: with the service's answer, or as unanswered when the client is gone, the
/// server stops, or the service stays silent past the deadline. Owns itself until gRPC is done
/// with it; the service's callback may hold it longer. Safe from any thread.
template <class Reply>
class grpc_call final : public grpc::ServerUnaryReactor {
public:
  explicit grpc_call(Reply& reply) : reply_(reply) {}

  /// Starts a call that finishes in `patience` at the latest.
  static std::shared_ptr<grpc_call> make(Reply& reply, std::chrono::milliseconds patience) {
    auto call = std::make_shared<grpc_call>(reply);
    call->self_ = call;
    call->finish_after(patience);
    return call;
  }

  void answer(api::reply<Reply> outcome) {
    if (finished_.exchange(true))
      return;
    if (outcome)
      reply_ = std::move(*outcome);
    const auto status = outcome ? grpc::Status::OK : grpc_status_of(outcome.error());
    alarm_.Cancel();
    Finish(status);
  }

private:
  void finish_after(std::chrono::milliseconds patience) {
    const auto at = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                 gpr_time_from_millis(patience.count(), GPR_TIMESPAN));
    alarm_.Set(at, [call = std::weak_ptr(self_)](bool expired) {
      if (const auto late = expired ? call.lock() : nullptr)
        late->give_up();
    });
  }

  void give_up() { answer(tl::unexpected(unanswered())); }

  void OnCancel() override { give_up(); }

  void OnDone() override { const auto last = std::move(self_); }

  Reply& reply_; ///< Owned by gRPC; valid until Finish.
  std::atomic<bool> finished_ = false;
  grpc::Alarm alarm_;
  std::shared_ptr<grpc_call> self_;
};

/// Returns what a call shows of whoever makes it.
inline access::shown shown_in(const grpc::CallbackServerContext& context) {
  access::shown what;
  const auto [first, last] = context.client_metadata().equal_range("authorization");
  for (auto each = first; each != last; ++each) { // More than one are no token.
    what.authorization += what.authorization.empty() ? "" : ", ";
    what.authorization.append(each->second.data(), each->second.size());
  }
  const auto names = context.auth_context()->FindPropertyValues("peer_uri");
  if (names.size() == 1)
    if (auto who = security::parse_identity({names.front().data(), names.front().size()}))
      what.certificate = std::move(*who);
  return what;
}

inline arrival arrival_of(const grpc::CallbackServerContext& context) {
  const auto [begin, end] = context.client_metadata().equal_range("traceparent");
  const bool is_there = begin != end;
  return arrived(edge::grpc, static_cast<std::size_t>(std::distance(begin, end)),
                 is_there ? std::string_view{begin->second.data(), begin->second.size()}
                          : std::string_view{});
}

/// Passes `request` on to the service, if it is let in, and returns the reactor that will carry
/// what `reply_of` makes of the answer.
template <class Request, class Reply, class ReplyOf>
grpc::ServerUnaryReactor* start_call_as(const entrance& at,
                                        const grpc::CallbackServerContext& context,
                                        const Request& request, Reply& reply, ReplyOf reply_of) {
  constexpr std::chrono::milliseconds silence_max(500); // What an answer at the deadline may take.
  const auto patience = patience_of(context);
  const auto call = grpc_call<Reply>::make(reply, patience + silence_max);
  const time_point deadline = std::chrono::steady_clock::now() + patience;
  auto admitted = at.admit<Request>(shown_in(context), deadline);
  if (!admitted) {
    call->answer(tl::unexpected(admitted.error()));
    return call.get();
  }
  admitted->from = arrival_of(context);
  at.to.call(request, *admitted,
             [call, reply_of](auto outcome) { call->answer(std::move(outcome).map(reply_of)); });
  return call.get();
}

/// The same, where the answer is the reply.
template <class Request, class Reply>
grpc::ServerUnaryReactor* start_call(const entrance& at, const grpc::CallbackServerContext& context,
                                     const Request& request, Reply& reply) {
  return start_call_as(at, context, request, reply, [](Reply answer) { return answer; });
}

} // namespace ducat::api
