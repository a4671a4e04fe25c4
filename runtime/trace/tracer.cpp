#include <ducat/tracer.hpp>

#include <algorithm>
#include <iterator>

namespace ducat::trace {

namespace {

/// Mixes the bits of a count (splitmix64): no two counts give the same.
std::uint64_t mixed(std::uint64_t count) noexcept {
  std::uint64_t value = count * 0x9e3779b97f4a7c15;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

void write(std::uint64_t number, std::uint8_t* bytes) noexcept {
  for (int i = 7; i >= 0; --i, number >>= 8)
    bytes[i] = static_cast<std::uint8_t>(number & 0xff);
}

} // namespace

bool span_queue::put(span what) {
  if (waiting_.size() >= waiting_max_)
    return false;
  waiting_.push_back(std::move(what));
  return true;
}

std::vector<span> span_queue::take(std::size_t most) {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  std::vector<span> taken{std::move_iterator{waiting_.begin()}, std::move_iterator{end}};
  waiting_.erase(waiting_.begin(), end);
  return taken;
}

tracer::tracer(tracer_options options)
    : options_{std::move(options)}, drawn_{options_.seed}, queue_{options_.waiting_max} {}

/// Never zero.
std::uint64_t tracer::random() noexcept {
  for (;;)
    if (const std::uint64_t value = mixed(drawn_.fetch_add(1, std::memory_order_relaxed) + 1))
      return value;
}

span_id tracer::fresh_span_id() noexcept {
  span_id id;
  write(random(), id.bytes.data());
  return id;
}

trace_id tracer::fresh_trace_id() noexcept {
  trace_id id;
  write(random(), id.bytes.data());
  write(random(), id.bytes.data() + 8);
  return id;
}

void tracer::put(span what) {
  const std::lock_guard lock{guard_};
  if (!queue_.put(std::move(what)))
    note_dropped(1);
}

std::vector<span> tracer::take(std::size_t most) {
  const std::lock_guard lock{guard_};
  return queue_.take(most);
}

tracer_figures tracer::figures() const {
  const std::lock_guard lock{guard_};
  return {.sent = sent_, .dropped = dropped_, .waiting = queue_.waiting()};
}

} // namespace ducat::trace
