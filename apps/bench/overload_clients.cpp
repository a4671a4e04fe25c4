#include "overload_clients.hpp"

#include <ducat/v1/common.pb.h>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

namespace ducat::bench {

namespace {

using namespace std::chrono_literals;

/// What gRPC takes at most to say that a deadline is over.
constexpr steady::duration grace = 5s;

payment_end end_of(const grpc::Status& status, const v1::PaymentReply& reply) {
  if (status.ok())
    return reply.payment().state() == v1::Payment::CAPTURED ? payment_end::accepted
                                                            : payment_end::failed;
  v1::Error why;
  if (why.ParseFromString(status.error_details()) && why.code() == "overloaded")
    return payment_end::refused;
  return status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ? payment_end::late
                                                                    : payment_end::failed;
}

/// One with a connection of its own.
std::unique_ptr<v1::Payments::Stub> connect(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return v1::Payments::NewStub(
      grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), arguments));
}

v1::CreatePaymentRequest payment_number(std::uint64_t number) {
  v1::CreatePaymentRequest request;
  request.set_idempotency_key("overload-" + std::to_string(number));
  request.set_from("world");
  request.set_to("shop");
  request.set_amount(100);
  request.set_currency("EUR");
  return request;
}

} // namespace

struct overload_clients::one_payment {
  grpc::ClientContext context;
  v1::CreatePaymentRequest request;
  v1::PaymentReply reply;
  steady::time_point sent_at;
};

overload_clients::overload_clients(const std::string& endpoint, overload_options options)
    : options_{options} {
  for (std::uint32_t i = 0; i < options_.connections; ++i)
    stubs_.push_back(connect(endpoint));
}

overload_clients::~overload_clients() {
  std::unique_lock lock{mutex_};
  answered_.wait(lock, [this] { return under_way_ == 0; });
}

void overload_clients::send(const std::shared_ptr<payment_tally>& into, const afterwards& then) {
  const auto payment = std::make_shared<one_payment>();
  std::size_t stub = 0;
  {
    const std::lock_guard lock{mutex_};
    ++under_way_;
    payment->request = payment_number(++sent_);
    stub = sent_ % stubs_.size();
  }
  into->note_sent();
  payment->context.set_deadline(
      std::chrono::system_clock::now() +
      std::chrono::duration_cast<std::chrono::system_clock::duration>(options_.deadline));
  payment->sent_at = steady::now();
  stubs_[stub]->async()->CreatePayment(
      &payment->context, &payment->request, &payment->reply,
      [this, payment, into, then](const grpc::Status& status) {
        const payment_end end = end_of(status, payment->reply);
        into->note_end(end, steady::now() - payment->sent_at);
        if (then)
          then(end); // The next one is under way before this one is not.
        note_answer();
      });
}

void overload_clients::note_answer() {
  const std::lock_guard lock{mutex_};
  --under_way_;
  answered_.notify_all(); // Under the lock: who waits may destroy this.
}

bool overload_clients::has_room() {
  const std::lock_guard lock{mutex_};
  return under_way_ < options_.under_way_max;
}

void overload_clients::pay_next(const std::shared_ptr<payment_tally>& into,
                                steady::time_point until) {
  send(into, [this, into, until](payment_end end) {
    if (end != payment_end::failed && steady::now() < until)
      pay_next(into, until);
  });
}

payment_counts overload_clients::pay_in_turns(std::uint32_t clients, steady::duration time) {
  const auto tally = std::make_shared<payment_tally>();
  const auto until = steady::now() + time;
  for (std::uint32_t client = 0; client < clients; ++client)
    pay_next(tally, until);
  std::this_thread::sleep_until(until);
  (void)wait_for_answers();
  return tally->counts();
}

void overload_clients::offer(double per_second, steady::duration time,
                             const std::shared_ptr<payment_tally>& into) {
  const auto begin = steady::now();
  const auto all = static_cast<std::uint64_t>(per_second * seconds_of(time));
  const auto due = [&](std::uint64_t number) {
    return begin + std::chrono::duration_cast<steady::duration>(
                       std::chrono::duration<double>{static_cast<double>(number) / per_second});
  };
  for (std::uint64_t number = 0; number < all; ++number) {
    if (steady::now() > begin + time)
      return into->note_held_back(all - number);
    std::this_thread::sleep_until(due(number));
    if (has_room())
      send(into, {});
    else
      into->note_held_back(1);
  }
  std::this_thread::sleep_until(begin + time);
}

bool overload_clients::wait_for_answers() {
  std::unique_lock lock{mutex_};
  return answered_.wait_for(lock, options_.deadline + grace, [this] { return under_way_ == 0; });
}

} // namespace ducat::bench
