/// How a node does when it is offered far more than it can do: `bench_overload NODE`, where NODE is
/// the program `ducat`. Prints JSON.

#include "bench/printing_program.hpp"
#include "bench/work_directory.hpp"
#include "overload_clients.hpp"

#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>

#include <CLI/CLI.hpp>
#include <grpcpp/create_channel.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace ducat::bench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// A node in a process of its own.
class loaded_node {
public:
  explicit loaded_node(const std::string& program)
      : directory_{work_directory::make({}).value()},
        program_{"exec " + quoted(program) +
                 " node --unguarded --die-with-parent --log-level warn" + " --data " +
                 quoted((directory_->path() / "data").string()) +
                 " --grpc 127.0.0.1:0 --http 127.0.0.1:0 & echo $!; wait"} {
    pid_ = program_.next_line().value_or("");
    const std::string ready = program_.next_line().value_or("");
    const auto at = ready.find("grpc=");
    if (at == ready.npos)
      throw std::runtime_error("the node says: " + ready);
    address_ = ready.substr(at + 5, ready.find(' ', at) - at - 5);
  }

  ~loaded_node() { (void)std::system(("kill -TERM " + pid_).c_str()); }

  loaded_node(const loaded_node&) = delete;
  loaded_node& operator=(const loaded_node&) = delete;

  const std::string& address() const { return address_; }

  /// Resident memory in MiB.
  double memory() const {
    std::ifstream status{"/proc/" + pid_ + "/status"};
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmRSS:"))
        return std::stod(line.substr(6)) / 1024;
    return 0;
  }

private:
  std::unique_ptr<work_directory> directory_;
  printing_program program_;
  std::string pid_;
  std::string address_;
};

/// What may not wait while there is too much: captures of what is held, and a look at the node.
class urgent_client {
public:
  explicit urgent_client(const std::string& address)
      : channel_{grpc::CreateChannel(address, grpc::InsecureChannelCredentials())},
        payments_{v1::Payments::NewStub(channel_)}, node_{v1::Node::NewStub(channel_)} {
    const auto accounts = v1::Accounts::NewStub(channel_);
    for (int i = -1; i < 8; ++i) {
      v1::CreateAccountRequest request;
      request.set_id(i < 0 ? "world" : "shop" + std::to_string(i));
      request.set_currency("EUR");
      request.set_overdraft(true);
      grpc::ClientContext context;
      v1::AccountReply reply;
      check(accounts->CreateAccount(&context, request, &reply));
    }
  }

  /// Holds so many payments that can be captured later.
  void hold(int count) {
    for (int i = 0; i < count; ++i) {
      v1::CreatePaymentRequest request;
      request.set_idempotency_key("held-" + std::to_string(held_.size()));
      request.set_from("world");
      request.set_to("shop0");
      request.set_amount(1);
      request.set_currency("EUR");
      request.set_capture_method(v1::MANUAL);
      grpc::ClientContext context;
      v1::PaymentReply reply;
      check(payments_->CreatePayment(&context, request, &reply));
      held_.push_back(reply.payment().id());
    }
  }

  /// Captures one and asks for the node's status.
  void act() {
    if (next_ == held_.size())
      return;
    v1::CapturePaymentRequest request;
    request.set_id(held_[next_++]);
    request.set_idempotency_key("capture-" + request.id());
    time(captures_, [&](grpc::ClientContext& context) {
      v1::PaymentReply reply;
      return payments_->CapturePayment(&context, request, &reply);
    });
    time(looks_, [&](grpc::ClientContext& context) {
      v1::TreeReply reply;
      return node_->Tree(&context, {}, &reply);
    });
  }

  json figures() const {
    return {{"captures", next_},
            {"failed", failed_},
            {"capture_p50_ms", captures_.percentile_us(0.5) / 1e3},
            {"capture_p99_ms", captures_.percentile_us(0.99) / 1e3},
            {"tree_p99_ms", looks_.percentile_us(0.99) / 1e3}};
  }

private:
  static void check(const grpc::Status& status) {
    if (!status.ok())
      throw std::runtime_error(status.error_message());
  }

  template <class Call>
  void time(latencies& into, const Call& call) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    const auto began = steady::now();
    if (!call(context).ok())
      ++failed_;
    into.add(steady::now() - began);
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Payments::Stub> payments_;
  std::unique_ptr<v1::Node::Stub> node_;
  std::vector<std::string> held_;
  std::size_t next_ = 0;
  std::uint64_t failed_ = 0;
  latencies captures_;
  latencies looks_;
};

/// Returns payments a second of the better half of the time.
double rate_of(overload_clients& clients, int seconds) {
  std::vector<double> rates;
  clients.take();
  for (int i = 0; i < seconds * 4; ++i) {
    std::this_thread::sleep_for(250ms);
    rates.push_back(static_cast<double>(clients.take().captured) * 4);
  }
  std::ranges::sort(rates);
  return rates[rates.size() / 2];
}

json overload(const loaded_node& node, urgent_client& urgent, std::size_t in_flight, int seconds,
              double best) {
  double memory = 0;
  paid_figures all;
  {
    overload_clients clients{node.address(), in_flight};
    std::this_thread::sleep_for(1s);
    clients.take();
    const auto end = steady::now() + std::chrono::seconds{seconds};
    while (steady::now() < end) {
      urgent.act();
      memory = std::max(memory, node.memory());
      std::this_thread::sleep_for(20ms);
    }
    all = clients.take();
  }
  const double goodput = static_cast<double>(all.captured) / seconds;
  std::uint64_t failed = 0;
  for (const auto& [why, count] : all.others)
    failed += count;
  const double offered = static_cast<double>(all.captured + failed) / seconds;
  return {{"in_flight", in_flight},
          {"offered_per_s", offered},
          {"offered_to_best", offered / best},
          {"goodput_per_s", goodput},
          {"goodput_to_best", goodput / best},
          {"paid_p50_ms", all.of_captured.percentile_us(0.5) / 1e3},
          {"paid_p99_ms", all.of_captured.percentile_us(0.99) / 1e3},
          {"refused_p50_ms", all.of_refused.percentile_us(0.5) / 1e3},
          {"refused_p99_ms", all.of_refused.percentile_us(0.99) / 1e3},
          {"not_paid_by_code", all.others},
          {"urgent", urgent.figures()},
          {"memory_mib", memory}};
}

/// Returns after how many seconds a node has 90 % of its best again.
double seconds_to_recover(const loaded_node& node, std::size_t in_flight, double best) {
  const auto began = steady::now();
  overload_clients clients{node.address(), in_flight};
  for (;;) {
    std::this_thread::sleep_for(250ms);
    if (static_cast<double>(clients.take().captured) * 4 >= 0.9 * best ||
        steady::now() > began + 60s)
      return seconds_of(steady::now() - began);
  }
}

json run(const std::string& program, std::size_t in_flight, std::size_t overloaded, int seconds) {
  const loaded_node node{program};
  urgent_client urgent{node.address()};
  urgent.hold(1'000);
  json report;
  {
    overload_clients clients{node.address(), in_flight};
    std::this_thread::sleep_for(2s);
    report["best_per_s"] = rate_of(clients, seconds);
  }
  report["memory_before_mib"] = node.memory();
  const double best = report["best_per_s"];
  report["overload"] = overload(node, urgent, overloaded, seconds, best);
  report["seconds_to_recover"] = seconds_to_recover(node, in_flight, best);
  return report;
}

} // namespace
} // namespace ducat::bench

int main(int argc, char** argv) {
  CLI::App app{"How a node does when it is offered far more than it can do"};
  std::string program;
  std::size_t in_flight = 128;
  std::size_t overloaded = 6'400;
  int seconds = 10;
  app.add_option("node", program, "The program ducat")->required();
  app.add_option("--in-flight", in_flight, "Payments at a time at its best")->capture_default_str();
  app.add_option("--overloaded", overloaded, "Payments at a time then")->capture_default_str();
  app.add_option("--seconds", seconds, "Of each phase")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::cout << ducat::bench::run(program, in_flight, overloaded, seconds).dump(2) << '\n';
}
