#include "monitor/steady_state.hpp"

#include <ducat/prediction.hpp>

#include <cmath>

namespace ducat::monitor {

namespace {

/// The chain takes the third power of it in time, and beyond the other one numbers overflow.
std::uint32_t units_max(redundancy_mode mode) noexcept {
  return mode == redundancy_mode::active_active ? 1'024 : 64;
}

using seconds = std::chrono::duration<double>;

double in_seconds(duration value) noexcept {
  return std::chrono::duration_cast<seconds>(value).count();
}

/// What a model says, as shares of the time.
struct shares {
  double down = 0;
  double serving_with_fault = 0;
  double up_without_fault = 0;

  void add(bool serves, bool has_fault, double share) {
    (serves ? (has_fault ? serving_with_fault : up_without_fault) : down) += share;
  }
};

prediction prediction_of(const shares& all) {
  prediction made{.availability = all.up_without_fault + all.serving_with_fault,
                  .unavailability = all.down};
  const double with_fault = all.down + all.serving_with_fault;
  if (with_fault > 0)
    made.fault_tolerance = all.serving_with_fault / with_fault;
  return made;
}

double choose(std::uint32_t n, std::uint32_t k) {
  double product = 1;
  for (std::uint32_t i = 1; i <= k; ++i)
    product *= static_cast<double>(n - k + i) / static_cast<double>(i);
  return product;
}

/// `needed` of `units` that all serve.
shares of_active_units(std::uint32_t units, std::uint32_t needed, const unit_times& times) {
  const double cycle = in_seconds(times.mtbf) + in_seconds(times.mttr);
  const double up = in_seconds(times.mtbf) / cycle;
  const double down = in_seconds(times.mttr) / cycle;
  shares all;
  for (std::uint32_t i = 0; i <= units; ++i)
    all.add(i >= needed, i < units, choose(units, i) * std::pow(up, i) * std::pow(down, units - i));
  return all;
}

/// The chain of a group in which one serves. Its states are numbered from the likeliest one: first
/// "j up, one serves" for j = units .. 1, then "j up, nobody serves yet" for j = units .. 0.
class one_serves {
public:
  one_serves(const redundancy& what, const unit_times& times)
      : units_{what.units}, failure_{1 / in_seconds(times.mtbf)},
        repair_{1 / in_seconds(times.mttr)}, switch_over_{in_seconds(what.switch_over)},
        standby_failure_{what.standby == standby_policy::hot ? failure_ : 0} {}

  shares solve() {
    fill();
    const std::vector<double> share = steady_state(rates_);
    shares all;
    for (std::uint32_t up = 0; up <= units_; ++up) {
      if (up > 0)
        all.add(true, up < units_, share[serving(up)]);
      if (has_waiting(up))
        all.add(false, true, share[waiting(up)]);
    }
    return all;
  }

private:
  std::size_t serving(std::uint32_t up) const { return units_ - up; }

  std::size_t waiting(std::uint32_t up) const {
    return has_switch_over() ? 2 * units_ - up : units_; // Without it only with none up.
  }

  bool has_switch_over() const { return switch_over_ > 0 && units_ > 1; }

  bool has_waiting(std::uint32_t up) const { return up == 0 || has_switch_over(); }

  /// Where the group is once its serving unit is gone and `up` are left.
  std::size_t after_failure(std::uint32_t up) const {
    return has_waiting(up) ? waiting(up) : serving(up);
  }

  void fill() {
    const std::size_t count = has_switch_over() ? 2 * units_ + 1 : units_ + 1;
    rates_.assign(count, std::vector<double>(count, 0.0));
    for (std::uint32_t up = 1; up <= units_; ++up)
      fill_serving(up);
    rates_[waiting(0)][serving(1)] = units_ * repair_;
    if (has_switch_over())
      for (std::uint32_t up = 1; up <= units_; ++up)
        fill_waiting(up);
  }

  void fill_serving(std::uint32_t up) {
    auto& out = rates_[serving(up)];
    out[after_failure(up - 1)] += failure_;
    if (up > 1)
      out[serving(up - 1)] += (up - 1) * standby_failure_;
    if (up < units_)
      out[serving(up + 1)] += (units_ - up) * repair_;
  }

  void fill_waiting(std::uint32_t up) {
    auto& out = rates_[waiting(up)];
    out[serving(up)] += 1 / switch_over_;
    out[waiting(up - 1)] += up * standby_failure_;
    if (up < units_)
      out[waiting(up + 1)] += (units_ - up) * repair_;
  }

  std::uint32_t units_;
  double failure_;
  double repair_;
  double switch_over_;
  double standby_failure_;
  transition_rates rates_;
};

result<void> check(const redundancy& what, const unit_times& times) {
  const bool is_single = what.mode == redundancy_mode::single;
  if (times.mtbf <= duration::zero() || times.mttr <= duration::zero())
    return fail(errc::invalid_argument, "MTBF and MTTR must be positive");
  if (what.units < 1 || what.units > units_max(what.mode) || (is_single && what.units != 1))
    return fail(errc::invalid_argument,
                is_single ? "a single one has one unit" : "there are too few or too many units");
  if (what.needed < 1 || what.needed > what.units)
    return fail(errc::invalid_argument, "needed must be 1 to the number of units");
  if (what.switch_over < duration::zero())
    return fail(errc::invalid_argument, "a switch-over takes no negative time");
  return {};
}

std::string milliseconds_of(duration value) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(value).count());
}

} // namespace

std::string_view to_string(redundancy_mode value) noexcept {
  switch (value) {
  case redundancy_mode::single:
    return "single";
  case redundancy_mode::primary_backup:
    return "primary_backup";
  case redundancy_mode::exclusive:
    return "exclusive";
  case redundancy_mode::active_active:
    return "active_active";
  }
  return "unknown";
}

std::string_view to_string(standby_policy value) noexcept {
  return value == standby_policy::cold ? "cold" : "hot";
}

std::string to_string(const redundancy& value) {
  std::string text{to_string(value.mode)};
  const std::string units = std::to_string(value.units);
  if (value.mode == redundancy_mode::single)
    return text;
  if (value.mode == redundancy_mode::active_active)
    return text + ", " + std::to_string(value.needed) + " of " + units;
  text += ", " + units + ", " + std::string{to_string(value.standby)};
  return text + ", switch-over " + milliseconds_of(value.switch_over) + " ms";
}

result<prediction> predict(const redundancy& what, const unit_times& times) {
  if (auto checked = check(what, times); !checked)
    return tl::unexpected(checked.error());
  switch (what.mode) {
  case redundancy_mode::single:
    return prediction_of(of_active_units(1, 1, times));
  case redundancy_mode::active_active:
    return prediction_of(of_active_units(what.units, what.needed, times));
  case redundancy_mode::primary_backup:
  case redundancy_mode::exclusive:
    return prediction_of(one_serves{what, times}.solve());
  }
  return fail(errc::invalid_argument, "there is no such mode");
}

} // namespace ducat::monitor
