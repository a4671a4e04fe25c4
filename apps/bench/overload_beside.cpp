#include "overload_beside.hpp"

#include "client/repeat.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

namespace ducat::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto deadline = 5s;

/// Calls once: what fails is counted, and not tried again. Returns whether it was done.
template <class Stub, class Request, class Reply>
bool is_done(const cli::connection& to,
             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
             const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  Reply reply;
  return (to.stub<Stub>().*method)(&context, request, &reply).ok();
}

/// Returns the id of a payment that holds its amount; empty if it does not.
std::string authorise(const cli::connection& node, std::uint32_t number) {
  v1::CreatePaymentRequest request;
  request.set_idempotency_key("beside-" + std::to_string(number));
  request.set_from("world");
  request.set_to("shop");
  request.set_amount(100);
  request.set_currency("EUR");
  request.set_capture_method(v1::MANUAL);
  const auto made =
      cli::call({}, cli::repetition::keyed, node, &v1::Payments::Stub::CreatePayment, request);
  return made ? made->payment().id() : std::string{};
}

/// Calls, and adds how long it took, or that it failed.
template <class Call>
void note(const Call& call, std::size_t number, std::mutex& mutex, latencies& done,
          std::uint64_t& failed) {
  const auto begin = steady::now();
  const bool good = call(number);
  const auto took = steady::now() - begin;
  const std::lock_guard lock{mutex};
  if (good)
    done.add(took);
  else
    ++failed;
}

} // namespace

double resident_mib_of(pid_t process) {
  constexpr double kib_in_mib = 1'024;
  std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:"))
      return std::stod(line.substr(6)) / kib_in_mib;
  return 0;
}

result<std::unique_ptr<calls_beside>> calls_beside::start(const beside_options& options) {
  const cli::connection node{options.endpoint};
  std::vector<std::string> authorised;
  for (std::uint32_t number = 0; number < options.authorised; ++number) {
    authorised.push_back(authorise(node, number));
    if (authorised.back().empty())
      return fail(errc::unavailable, "a payment cannot be authorised");
  }
  return std::unique_ptr<calls_beside>{new calls_beside{options, std::move(authorised)}};
}

calls_beside::calls_beside(const beside_options& options, std::vector<std::string> authorised)
    : options_{options}, authorised_{std::move(authorised)}, node_{options.endpoint},
      thread_{[this] { run(); }} {}

calls_beside::~calls_beside() {
  stopped_ = true;
  thread_.join();
}

beside_counts calls_beside::take() {
  const std::lock_guard lock{mutex_};
  return std::exchange(counts_, {});
}

void calls_beside::run() {
  const steady::duration pause = steady::duration{1s} / std::max(1u, options_.per_second);
  auto due = steady::now();
  for (std::size_t number = 0; !stopped_; ++number) {
    if (number < authorised_.size())
      note([this](auto n) { return follow_up(n); }, number, mutex_, counts_.follow_ups,
           counts_.follow_ups_failed);
    note([this](auto n) { return administer(n); }, number, mutex_, counts_.administration,
         counts_.administration_failed);
    {
      const double now = resident_mib_of(options_.node);
      const std::lock_guard lock{mutex_};
      counts_.resident_mib = std::max(counts_.resident_mib, now);
    }
    due = std::max(due + pause, steady::now());
    std::this_thread::sleep_until(due);
  }
}

/// Captures and voids in turns.
bool calls_beside::follow_up(std::size_t number) const {
  const std::string key = "follow-up-" + std::to_string(number);
  if (number % 2 == 0) {
    v1::CapturePaymentRequest request;
    request.set_idempotency_key(key);
    request.set_id(authorised_[number]);
    return is_done(node_, &v1::Payments::Stub::CapturePayment, request);
  }
  v1::VoidPaymentRequest request;
  request.set_idempotency_key(key);
  request.set_id(authorised_[number]);
  return is_done(node_, &v1::Payments::Stub::VoidPayment, request);
}

/// What is written and what is shown in turns.
bool calls_beside::administer(std::size_t number) const {
  if (number % 2 == 1)
    return is_done(node_, &v1::Node::Stub::Status, v1::StatusRequest{});
  v1::CreateAccountRequest request;
  request.set_id("beside-" + std::to_string(number));
  request.set_currency("EUR");
  return is_done(node_, &v1::Accounts::Stub::CreateAccount, request);
}

} // namespace ducat::bench
