/// Short ways to make a family of metrics.
#pragma once

#include <prometheus/metric_family.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace ducat::metrics {

using labels = std::initializer_list<std::pair<const char*, std::string>>;

/// A family that is being made.
class family {
public:
  family(std::string name, std::string help, prometheus::MetricType type) {
    made_.name = std::move(name);
    made_.help = std::move(help);
    made_.type = type;
  }

  /// Adds the metric of those labels. Each set of labels once.
  void add(double value, labels of = {}) {
    prometheus::ClientMetric metric;
    for (const auto& [name, text] : of)
      metric.label.push_back({name, text});
    (made_.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) =
        value;
    made_.metric.push_back(std::move(metric));
  }

  /// Puts the family to those there are, unless it has no metric.
  void put_to(std::vector<prometheus::MetricFamily>& all) && {
    if (!made_.metric.empty())
      all.push_back(std::move(made_));
  }

private:
  prometheus::MetricFamily made_;
};

inline family gauge(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Gauge};
}

inline family counter(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Counter};
}

} // namespace ducat::metrics
