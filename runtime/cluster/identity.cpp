#include "cluster/identity.hpp"

namespace ducat::cluster {

std::optional<identity> parse_identity(std::string_view uri) {
  constexpr std::string_view scheme = "ducat://";
  if (!uri.starts_with(scheme))
    return std::nullopt;
  uri.remove_prefix(scheme.size());
  const std::size_t first = uri.find('/');
  const std::size_t second = uri.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos)
    return std::nullopt;
  return identity{.cluster = std::string{uri.substr(0, first)},
                  .is_node = uri.substr(first + 1, second - first - 1) == "node",
                  .name = std::string{uri.substr(second + 1)}};
}

} // namespace ducat::cluster
