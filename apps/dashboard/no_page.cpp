/// Of a program that was built without the dashboard.

#include "dashboard/page.hpp"

namespace ducat::dashboard {

std::span<const api::web_file> page() noexcept {
  return {};
}

} // namespace ducat::dashboard
