#include "supervision/log.hpp"

#include "core/logger.hpp"

namespace ducat::supervision {

std::shared_ptr<spdlog::logger> logger() {
  return named_logger("supervision");
}

} // namespace ducat::supervision
