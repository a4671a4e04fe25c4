/// Loggers by concept.
#pragma once

#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace ducat {

/// Returns the logger of that name: the registered one, else one that goes where the default goes,
/// at its level. Any thread.
std::shared_ptr<spdlog::logger> named_logger(const std::string& name);

} // namespace ducat
