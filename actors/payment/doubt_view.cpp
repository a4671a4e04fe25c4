/// What a status says of the time in doubt.

#include "payment/limits.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/v1/node.pb.h>

#include <algorithm>
#include <array>

namespace ducat::payment {

namespace {

/// What is too short to show is shown as a millisecond: none is "no time at all".
std::uint64_t milliseconds(std::uint64_t nanoseconds) {
  return nanoseconds / nanoseconds_per_millisecond +
         (nanoseconds % nanoseconds_per_millisecond == 0 ? 0 : 1);
}

void set_ended(v1::TimeInDoubt& shown, const doubt_times& times) {
  shown.set_ended(times.count());
  shown.set_p50_ms(milliseconds(times.percentile(500)));
  shown.set_p99_ms(milliseconds(times.percentile(990)));
  shown.set_longest_ms(milliseconds(times.longest()));
}

/// From what a slow answer takes to what somebody decides.
constexpr std::array<std::uint64_t, 11> doubt_bounds_ms{
    100, 500, 1'000, 5'000, 15'000, 60'000, 300'000, 900'000, 3'600'000, 21'600'000, 86'400'000};

void set_histogram(v1::Histogram& shown, const doubt_times& times) {
  constexpr std::uint64_t microseconds_per_millisecond = 1'000;
  for (const std::uint64_t bound : doubt_bounds_ms) {
    v1::Histogram::Bucket& bucket = *shown.add_buckets();
    bucket.set_up_to_us(bound * microseconds_per_millisecond);
    bucket.set_count(times.count_to(bound * nanoseconds_per_millisecond));
  }
  shown.set_count(times.count());
  shown.set_sum_us(times.sum_us());
}

void add_open(v1::TimeInDoubt& shown, const attempt_record& attempt) {
  shown.set_open(shown.open() + 1);
  const std::uint64_t since = attempt.in_doubt_at.nanoseconds;
  shown.set_oldest_at_ns(shown.oldest_at_ns() == 0 ? since : std::min(shown.oldest_at_ns(), since));
}

} // namespace

void machine::add_time_in_doubt(v1::StatusReply& to) const {
  doubt_times of_all;
  std::map<std::string, v1::TimeInDoubt> by_link;
  for (const auto& [link, times] : doubts_ended_) {
    of_all.add(times);
    set_ended(by_link[link], times);
    set_histogram(*by_link[link].mutable_ended_times(), times);
  }
  set_ended(*to.mutable_time_in_doubt(), of_all);
  for (const std::uint64_t sequence : open_)
    for (const attempt_record& attempt : payments_[sequence].attempts) {
      if (attempt.in_doubt_at == log_time{} || attempt.resolved_at != log_time{})
        continue; // It is sent, was given up after it had been approved, or has come to its end.
      add_open(*to.mutable_time_in_doubt(), attempt);
      add_open(by_link[attempt.link], attempt);
    }
  for (auto& [link, shown] : by_link) {
    shown.set_link(link);
    *to.add_time_in_doubt_by_link() = std::move(shown);
  }
}

} // namespace ducat::payment
