#include "bench/cards/card_clients.hpp"

#include "client/repeat.hpp"

#include <charconv>
#include <chrono>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

/// Longer than a node needs to be back after a kill.
constexpr call_limits limits{.total = 60s, .attempt = 5s, .between = {}};

constexpr const char* test_card = "4111111111111111";

v1::CreatePaymentRequest payment_of(const payment_name& name) {
  v1::CreatePaymentRequest request;
  request.set_idempotency_key("bench-" + to_text(name));
  request.set_description(to_text(name));
  request.set_from("world");
  request.set_to("shop");
  request.set_amount(static_cast<std::int64_t>(100 + name.number % 10'000));
  request.set_currency("EUR");
  request.mutable_card()->set_number(test_card);
  return request;
}

template <class Number>
bool parse(std::string_view text, Number& into) {
  const char* const last = text.data() + text.size();
  const auto [end, wrong] = std::from_chars(text.data(), last, into);
  return wrong == std::errc{} && end == last;
}

} // namespace

std::string to_text(const payment_name& name) {
  return std::to_string(name.client) + "/" + std::to_string(name.number);
}

std::optional<payment_name> parse_payment_name(const std::string& text) {
  const auto slash = text.find('/');
  payment_name read;
  if (slash == std::string::npos || !parse(std::string_view{text}.substr(0, slash), read.client) ||
      !parse(std::string_view{text}.substr(slash + 1), read.number))
    return std::nullopt;
  return read;
}

card_clients::card_clients(const std::string& endpoint, std::uint32_t clients,
                           std::uint32_t per_second)
    : node_{endpoint}, pause_{per_second == 0 ? bench::steady::duration::zero()
                                              : bench::steady::duration{1s} * clients / per_second},
      told_(clients), times_of_(clients) {
  for (std::uint32_t client = 0; client < clients; ++client)
    threads_.emplace_back([this, client] { pay(client, times_of_[client]); });
}

card_clients::~card_clients() {
  stop();
}

void card_clients::stop() {
  stopped_ = true;
  for (std::thread& each : threads_)
    each.join();
  if (threads_.empty())
    return;
  threads_.clear();
  seconds_ = bench::seconds_of(bench::steady::now() - begin_);
  for (const bench::latencies& each : times_of_)
    times_.add(each);
}

void card_clients::pay(std::uint32_t client, bench::latencies& times) {
  auto due = begin_ + pause_ * client / static_cast<std::int64_t>(told_.size());
  for (std::uint64_t number = 0; !stopped_; ++number, due += pause_) {
    if (pause_ != bench::steady::duration::zero())
      std::this_thread::sleep_until(due);
    const auto sent_at = bench::steady::now();
    const auto done = call(limits, repetition::keyed, node_, &v1::Payments::Stub::CreatePayment,
                           payment_of({client, number}));
    const auto state = done ? done->payment().state() : v1::Payment::STATE_UNSPECIFIED;
    told_[client].of_payments.push_back(static_cast<std::uint8_t>(state));
    if (done)
      times.add(bench::steady::now() - sent_at);
  }
}

} // namespace ducat::cli
