#include "traces_child.hpp"

#include <ducat/wall_clock.hpp>

#include <chrono>
#include <random>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

std::uint64_t random_seed() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random();
}

} // namespace

result<std::optional<traces::trace_options>> tracing_of(const node_config& config) {
  const traces_config& from = config.traces;
  const auto url = payment::parse_webhook_url(from.to); // The configuration takes only good ones.
  if (!url)
    return std::nullopt;
  trace::tracer_options of_node{.node = config.node,
                                .sampled = trace::sampling_ratio::parse(from.sampled).value(),
                                .waiting_max = from.waiting_max,
                                .seed = random_seed(),
                                .clock = wall_clock};
  traces::trace_options options{.from = {.node = config.node, .cluster = config.cluster},
                                .spans = std::make_shared<trace::tracer>(std::move(of_node)),
                                .url = *url,
                                .ca = from.ca,
                                .allows_tls_1_2 = from.tls_1_2,
                                .every = std::chrono::milliseconds{from.every_ms}};
  if (auto good = traces::check(options); !good)
    return tl::unexpected(good.error());
  return options;
}

// As what looks for alerts: one that cannot start does not use up the restarts of payments.
child_spec traces_child(const traces::trace_options& options) {
  return {.id = "traces",
          .start = ducat::start(traces::trace_actor, options),
          .backoff = {.initial = 500ms, .max = 30s}};
}

} // namespace ducat::cli
