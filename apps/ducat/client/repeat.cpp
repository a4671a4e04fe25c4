#include "client/repeat.hpp"

#include <algorithm>
#include <random>

namespace ducat::cli {

namespace {

bool may_repeat(repetition how, failure_kind kind) {
  switch (kind) {
  case failure_kind::refused:
    return false;
  case failure_kind::nothing_done:
    return true;
  case failure_kind::unknown:
    return how != repetition::once;
  case failure_kind::unreachable:
    return how == repetition::keyed;
  }
  return false;
}

bool leaves_doubt(repetition how, const failure& failed) {
  return how != repetition::read && !failed.is_verdict;
}

/// Returns what to say when an attempt before `last` may have been done. Nothing is added to a
/// failure that is in doubt by itself.
failure in_doubt_with(failure last) {
  if (last.kind == failure_kind::unknown)
    return last;
  last.kind = failure_kind::unknown;
  last.error.set_type(v1::Error::UNKNOWN_OUTCOME);
  last.error.set_code("outcome_unknown");
  last.error.set_message("an attempt may have been done; the last one: " + last.error.message());
  return last;
}

} // namespace

surroundings real_surroundings(const connection& to) {
  return {.now = [] { return std::chrono::steady_clock::now(); },
          .sleep = [&to](duration pause) { to.connect_for(pause); },
          .random = [device = std::make_shared<std::random_device>()] { return (*device)(); },
          .nodes = to.nodes()};
}

std::optional<failure> repeat(const call_limits& limits, repetition how, const surroundings& around,
                              const attempt_function& attempt) {
  const time_point end = around.now() + limits.total;
  // With less time an attempt would but turn what is known into what is not.
  const duration least = std::min(limits.attempt, limits.total) / 4;
  bool in_doubt = false;
  for (unsigned failures = 1;; ++failures) {
    const grpc::Status status = attempt(std::min(limits.attempt, end - around.now()));
    if (status.ok())
      return std::nullopt;
    const failure failed = failure_of(status);
    in_doubt |= failed.kind == failure_kind::unknown;
    const duration pause = limits.between.pause(failures, around.random());
    const bool has_time = around.now() + pause + least < end;
    const bool has_others = failed.kind == failure_kind::unreachable && failures < around.nodes;
    if (!(may_repeat(how, failed.kind) || has_others) || !has_time)
      return in_doubt && leaves_doubt(how, failed) ? in_doubt_with(failed) : failed;
    around.sleep(pause);
  }
}

} // namespace ducat::cli
