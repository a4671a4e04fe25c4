#include "routing/health.hpp"

#include <algorithm>
#include <cmath>

namespace ducat::routing {

namespace {

constexpr double known_from = 10;     // So many requests, by weight.
constexpr double slower_alike = 2;    // Times as slow.
constexpr double failures_alike = .1; // More of its requests.
constexpr double ticks_alike = static_cast<double>(duration{std::chrono::milliseconds{1}}.count());

/// Returns the lower median; 0 if there is none.
double median_of(std::vector<double> values) {
  if (values.empty())
    return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double share_by_latency(double latency, double typical) {
  const double limit = std::max(slower_alike * typical, typical + ticks_alike);
  return latency <= limit ? 1 : limit / latency;
}

double share_by_failures(double rate, double typical) {
  const double more = std::max(0.0, rate - typical - failures_alike);
  return 1 - more / (1 - failures_alike);
}

} // namespace

void health::fade(double factor) {
  for (record& each : workers_) {
    each.requests *= factor;
    each.failures *= factor;
    each.latency *= factor;
  }
}

bool health::judge(time_point now) {
  if (now - judged_at_ < judged_every)
    return false;
  using seconds = std::chrono::duration<double>;
  fade(std::exp2(-(seconds{now - judged_at_} / seconds{half_life})));
  judged_at_ = now;
  const auto is_known = [](const record& each) { return each.requests >= known_from; };
  const auto rate = [](const record& each) { return each.failures / each.requests; };
  const auto has_latency = [](const record& each) { return each.requests - each.failures >= 1; };
  const auto latency = [](const record& each) {
    return each.latency / (each.requests - each.failures);
  };
  std::vector<double> rates;
  std::vector<double> latencies;
  for (const record& each : workers_) {
    if (is_known(each))
      rates.push_back(rate(each));
    if (is_known(each) && has_latency(each))
      latencies.push_back(latency(each));
  }
  const double typical_rate = median_of(rates);
  const double typical_latency = median_of(latencies);
  for (record& each : workers_) {
    each.share = 1;
    if (is_known(each))
      each.share *= share_by_failures(rate(each), typical_rate);
    if (is_known(each) && has_latency(each))
      each.share *= share_by_latency(latency(each), typical_latency);
    each.share = std::max(each.share, share_min);
  }
  return true;
}

} // namespace ducat::routing
