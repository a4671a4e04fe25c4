#include <ducat/dynamic_children.hpp>

#include <utility>

namespace ducat {

change_request start_child(child_spec spec) {
  std::string id = spec.id;
  return {.what = change_request::kind::start,
          .id = std::move(id),
          .spec = std::make_shared<const child_spec>(std::move(spec))};
}

change_request terminate_child(std::string id) {
  return {.what = change_request::kind::terminate, .id = std::move(id)};
}

change_request restart_child(std::string id) {
  return {.what = change_request::kind::restart, .id = std::move(id)};
}

change_request delete_child(std::string id) {
  return {.what = change_request::kind::remove, .id = std::move(id)};
}

change_request resize_pool(std::uint32_t size) {
  return {.what = change_request::kind::resize, .size = size};
}

change_request change_specs(supervisor_spec spec) {
  return {.what = change_request::kind::specs,
          .specs = std::make_shared<const supervisor_spec>(std::move(spec))};
}

change_request terminate_instance(handle instance) {
  return {.what = change_request::kind::terminate_instance, .instance = std::move(instance)};
}

} // namespace ducat
