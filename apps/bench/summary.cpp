/// Reads measurements, one JSON object a line, from standard input; prints the median and the
/// spread of each over its runs, and ducat's ratio to each other side. With an argument it writes
/// the same as JSON to that file.

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using json = nlohmann::ordered_json;

/// All runs of one side.
struct series {
  json about; ///< bench, subject, side, unit.
  std::vector<double> runs;

  double at(double share) const {
    std::vector<double> sorted = runs;
    std::ranges::sort(sorted);
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  }

  double median() const { return at(0.5); }

  std::string text(const char* key) const { return about[key].get<std::string>(); }

  bool is_about_the_same(const series& other) const {
    return text("bench") == other.text("bench") && text("subject") == other.text("subject");
  }
};

std::vector<series> read_all(std::istream& in) {
  std::vector<series> all;
  for (std::string line; std::getline(in, line);) {
    json about = json::parse(line);
    const double value = about["value"];
    about.erase("value");
    auto found = std::ranges::find(all, about, &series::about);
    if (found == all.end())
      found = all.insert(all.end(), {about, {}});
    found->runs.push_back(value);
  }
  return all;
}

/// Returns ducat's series of the same subject; nullptr if `one` is it, or there is none.
const series* ducat_of(const std::vector<series>& all, const series& one) {
  const auto found = std::ranges::find_if(all, [&](const series& other) {
    return other.is_about_the_same(one) && other.text("side") == "ducat";
  });
  return found == all.end() || &*found == &one ? nullptr : &*found;
}

void print(const std::vector<series>& all) {
  std::printf("%-8s %-40s %-12s %12s %4s  %-25s %s\n", "bench", "subject", "side", "median", "",
              "least .. most", "ducat / it");
  for (const series& one : all) {
    const series* const ducat = ducat_of(all, one);
    const std::string spread =
        std::to_string(std::llround(one.at(0))) + " .. " + std::to_string(std::llround(one.at(1)));
    std::printf("%-8s %-40s %-12s %12.1f %-4s  %-25s ", one.text("bench").c_str(),
                one.text("subject").c_str(), one.text("side").c_str(), one.median(),
                one.text("unit").c_str(), spread.c_str());
    ducat != nullptr ? std::printf("%.2f\n", ducat->median() / one.median()) : std::printf("\n");
  }
}

json to_json(const std::vector<series>& all) {
  json out = json::array();
  for (const series& one : all) {
    json entry = one.about;
    entry["runs"] = one.runs;
    entry["median"] = one.median();
    entry["least"] = one.at(0);
    entry["most"] = one.at(1);
    if (const series* const ducat = ducat_of(all, one))
      entry["ducat_ratio"] = ducat->median() / one.median();
    out.push_back(entry);
  }
  return out;
}

} // namespace

int main(int argc, char** argv) {
  std::vector<series> all = read_all(std::cin);
  std::ranges::stable_sort(
      all, {}, [](const series& one) { return std::pair{one.text("bench"), one.text("subject")}; });
  print(all);
  if (argc > 1)
    std::ofstream{argv[1]} << to_json(all).dump(2) << '\n';
  return 0;
}
