/// Where a node's spans begin, and wait until they are told.
#pragma once

#include <ducat/trace.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ducat::trace {

/// Spans in the order in which they ended. When too many wait the newest are let go: what waits is
/// of traces that were begun before. Not for two threads at a time.
class span_queue {
public:
  explicit span_queue(std::size_t waiting_max) : waiting_max_{waiting_max} {}

  /// Returns whether there was room for it.
  bool put(span what);

  /// Takes the oldest, `most` of them at most.
  std::vector<span> take(std::size_t most);

  std::size_t waiting() const noexcept { return waiting_.size(); }

private:
  std::size_t waiting_max_;
  std::deque<span> waiting_; // Invariant: waiting_max_ at most.
};

struct tracer_options {
  std::string node{}; ///< Each span says it.
  sampling_ratio sampled{};
  std::size_t waiting_max = 10'000;
  std::uint64_t seed = 0;            ///< Of the ids of spans: another one in each life of a node.
  std::function<log_time()> clock{}; ///< Of spans. It may go back.
};

/// Spans since the tracer was made.
struct tracer_figures {
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0; ///< Nobody was told of them, or nobody wanted to hear.
  std::uint64_t waiting = 0;
};

/// Any thread. Nothing of it waits for whoever is told.
class tracer {
public:
  explicit tracer(tracer_options options);

  tracer(const tracer&) = delete;
  tracer& operator=(const tracer&) = delete;

  const std::string& node() const noexcept { return options_.node; }

  log_time now() const { return options_.clock(); }

  /// Returns whether a trace that begins here is told.
  bool samples(const trace_id& id) const noexcept { return options_.sampled.takes(id); }

  /// Return an id that no other span, or trace, has.
  span_id fresh_span_id() noexcept;
  trace_id fresh_trace_id() noexcept;

  /// Keeps a span until it is taken, or lets it go.
  void put(span what);

  /// Takes the oldest spans for whoever tells them, who says then what has become of them.
  std::vector<span> take(std::size_t most);

  void note_sent(std::size_t count) noexcept { sent_ += count; }

  void note_dropped(std::size_t count) noexcept { dropped_ += count; }

  tracer_figures figures() const;

private:
  std::uint64_t random() noexcept;

  tracer_options options_;
  std::atomic<std::uint64_t> drawn_;
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> dropped_{0};
  mutable std::mutex guard_;
  span_queue queue_;
};

/// A span that has begun. It ends when it goes; one that nobody has ended says that its outcome is
/// unknown, as of an actor that went down. Not for two threads at a time.
class open_span {
public:
  /// As part of `parent`. Of another node only the place is known.
  open_span(std::shared_ptr<tracer> to, std::string name, span_kind kind, const context& parent);

  /// The same, of this process: it may take another id until the new one has ended.
  open_span(const std::shared_ptr<open_span>& parent, std::string name, span_kind kind);

  /// As the root of `of`.
  open_span(std::shared_ptr<tracer> to, std::string name, span_kind kind, const trace_id& of);

  ~open_span();
  open_span(const open_span&) = delete;
  open_span& operator=(const open_span&) = delete;

  const context& at() const noexcept { return made_.at; }

  void rename(const span_id& id) noexcept { made_.at.span = id; }

  void set(std::string key, std::variant<std::string, std::int64_t> value);

  void link_to(const context& other) { made_.link = other; }

  /// Says that it is over, and has ended well.
  void end();

  /// The same; something went wrong, or cannot be known.
  void end(std::string problem);

private:
  std::shared_ptr<tracer> to_;
  std::shared_ptr<open_span> parent_; ///< Null: it is not of this process.
  span made_;
  bool is_over_ = false;
};

/// Null: it is not traced.
using span_ptr = std::shared_ptr<open_span>;

} // namespace ducat::trace
