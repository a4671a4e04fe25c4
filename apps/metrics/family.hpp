/// Short ways to make a family of metrics.
#pragma once

#include <ducat/v1/node.pb.h>

#include <prometheus/metric_family.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ducat::metrics {

using all_families = std::vector<prometheus::MetricFamily>;
using counts_by_name = google::protobuf::Map<std::string, std::uint64_t>;

constexpr double ms = 1e-3;
constexpr double us = 1e-6;

inline double of_count(std::uint64_t count) {
  return static_cast<double>(count);
}

inline double of_truth(bool value) {
  return value ? 1 : 0;
}

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
    prometheus::ClientMetric metric = labelled(of);
    (made_.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) =
        value;
    made_.metric.push_back(std::move(metric));
  }

  /// The same, of a family of histograms. Its times become seconds.
  void add(const v1::Histogram& what, labels of = {}) {
    prometheus::ClientMetric metric = labelled(of);
    for (const v1::Histogram::Bucket& each : what.buckets())
      metric.histogram.bucket.push_back(
          {.cumulative_count = each.count(), .upper_bound = of_count(each.up_to_us()) * us});
    metric.histogram.bucket.push_back(
        {.cumulative_count = what.count(), .upper_bound = std::numeric_limits<double>::infinity()});
    metric.histogram.sample_count = what.count();
    metric.histogram.sample_sum = of_count(what.sum_us()) * us;
    made_.metric.push_back(std::move(metric));
  }

  /// Puts the family to those there are, unless it has no metric.
  void put_to(all_families& all) && {
    if (!made_.metric.empty())
      all.push_back(std::move(made_));
  }

  /// Adds a metric of each count, in the order of their names, and puts the family to those there
  /// are.
  void put_counts(const counts_by_name& counts, const char* label, all_families& all) && {
    for (const auto& [name, count] :
         std::map<std::string, std::uint64_t>{counts.begin(), counts.end()})
      add(of_count(count), {{label, name}});
    std::move(*this).put_to(all);
  }

private:
  static prometheus::ClientMetric labelled(labels of) {
    prometheus::ClientMetric metric;
    for (const auto& [name, text] : of)
      metric.label.push_back({name, text});
    return metric;
  }

  prometheus::MetricFamily made_;
};

inline family gauge(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Gauge};
}

inline family counter(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Counter};
}

inline family histogram(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Histogram};
}

} // namespace ducat::metrics
