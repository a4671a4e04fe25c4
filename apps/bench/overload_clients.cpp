#include "overload_clients.hpp"

#include <ducat/v1/common.pb.h>

#include <grpcpp/create_channel.h>
#include <unistd.h>

#include <utility>

namespace ducat::bench {

namespace {

constexpr std::size_t streams_max = 100; ///< Of a connection, as a node has it.
constexpr auto patience = std::chrono::seconds{1};

std::shared_ptr<grpc::Channel> connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1); // A connection of its own.
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

/// Returns the code of a refusal; "unanswered" if it is not known what came of the call.
std::string code_of(const grpc::Status& status) {
  v1::Error why;
  if (!status.error_details().empty() && why.ParseFromString(status.error_details()))
    return why.code();
  return "unanswered";
}

} // namespace

struct overload_clients::call {
  std::size_t channel = 0;
  steady::time_point began = steady::now();
  grpc::ClientContext context{};
  v1::CreatePaymentRequest request{};
  v1::PaymentReply reply{};
};

overload_clients::overload_clients(const std::string& address, std::size_t in_flight) {
  for (std::size_t i = 0; i < (in_flight + streams_max - 1) / streams_max; ++i)
    payments_.push_back(v1::Payments::NewStub(connect(address)));
  open_ = in_flight;
  for (std::size_t i = 0; i < in_flight; ++i)
    pay(i / streams_max);
}

overload_clients::~overload_clients() {
  is_over_ = true;
  std::unique_lock lock{guard_};
  ended_.wait(lock, [this] { return open_ == 0; });
}

paid_figures overload_clients::take() {
  const std::lock_guard lock{guard_};
  return std::exchange(figures_, {});
}

void overload_clients::pay(std::size_t channel) {
  auto made = std::make_shared<call>();
  made->channel = channel;
  made->context.set_deadline(std::chrono::system_clock::now() + patience);
  const std::uint64_t number = next_++;
  made->request.set_idempotency_key(std::to_string(::getpid()) + "-" + std::to_string(number) +
                                    "-" + std::to_string(steady::now().time_since_epoch().count()));
  made->request.set_from("world");
  made->request.set_to("shop" + std::to_string(number % 8));
  made->request.set_amount(1);
  made->request.set_currency("EUR");
  payments_[channel]->async()->CreatePayment(
      &made->context, &made->request, &made->reply,
      [this, made](const grpc::Status& status) { on_answer(*made, status); });
}

void overload_clients::on_answer(const call& of, const grpc::Status& status) {
  const auto took = steady::now() - of.began;
  const std::string why = status.ok() ? "" : code_of(status);
  {
    const std::lock_guard lock{guard_};
    if (status.ok()) {
      ++figures_.captured;
      figures_.of_captured.add(took);
    } else if (why != "unanswered" && why != "outcome_unknown" && why != "no_answer_in_time") {
      ++figures_.refused;
      figures_.of_refused.add(took);
    }
    if (!status.ok())
      ++figures_.others[why];
    if (is_over_) {
      --open_;
      ended_.notify_all();
      return;
    }
  }
  pay(of.channel);
}

} // namespace ducat::bench
