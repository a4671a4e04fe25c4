#include "load/attempt.hpp"

#include "client/declined.hpp"

namespace ducat::cli {

namespace {

using done_function = std::function<void(grpc::Status)>;

v1::Payments::StubInterface::async_interface& payments(const connection& node) {
  return *node.payments().async();
}

void send(const connection& node, grpc::ClientContext& context,
          const v1::CreatePaymentRequest& request, v1::PaymentReply& reply, done_function done) {
  payments(node).CreatePayment(&context, &request, &reply, std::move(done));
}

void send(const connection& node, grpc::ClientContext& context,
          const v1::CapturePaymentRequest& request, v1::PaymentReply& reply, done_function done) {
  payments(node).CapturePayment(&context, &request, &reply, std::move(done));
}

void send(const connection& node, grpc::ClientContext& context,
          const v1::VoidPaymentRequest& request, v1::PaymentReply& reply, done_function done) {
  payments(node).VoidPayment(&context, &request, &reply, std::move(done));
}

void send(const connection& node, grpc::ClientContext& context,
          const v1::RefundPaymentRequest& request, v1::PaymentReply& reply, done_function done) {
  payments(node).RefundPayment(&context, &request, &reply, std::move(done));
}

void send(const connection& node, grpc::ClientContext& context,
          const v1::CreateAccountRequest& request, v1::AccountReply& reply, done_function done) {
  node.accounts().async()->CreateAccount(&context, &request, &reply, std::move(done));
}

call_answer answer_in(const v1::PaymentReply& reply) {
  const v1::Payment& payment = reply.payment();
  return {.outcome = is_declined(reply) ? call_outcome::declined : call_outcome::ok,
          .payment_id = payment.id(),
          .state = v1::Payment::State_Name(payment.state()),
          .amount = payment.amount(),
          .captured = payment.captured(),
          .refunded = payment.refunded(),
          .index = reply.receipt().index(),
          .hash = reply.receipt().hash(),
          .replayed = reply.replayed()};
}

call_answer answer_in(const v1::AccountReply& reply) {
  return {.outcome = call_outcome::ok,
          .index = reply.receipt().index(),
          .hash = reply.receipt().hash(),
          .replayed = reply.replayed()};
}

} // namespace

void attempt::start(const connection& node, const import_request& request, duration deadline,
                    done_function done) {
  context_.set_deadline(std::chrono::system_clock::now() + deadline);
  std::visit(
      [&](const auto& sent) {
        if constexpr (std::is_same_v<decltype(sent), const v1::CreateAccountRequest&>)
          send(node, context_, sent, reply_.emplace<v1::AccountReply>(), std::move(done));
        else
          send(node, context_, sent, reply_.emplace<v1::PaymentReply>(), std::move(done));
      },
      request);
}

call_answer attempt::answer() const {
  return std::visit([](const auto& reply) { return answer_in(reply); }, reply_);
}

} // namespace ducat::cli
