#include "chaos/time_chart.hpp"

#include "page/html_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ducat::cli {

namespace {

constexpr double width = 1000; ///< Of a chart, in its own units.
constexpr double left = 110;   ///< Where time begins: names and scales stand before.
constexpr double plot_height = 150;
constexpr double lane_height = 20;
constexpr double axis_height = 22;
constexpr double span_width_min = 2.5; ///< What is shorter would not be seen.

/// Where a time stands.
class time_axis {
public:
  explicit time_axis(std::chrono::milliseconds length)
      : length_s_{std::max(std::chrono::duration<double>(length).count(), 1.0)} {}

  double x(double seconds) const {
    return left + (width - left) * std::clamp(seconds / length_s_, 0.0, 1.0);
  }

  double x(std::chrono::milliseconds at) const {
    return x(std::chrono::duration<double>(at).count());
  }

  /// Returns the marks below a chart of that height, about ten, and a line up from each.
  std::string marks(double height) const {
    std::string out;
    const double step = step_s();
    for (double at = 0; at <= length_s_; at += step)
      out +=
          fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"0\" y2=\"{1:.0f}\"/>"
                      "<text x=\"{0:.1f}\" y=\"{2:.0f}\" text-anchor=\"middle\">{3:g} s</text>\n",
                      x(at), height, height + 15, at);
    return out;
  }

private:
  double step_s() const {
    constexpr std::array steps{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600};
    for (const int each : steps)
      if (length_s_ / each <= 12)
        return each;
    return std::ceil(length_s_ / 12 / 3600) * 3600;
  }

  double length_s_;
};

std::string opened(double height) {
  return fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\">\n", width + 20,
                     height + axis_height);
}

/// Returns the least of 1, 2 and 5 times a power of ten that is not below `value`.
double rounded_up(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double each : {1.0, 2.0, 5.0})
    if (each * power >= value)
      return each * power;
  return 10 * power;
}

/// Where a value stands.
class value_scale {
public:
  value_scale(const std::vector<chart_line>& lines, bool is_logarithmic)
      : is_logarithmic_{is_logarithmic} {
    double greatest = 1;
    for (const chart_line& each : lines)
      for (const double value : each.values)
        greatest = std::max(greatest, value);
    greatest_ = is_logarithmic ? std::pow(10.0, std::ceil(std::log10(std::max(greatest, 10.0))))
                               : rounded_up(greatest);
  }

  double y(double value) const {
    const double share = is_logarithmic_ ? std::log10(std::max(value, 1.0)) / std::log10(greatest_)
                                         : value / greatest_;
    return plot_height * (1 - std::clamp(share, 0.0, 1.0));
  }

  std::string marks(std::string_view unit) const {
    std::string out;
    for (const double each : values())
      out += fmt::format(
          "<line class=\"grid\" x1=\"{0:.0f}\" x2=\"{1:.0f}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
          "<text x=\"{3:.0f}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:g} {6}</text>\n",
          left, width, y(each), left - 8, std::max(y(each) + 4, 9.0), each, html_text(unit));
    return out;
  }

private:
  std::vector<double> values() const {
    if (!is_logarithmic_)
      return {0, greatest_ / 2, greatest_};
    std::vector<double> all;
    for (double each = 1; each <= greatest_; each *= 10)
      all.push_back(each);
    return all;
  }

  bool is_logarithmic_;
  double greatest_;
};

/// One path, which begins again after a second without a value.
std::string path_of(const chart_line& line, const time_axis& axis, const value_scale& scale) {
  std::string path;
  bool is_drawing = false;
  for (std::size_t second = 0; second < line.values.size(); ++second) {
    const double value = line.values[second];
    if (!std::isnan(value))
      path += fmt::format("{}{:.1f},{:.1f} ", is_drawing ? "L" : "M",
                          axis.x(static_cast<double>(second) + 0.5), scale.y(value));
    is_drawing = !std::isnan(value);
  }
  return fmt::format("<path class=\"line {}\" d=\"{}\"><title>{}</title></path>\n", line.style,
                     path, html_text(line.name));
}

std::string legend_of(const std::vector<chart_line>& lines) {
  std::string out = "<p class=\"legend\">";
  for (const chart_line& each : lines)
    out += fmt::format("<span class=\"{}\">&#9632;</span> {} ", each.style, html_text(each.name));
  return out + "</p>\n";
}

} // namespace

std::string line_chart(const std::vector<chart_line>& lines, std::chrono::milliseconds length,
                       std::string_view unit, bool is_logarithmic) {
  const time_axis axis{length};
  const value_scale scale{lines, is_logarithmic};
  std::string out = legend_of(lines) + opened(plot_height);
  out += axis.marks(plot_height) + scale.marks(unit);
  for (const chart_line& each : lines)
    out += path_of(each, axis, scale);
  return out + "</svg>\n";
}

std::string lane_chart(const std::vector<chart_lane>& lanes, std::chrono::milliseconds length) {
  const time_axis axis{length};
  const double height = lane_height * static_cast<double>(std::max<std::size_t>(lanes.size(), 1));
  std::string out = opened(height) + axis.marks(height);
  double y = 0;
  for (const chart_lane& lane : lanes) {
    out += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>\n", left - 8,
                       y + 14, html_text(lane.name));
    for (const chart_span& each : lane.spans)
      out += fmt::format("<rect class=\"fault\" x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" "
                         "height=\"{:.0f}\"><title>{}</title></rect>\n",
                         axis.x(each.begin), y + 3,
                         std::max(axis.x(each.end) - axis.x(each.begin), span_width_min),
                         lane_height - 6, html_text(each.text));
    y += lane_height;
  }
  return out + "</svg>\n";
}

} // namespace ducat::cli
