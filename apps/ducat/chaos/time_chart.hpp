/// Charts over the time of a run, as SVG that stands in a page. They share one time axis.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

/// A line, with one value for each second.
struct chart_line {
  std::string name;
  std::string style;            ///< A CSS class of the page.
  std::vector<double> values{}; ///< NaN: there is none, and the line is broken there.
};

/// Returns lines over `length`; on a scale by powers of ten where `is_logarithmic`, for values of
/// which one is hundred times another. `unit` is written at the scale.
std::string line_chart(const std::vector<chart_line>& lines, std::chrono::milliseconds length,
                       std::string_view unit, bool is_logarithmic);

/// Something that lasts.
struct chart_span {
  std::chrono::milliseconds begin{};
  std::chrono::milliseconds end{};
  std::string text; ///< Shown when it is pointed at.
};

struct chart_lane {
  std::string name;
  std::vector<chart_span> spans{};
};

/// Returns one row for each lane, over the same axis.
std::string lane_chart(const std::vector<chart_lane>& lanes, std::chrono::milliseconds length);

} // namespace ducat::cli
