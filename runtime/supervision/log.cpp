#include "supervision/log.hpp"

namespace ducat::supervision {

std::shared_ptr<spdlog::logger> logger() {
  if (auto registered = spdlog::get("supervision"))
    return registered;
  return spdlog::default_logger()->clone("supervision");
}

} // namespace ducat::supervision
