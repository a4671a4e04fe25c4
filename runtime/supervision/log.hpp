/// The logger of supervision.
#pragma once

#include <spdlog/spdlog.h>

#include <memory>

namespace ducat::supervision {

/// Returns the logger "supervision": the registered one, else one that goes where the default goes.
std::shared_ptr<spdlog::logger> logger();

} // namespace ducat::supervision
