#include "supervision/log.hpp"

#include <mutex>

namespace ducat::supervision {

std::shared_ptr<spdlog::logger> logger() {
  if (auto registered = spdlog::get("supervision"))
    return registered;
  static std::mutex guard;
  static std::shared_ptr<spdlog::logger> source;
  static std::shared_ptr<spdlog::logger> copy;
  const auto now = spdlog::default_logger();
  const std::lock_guard lock{guard};
  if (now != source) {
    source = now;
    copy = now->clone("supervision");
  }
  copy->set_level(now->level());
  return copy;
}

} // namespace ducat::supervision
