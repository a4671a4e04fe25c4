#include <ducat/check.hpp>
#include <ducat/grant.hpp>

#include <cstring>
#include <limits>

namespace ducat {

namespace {

void put_name(std::string& into, const std::string& name) {
  DUCAT_CHECK(name.size() <= std::numeric_limits<std::uint8_t>::max());
  into += static_cast<char>(name.size());
  into += name;
}

bool take_name(std::string_view& from, std::string& into) {
  if (from.empty())
    return false;
  const std::size_t size = static_cast<unsigned char>(from.front());
  if (from.size() < 1 + size)
    return false;
  into = from.substr(1, size);
  from.remove_prefix(1 + size);
  return true;
}

bool take_epoch(std::string_view& from, std::uint64_t& into) {
  if (from.size() < sizeof into)
    return false;
  std::memcpy(&into, from.data(), sizeof into);
  from.remove_prefix(sizeof into);
  return true;
}

} // namespace

std::string encode(const grant_map& grants) {
  std::string bytes;
  for (const auto& [group, made] : grants) {
    put_name(bytes, group);
    put_name(bytes, made.node);
    bytes.append(reinterpret_cast<const char*>(&made.epoch), sizeof made.epoch);
  }
  return bytes;
}

result<grant_map> decode_grants(std::string_view bytes) {
  grant_map grants;
  while (!bytes.empty()) {
    std::string group;
    grant made;
    if (!take_name(bytes, group) || !take_name(bytes, made.node) || !take_epoch(bytes, made.epoch))
      return fail(errc::corrupt, "the grants that were kept are cut short");
    grants[group] = std::move(made);
  }
  return grants;
}

} // namespace ducat
