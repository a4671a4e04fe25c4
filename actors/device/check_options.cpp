#include <ducat/device/link_options.hpp>
#include <ducat/device/saf_core.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <algorithm>

namespace ducat::device {

namespace {

constexpr std::uint32_t stan_max = 999'999;

result<void> expect(bool good, const std::string& field, const std::string& is_to_be) {
  if (good)
    return {};
  return fail(errc::invalid_argument, field + " has to be " + is_to_be);
}

result<void> check_backoff(const backoff_options& wait) {
  const bool is_good =
      wait.initial.count() > 0 && wait.initial <= wait.max && wait.max <= std::chrono::hours{24};
  return expect(is_good, "backoff", "0 < initial <= max <= 24 h").and_then([&] {
    return expect(wait.jitter_percent <= 100, "backoff.jitter_percent", "at most 100");
  });
}

result<void> check_times(const link_options& options) {
  const std::pair<const char*, duration> times[] = {
      {"connect_timeout", options.connect_timeout},   {"sign_on_timeout", options.sign_on_timeout},
      {"sign_off_timeout", options.sign_off_timeout}, {"echo_every", options.echo_every},
      {"echo_timeout", options.echo_timeout},         {"answer_timeout", options.answer_timeout},
      {"grey.silence", options.grey.silence},         {"grey.pause", options.grey.pause},
      {"unknown_kept", options.unknown_kept},         {"answered_kept", options.answered_kept},
  };
  for (const auto& [name, time] : times)
    if (auto good = expect(time > duration::zero(), name, "more than 0"); !good)
      return good;
  return check_backoff(options.backoff);
}

result<void> check_match(const match_options& match) {
  const auto is_bad = [](int field) {
    return field < 2 || field > 128 || iso8583::is_card_data(field);
  };
  return expect(!match.required.empty(), "match.required", "one field at least").and_then([&] {
    return expect(std::ranges::none_of(match.required, is_bad) &&
                      std::ranges::none_of(match.if_echoed, is_bad),
                  "match", "fields from 2 to 128 without data of a card");
  });
}

result<void> check_counts(const link_options& options) {
  const grey_options& grey = options.grey;
  const stan_range& stans = options.network_stans;
  const bool echoes = options.echoes_missed_suspect > 0 &&
                      options.echoes_missed_suspect <= options.echoes_missed_failed;
  const bool greys = grey.sample > 0 && grey.timeouts_max > 0 && grey.timeouts_max <= grey.sample &&
                     grey.silence_timeouts > 0;
  if (auto good = expect(echoes, "echoes_missed_suspect", "from 1 to echoes_missed_failed"); !good)
    return good;
  if (auto good = expect(greys, "grey", "counts over 0, and timeouts_max <= sample"); !good)
    return good;
  if (auto good = expect(options.in_flight_max > 0, "in_flight_max", "more than 0"); !good)
    return good;
  if (auto good = expect(options.garbled_max > 0, "garbled_max", "more than 0"); !good)
    return good;
  if (auto good = expect(options.kept_max > 0, "kept_max", "more than 0"); !good)
    return good;
  return expect(stans.first > 0 && stans.first <= stans.last && stans.last <= stan_max,
                "network_stans", "1 <= first <= last <= 999999");
}

} // namespace

result<void> check(const link_options& options) {
  return check_times(options).and_then([&] { return check_match(options.match); }).and_then([&] {
    return check_counts(options);
  });
}

result<void> check(const saf_options& options) {
  return expect(options.window > 0, "window", "more than 0")
      .and_then([&] { return expect(options.tries_max > 0, "tries_max", "more than 0"); })
      .and_then(
          [&] { return expect(options.age_max > duration::zero(), "age_max", "more than 0"); })
      .and_then([&] { return check_backoff(options.backoff); });
}

} // namespace ducat::device
