/// A node's figures as Prometheus takes them. Pure; any thread.
///
/// No label has an unbounded set of values: children are labelled that the node's tree names, those
/// that come and go are counted by their supervisor.
#pragma once

#include "metrics/node_figures.hpp"

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace ducat::metrics {

/// Returns a family for each name of docs/metrics.md of which something is known. Names have their
/// unit (seconds, ratio) or _total at the end, and `ducat_` in front.
std::vector<prometheus::MetricFamily> families_of(const node_figures& figures);

/// Returns them in Prometheus's text format, version 0.0.4.
std::string exposition_of(const node_figures& figures);

} // namespace ducat::metrics
