/// Spans as OTLP has them.
#pragma once

#include <ducat/trace.hpp>

#include <string>
#include <vector>

namespace ducat::traces {

/// Who tells.
struct teller {
  std::string node{};
  std::string cluster{}; ///< May be empty.
};

/// Returns an ExportTraceServiceRequest, serialised. Pure.
std::string message_of(const std::vector<trace::span>& spans, const teller& from);

} // namespace ducat::traces
