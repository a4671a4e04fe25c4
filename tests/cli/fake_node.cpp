#include "cli/fake_node.hpp"

#include <grpcpp/server_builder.h>

#include <algorithm>
#include <stdexcept>

namespace ducat::testing {

namespace {

using context = grpc::ServerContext;

grpc::Status not_found() {
  return typed(v1::Error::NOT_FOUND, "not_found");
}

grpc::Status conflict() {
  return typed(v1::Error::CONFLICT, "conflict");
}

} // namespace

grpc::Status typed(v1::Error::Type type, const std::string& code) {
  v1::Error error;
  error.set_type(type);
  error.set_code(code);
  error.set_message("the test says " + code);
  return {grpc::StatusCode::UNKNOWN, "see the details", error.SerializeAsString()};
}

class fake_node::accounts_service final : public v1::Accounts::Service {
public:
  explicit accounts_service(fake_node& node) : node_{node} {}

  grpc::Status CreateAccount(context*, const v1::CreateAccountRequest* request,
                             v1::AccountReply* reply) override {
    return node_.attempt("account " + request->id(), [&] {
      const auto known = node_.accounts_.find(request->id());
      if (known != node_.accounts_.end()) {
        *reply = known->second;
        reply->set_replayed(true);
        return grpc::Status::OK;
      }
      reply->mutable_account()->set_id(request->id());
      reply->mutable_account()->set_currency(request->currency());
      reply->mutable_account()->set_overdraft(request->overdraft());
      *reply->mutable_receipt() =
          node_.append({open_account(request->id(), request->overdraft(), request->currency())});
      node_.accounts_[request->id()] = *reply;
      return grpc::Status::OK;
    });
  }

  grpc::Status GetAccount(context*, const v1::GetAccountRequest* request,
                          v1::Account* reply) override {
    return node_.attempt("account " + request->id(), [&] {
      if (!node_.accounts_.contains(request->id()))
        return not_found();
      *reply = node_.accounts_.at(request->id()).account();
      return grpc::Status::OK;
    });
  }

  grpc::Status ListAccounts(context*, const v1::ListAccountsRequest* request,
                            v1::ListAccountsReply* reply) override {
    return node_.attempt("accounts", [&] {
      const int limit = request->limit() == 0 ? 10 : static_cast<int>(request->limit());
      auto next = node_.accounts_.upper_bound(request->starting_after());
      for (; next != node_.accounts_.end() && reply->data_size() < limit; ++next)
        *reply->add_data() = next->second.account();
      reply->set_has_more(next != node_.accounts_.end());
      return grpc::Status::OK;
    });
  }

private:
  fake_node& node_;
};

class fake_node::payments_service final : public v1::Payments::Service {
public:
  explicit payments_service(fake_node& node) : node_{node} {}

  grpc::Status CreatePayment(context*, const v1::CreatePaymentRequest* request,
                             v1::PaymentReply* reply) override {
    return once(request->idempotency_key(), *reply, [&] { return create(*request, *reply); });
  }

  grpc::Status CapturePayment(context*, const v1::CapturePaymentRequest* request,
                              v1::PaymentReply* reply) override {
    return once(request->idempotency_key(), *reply, [&] {
      v1::Payment* payment = find(request->id());
      if (payment == nullptr)
        return not_found();
      if (payment->state() != v1::Payment::AUTHORIZED)
        return conflict();
      payment->set_state(v1::Payment::CAPTURED);
      payment->set_captured(request->amount() == 0 ? payment->amount() : request->amount());
      v1::Command command;
      command.mutable_capture_payment()->set_payment_id(request->id());
      command.mutable_capture_payment()->set_idempotency_key(request->idempotency_key());
      command.mutable_capture_payment()->set_amount(request->amount());
      return answer(*payment, {command}, *reply);
    });
  }

  grpc::Status VoidPayment(context*, const v1::VoidPaymentRequest* request,
                           v1::PaymentReply* reply) override {
    return once(request->idempotency_key(), *reply, [&] {
      v1::Payment* payment = find(request->id());
      if (payment == nullptr)
        return not_found();
      if (payment->state() != v1::Payment::AUTHORIZED)
        return conflict();
      payment->set_state(v1::Payment::VOIDED);
      v1::Command command;
      command.mutable_void_payment()->set_payment_id(request->id());
      command.mutable_void_payment()->set_idempotency_key(request->idempotency_key());
      return answer(*payment, {command}, *reply);
    });
  }

  grpc::Status RefundPayment(context*, const v1::RefundPaymentRequest* request,
                             v1::PaymentReply* reply) override {
    return once(request->idempotency_key(), *reply, [&] {
      v1::Payment* payment = find(request->id());
      if (payment == nullptr)
        return not_found();
      if (payment->state() != v1::Payment::CAPTURED)
        return conflict();
      const std::int64_t left = payment->captured() - payment->refunded();
      const std::int64_t amount = request->amount() == 0 ? left : request->amount();
      payment->set_refunded(payment->refunded() + amount);
      reply->mutable_refund()->set_id(cli::refund_id_of(request->idempotency_key()));
      reply->mutable_refund()->set_amount(amount);
      reply->mutable_refund()->set_state(v1::Refund::SUCCEEDED);
      v1::Command command;
      command.mutable_refund_payment()->set_payment_id(request->id());
      command.mutable_refund_payment()->set_idempotency_key(request->idempotency_key());
      command.mutable_refund_payment()->set_amount(request->amount());
      return answer(*payment, {command}, *reply);
    });
  }

  grpc::Status GetPayment(context*, const v1::GetPaymentRequest* request,
                          v1::Payment* reply) override {
    return node_.attempt("payment " + request->id(), [&] {
      const v1::Payment* payment = find(request->id());
      if (payment == nullptr)
        return not_found();
      *reply = *payment;
      return grpc::Status::OK;
    });
  }

  grpc::Status ListPayments(context*, const v1::ListPaymentsRequest* request,
                            v1::ListPaymentsReply* reply) override {
    return node_.attempt("payments", [&] {
      const int limit = request->limit() == 0 ? 10 : static_cast<int>(request->limit());
      auto next = node_.payment_ids_.begin();
      if (!request->starting_after().empty())
        next = std::ranges::find(node_.payment_ids_, request->starting_after()) + 1;
      for (; next != node_.payment_ids_.end() && reply->data_size() < limit; ++next)
        *reply->add_data() = node_.payments_.at(*next);
      reply->set_has_more(next != node_.payment_ids_.end());
      return grpc::Status::OK;
    });
  }

private:
  /// Answers from the key's first answer, or with `work`.
  grpc::Status once(const std::string& key, v1::PaymentReply& reply,
                    const std::function<grpc::Status()>& work) {
    return node_.attempt(key, [&] {
      const auto known = node_.replies_.find(key);
      if (known == node_.replies_.end()) {
        grpc::Status status = work();
        if (status.ok())
          node_.replies_[key] = reply;
        return status;
      }
      reply = known->second;
      reply.set_replayed(true);
      return grpc::Status::OK;
    });
  }

  grpc::Status create(const v1::CreatePaymentRequest& request, v1::PaymentReply& reply) {
    if (!node_.accounts_.contains(request.from()) || !node_.accounts_.contains(request.to()))
      return not_found();
    const std::string& key = request.idempotency_key();
    const bool is_manual = request.capture_method() == v1::MANUAL;
    const bool is_broke = request.from() == "broke-1";
    const bool is_voided = request.from() == "voided-1" && !is_manual;
    v1::Payment payment;
    payment.set_id(cli::payment_id_of(key));
    payment.set_from(request.from());
    payment.set_to(request.to());
    payment.set_amount(request.amount());
    payment.set_currency(request.currency());
    payment.set_capture_method(request.capture_method());
    payment.set_description(request.description());
    *payment.mutable_metadata() = request.metadata();
    payment.set_state(is_broke    ? v1::Payment::DECLINED
                      : is_manual ? v1::Payment::AUTHORIZED
                      : is_voided ? v1::Payment::VOIDED
                                  : v1::Payment::CAPTURED);
    commands batch{testing::create(key, request.from(), request.to(), request.amount(), is_manual),
                   authorize(key)};
    if (payment.state() == v1::Payment::CAPTURED) {
      payment.set_captured(request.amount());
      batch.push_back(capture_of_creation(key));
    }
    if (is_voided)
      batch.push_back(void_of(key, "operator-" + key));
    node_.payments_[payment.id()] = payment;
    node_.payment_ids_.push_back(payment.id());
    return answer(payment, batch, reply);
  }

  grpc::Status answer(const v1::Payment& payment, const commands& batch, v1::PaymentReply& reply) {
    *reply.mutable_payment() = payment;
    *reply.mutable_receipt() = node_.append(batch);
    return grpc::Status::OK;
  }

  v1::Payment* find(const std::string& id) {
    const auto found = node_.payments_.find(id);
    return found == node_.payments_.end() ? nullptr : &found->second;
  }

  fake_node& node_;
};

class fake_node::node_service final : public v1::Node::Service {
public:
  explicit node_service(fake_node& node) : node_{node} {}

  grpc::Status Status(context*, const v1::StatusRequest*, v1::StatusReply* reply) override {
    return node_.attempt("status", [&] {
      reply->set_node("fake");
      reply->set_log_index(node_.chain_.size());
      (*reply->mutable_payments_by_state())["captured"] = 7;
      v1::LedgerTotals& totals = *reply->add_totals();
      totals.set_currency("EUR");
      totals.set_debits_posted("12");
      totals.set_credits_posted("12");
      totals.set_in_balance(true);
      v1::TimeInDoubt& doubt = *reply->add_time_in_doubt_by_link();
      doubt.set_link("acme");
      doubt.set_open(2);
      doubt.set_oldest_age_ms(61'500);
      doubt.set_ended(40);
      doubt.set_p50_ms(250);
      doubt.set_p99_ms(3'000);
      doubt.set_longest_ms(9'100);
      return grpc::Status::OK;
    });
  }

  grpc::Status Tree(context*, const v1::TreeRequest*, v1::TreeReply* reply) override {
    return node_.attempt("tree", [&] {
      v1::Child& root = *reply->add_children();
      root.set_path("payments");
      root.set_kind("supervisor");
      root.set_state("running");
      root.set_incarnation(1);
      root.set_strategy("one_for_one");
      root.set_restarts_max(5);
      root.set_window_ms(10'000);
      v1::Child& worker = *reply->add_children();
      worker.set_path("payments/w1");
      worker.set_kind("worker");
      worker.set_state("restarting");
      worker.set_incarnation(3);
      worker.set_restarts(2);
      worker.set_last_exit("exception: boom");
      describe(*reply->mutable_spec());
      return grpc::Status::OK;
    });
  }

  /// The payments have a finite shutdown, which they should not have.
  static void describe(v1::SupervisorSpec& root) {
    const auto set_flags = [](v1::SupervisorSpec& spec, std::uint32_t restarts_max) {
      spec.set_strategy("one_for_one");
      spec.set_restarts_max(restarts_max);
      spec.set_window_ms(10'000);
      spec.set_auto_shutdown("never");
    };
    set_flags(root, 2);
    v1::ChildSpec& payments = *root.add_children();
    payments.set_id("payments");
    payments.set_restart_type("permanent");
    payments.set_shutdown("timeout");
    payments.set_shutdown_ms(100);
    set_flags(*payments.mutable_supervisor(), 5);
    v1::ChildSpec& worker = *payments.mutable_supervisor()->add_children();
    worker.set_id("w1");
    worker.set_restart_type("permanent");
  }

  grpc::Status Crash(context*, const v1::CrashRequest* request, v1::CrashReply* reply) override {
    return node_.attempt("crash " + request->path(), [&] {
      reply->set_crashed(request->times());
      return grpc::Status::OK;
    });
  }

  grpc::Status ListFaults(context*, const v1::ListFaultsRequest*,
                          v1::ListFaultsReply* reply) override {
    v1::FaultPoint& point = *reply->add_points();
    point.set_name("payment.after_post");
    point.set_fault("throw");
    point.set_remaining(2);
    return grpc::Status::OK;
  }

  grpc::Status ArmFault(context*, const v1::ArmFaultRequest* request, v1::ArmFaultReply*) override {
    return node_.attempt("arm " + request->name() + " " + request->fault(),
                         [] { return grpc::Status::OK; });
  }

  grpc::Status DisarmFault(context*, const v1::DisarmFaultRequest*,
                           v1::DisarmFaultReply*) override {
    return typed(v1::Error::PERMISSION, "faults_not_allowed");
  }

  grpc::Status Availability(context*, const v1::AvailabilityRequest* request,
                            v1::AvailabilityReply* reply) override {
    reply->set_node("fake");
    reply->set_window(request->window());
    reply->set_left_out(3);
    v1::SubjectAvailability& pool = *reply->add_subjects();
    pool.set_subject(request->subject().empty() ? "payments" : request->subject());
    pool.set_kind("child");
    pool.set_state("serving");
    pool.set_fault_present(true);
    pool.set_observed_us(3'725'000'000);
    pool.set_serving_us(3'724'999'000);
    pool.set_with_fault_us(4'000);
    pool.set_serving_with_fault_us(3'000);
    pool.set_failures(1);
    pool.set_mtbf_us(3'724'999'000);
    pool.set_mttr_us(1'000);
    pool.mutable_predicted()->set_mode("active_active, 1 of 8");
    pool.mutable_predicted()->set_unavailability(0.001);
    v1::SubjectAvailability& fresh = *reply->add_subjects();
    fresh.set_subject("gateway");
    fresh.set_kind("child");
    fresh.set_state("serving");
    return grpc::Status::OK;
  }

  grpc::Status ListDeadLetters(context*, const v1::ListDeadLettersRequest*,
                               v1::ListDeadLettersReply* reply) override {
    *reply->add_letters() = letter();
    reply->set_poison(3);
    reply->set_forgotten(1);
    return grpc::Status::OK;
  }

  grpc::Status GetDeadLetter(context*, const v1::GetDeadLetterRequest* request,
                             v1::DeadLetter* reply) override {
    if (request->id() != 7)
      return typed(v1::Error::NOT_FOUND, "dead_letter_unknown");
    *reply = letter();
    return grpc::Status::OK;
  }

  grpc::Status RetryDeadLetter(context*, const v1::RetryDeadLetterRequest* request,
                               v1::RetryDeadLetterReply* reply) override {
    return node_.attempt("retry " + std::to_string(request->id()), [&] {
      reply->set_outcome("refused");
      reply->set_detail("overloaded");
      reply->set_kept(true);
      return grpc::Status::OK;
    });
  }

  grpc::Status DiscardDeadLetter(context*, const v1::DiscardDeadLetterRequest* request,
                                 v1::DiscardDeadLetterReply*) override {
    return node_.attempt("discard " + std::to_string(request->id()),
                         [] { return grpc::Status::OK; });
  }

  static v1::DeadLetter letter() {
    v1::DeadLetter made;
    made.set_id(7);
    made.set_path("payments");
    made.set_cause("poison");
    made.set_at_ms(1'700'000'000'000);
    made.set_crashes(3);
    made.set_last_crash("crashed: boom");
    made.set_text("pay k1");
    return made;
  }

private:
  fake_node& node_;
};

fake_node::fake_node(fate_function decide)
    : decide_{std::move(decide)}, accounts_api_{std::make_unique<accounts_service>(*this)},
      payments_api_{std::make_unique<payments_service>(*this)},
      node_api_{std::make_unique<node_service>(*this)} {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(accounts_api_.get());
  builder.RegisterService(payments_api_.get());
  builder.RegisterService(node_api_.get());
  server_ = builder.BuildAndStart();
  if (!server_)
    throw std::runtime_error("the fake node cannot listen");
  endpoint_ = "127.0.0.1:" + std::to_string(port);
}

fake_node::~fake_node() {
  server_->Shutdown(std::chrono::system_clock::now());
}

std::vector<entry> fake_node::entries() {
  const std::lock_guard lock{mutex_};
  return chain_;
}

unsigned fake_node::attempts(const std::string& key) {
  const std::lock_guard lock{mutex_};
  return attempts_[key];
}

unsigned fake_node::attempts() {
  const std::lock_guard lock{mutex_};
  unsigned sum = 0;
  for (const auto& [key, count] : attempts_)
    sum += count;
  return sum;
}

grpc::Status fake_node::attempt(const std::string& key, const std::function<grpc::Status()>& work) {
  const std::lock_guard lock{mutex_};
  const fate decided = decide_ ? decide_(key, ++attempts_[key]) : (++attempts_[key], fate{});
  if (!decided.is_done)
    return decided.status;
  grpc::Status own = work();
  return own.ok() ? decided.status : own;
}

v1::Receipt fake_node::append(const commands& batch) {
  chain_.push_back(next_entry(chain_, batch));
  v1::Receipt receipt;
  receipt.set_index(chain_.back().index);
  receipt.set_hash(to_hex(chain_.back().hash));
  return receipt;
}

} // namespace ducat::testing
