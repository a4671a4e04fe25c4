#include "core/logger.hpp"

#include <map>
#include <mutex>

namespace ducat {

std::shared_ptr<spdlog::logger> named_logger(const std::string& name) {
  if (auto registered = spdlog::get(name))
    return registered;
  static std::mutex guard;
  static std::shared_ptr<spdlog::logger> source;
  static std::map<std::string, std::shared_ptr<spdlog::logger>> copies;
  const auto now = spdlog::default_logger();
  const std::lock_guard lock{guard};
  if (now != source) {
    source = now;
    copies.clear();
  }
  auto& copy = copies[name];
  if (copy == nullptr)
    copy = now->clone(name);
  copy->set_level(now->level());
  return copy;
}

} // namespace ducat
