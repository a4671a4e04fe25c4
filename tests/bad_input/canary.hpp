/// A client that goes on paying, one payment after the other, and repeats none.
#pragma once

#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ducat::bad_input {

/// How a canary says who it is.
struct canary_papers {
  std::shared_ptr<grpc::ChannelCredentials> to_open = grpc::InsecureChannelCredentials();
  std::shared_ptr<grpc::ChannelCredentials> to_pay = grpc::InsecureChannelCredentials();
  std::string owner{}; ///< Of its accounts.
};

class canary {
public:
  explicit canary(const std::string& address, const canary_papers& shown = {})
      : accounts_{v1::Accounts::NewStub(grpc::CreateChannel(address, shown.to_open))},
        payments_{v1::Payments::NewStub(grpc::CreateChannel(address, shown.to_pay))} {
    open("world", true, shown.owner);
    open("shop", false, shown.owner);
    thread_ = std::thread{[this] {
      while (!is_over_)
        pay();
    }};
  }

  ~canary() { stop(); }

  /// Returns when the payment that is under way has ended; there is none after it.
  void stop() {
    is_over_ = true;
    if (thread_.joinable())
      thread_.join();
  }

  canary(const canary&) = delete;
  canary& operator=(const canary&) = delete;

  /// Waits until a payment has ended that began after this was called.
  void wait_for_another() const {
    for (const std::uint64_t now = ended_; ended_ < now + 2;)
      std::this_thread::yield();
  }

  std::uint64_t paid() const { return ended_ - failures().size(); }

  /// Returns what the client saw besides payments that were captured.
  std::vector<std::string> failures() const {
    const std::lock_guard lock{guard_};
    return failures_;
  }

  /// Returns what the shop has been paid by whomever.
  std::int64_t received() const {
    v1::GetAccountRequest request;
    request.set_id("shop");
    grpc::ClientContext context;
    v1::Account found;
    const auto status = accounts_->GetAccount(&context, request, &found);
    return status.ok() ? found.balance() : -1;
  }

  std::chrono::milliseconds longest() const { return std::chrono::milliseconds{longest_ms_}; }

private:
  void open(const char* id, bool overdraft, const std::string& owner) {
    v1::CreateAccountRequest request;
    request.set_id(id);
    request.set_currency("EUR");
    request.set_overdraft(overdraft);
    request.set_owner(owner);
    grpc::ClientContext context;
    v1::AccountReply reply;
    const auto status = accounts_->CreateAccount(&context, request, &reply);
    if (!status.ok())
      throw std::runtime_error("no account: " + status.error_message());
  }

  void pay() {
    v1::CreatePaymentRequest request;
    request.set_idempotency_key("canary-" + std::to_string(ended_));
    request.set_from("world");
    request.set_to("shop");
    request.set_amount(1);
    request.set_currency("EUR");
    grpc::ClientContext context;
    const auto begin = std::chrono::steady_clock::now();
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{60});
    v1::PaymentReply reply;
    const auto status = payments_->CreatePayment(&context, request, &reply);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    longest_ms_ = std::max<std::int64_t>(longest_ms_, took.count());
    if (!status.ok() || reply.payment().state() != v1::Payment::CAPTURED) {
      const std::lock_guard lock{guard_};
      failures_.push_back(status.ok() ? reply.ShortDebugString() : status.error_message());
    }
    ++ended_;
  }

  std::unique_ptr<v1::Accounts::Stub> accounts_;
  std::unique_ptr<v1::Payments::Stub> payments_;
  mutable std::mutex guard_;
  std::vector<std::string> failures_;
  std::atomic<std::uint64_t> ended_{0};
  std::atomic<std::int64_t> longest_ms_{0};
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

} // namespace ducat::bad_input
