#include "harness.hpp"

#include <caf/atom.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <iostream>

namespace ducat::bench {

system_config::system_config() {
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", 2u);
  set("scheduler.max-throughput", 100u);
}

void print(const measurement& what) {
  const nlohmann::ordered_json line{{"bench", what.bench},
                                    {"subject", what.subject},
                                    {"side", what.side},
                                    {"unit", what.unit},
                                    {"value", what.value}};
  std::cout << line.dump() << std::endl;
}

double percentile(std::vector<double> samples, double share) {
  const auto rank = std::ceil(share * static_cast<double>(samples.size()));
  const auto index = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(rank) - 1);
  std::nth_element(samples.begin(), samples.begin() + index, samples.end());
  return samples[static_cast<std::size_t>(index)];
}

double seconds_since(clock::time_point begin) {
  return std::chrono::duration<double>(clock::now() - begin).count();
}

void log_to(const std::string& file) {
  if (file.empty())
    return spdlog::set_level(spdlog::level::off);
  spdlog::set_default_logger(spdlog::basic_logger_mt("ducat", file, true));
  spdlog::set_level(spdlog::level::info);
}

} // namespace ducat::bench
