/// The actor that tells of a node's spans.
#pragma once

#include "traces/span_message.hpp"

#include <ducat/error.hpp>
#include <ducat/payment/webhook_url.hpp>
#include <ducat/tracer.hpp>

#include <caf/behavior.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <filesystem>
#include <memory>

namespace ducat::traces {

struct trace_options {
  teller from;
  std::shared_ptr<trace::tracer> spans; ///< Outlives the actor: its next life goes on with them.
  payment::webhook_url url;             ///< Wherever the operator says: plain and private, too.
  std::filesystem::path ca{};           ///< Who else signs certificates; empty: nobody.
  bool allows_tls_1_2 = false;
  duration every = std::chrono::seconds{1}; ///< Spans wait that long for others.
};

/// Returns nothing if spans can be posted so. Errors: invalid_argument (`ca`).
result<void> check(const trace_options& options);

/// Posts spans in batches of 512, one after the other, by OTLP/HTTP. What is not taken now is
/// posted again; what will never be is dropped. What it has under way when it ends is dropped.
caf::behavior trace_actor(caf::event_based_actor* self, const trace_options& options);

} // namespace ducat::traces
