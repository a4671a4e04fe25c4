/// What a node measures of itself, as its API shows it.
#pragma once

#include <ducat/latency_histogram.hpp>
#include <ducat/node.hpp>
#include <ducat/tracer.hpp>
#include <ducat/v1/node.pb.h>

namespace ducat::api {

/// Returns it of the children that the node's tree names, of its pools, and of this process. Asks
/// nobody: the ledger may hang.
v1::FiguresReply figures_of(const node& node, const trace::tracer* traces = nullptr);

/// Pure.
v1::Histogram view_of(const latency_histogram::reading& what);

} // namespace ducat::api
