#include <ducat/testing.hpp>

#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace ducat::testing {

namespace {

std::filesystem::path make_directory() {
  std::string pattern = std::filesystem::temp_directory_path() / "ducat-node-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "mkdtemp");
  return pattern;
}

} // namespace

local_node::local_node(std::function<void(node&)> describe)
    : describe_{std::move(describe)}, directory_{make_directory()} {
  start();
}

local_node::~local_node() {
  node_ = nullptr;
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void local_node::start() {
  auto started = node::start({.data = directory_}, describe_);
  if (!started)
    throw std::runtime_error(to_string(started.error()));
  node_ = std::move(*started);
}

void local_node::arm(const fault_point& point, const fault& what) {
  if (auto armed = arm_fault(point.name(), what); !armed)
    throw std::runtime_error(to_string(armed.error()));
}

std::uint64_t local_node::restarts(const std::string& path) const {
  std::uint64_t sum = 0;
  for (const child_status& child : node_->tree())
    if (child.path == path || child.path.starts_with(path + "/"))
      sum += child.restarts;
  return sum;
}

void local_node::restart() {
  node_ = nullptr;
  start();
}

} // namespace ducat::testing
