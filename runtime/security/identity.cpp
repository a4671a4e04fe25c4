#include <ducat/identity.hpp>

#include <ostream>

namespace ducat::security {

namespace {

constexpr std::string_view scheme = "ducat://";

tl::unexpected<error> no_identity(std::string_view uri) {
  return fail(errc::invalid_argument,
              "an identity is ducat://CLUSTER/node/ID or ducat://CLUSTER/client/NAME, not " +
                  std::string{uri});
}

/// Cuts the part before the next slash off `text`, and the slash. Without one, all is the part.
std::string_view take_part(std::string_view& text) {
  const std::size_t slash = text.find('/');
  const std::string_view part = text.substr(0, slash);
  text.remove_prefix(slash == std::string_view::npos ? text.size() : slash + 1);
  return part;
}

} // namespace

std::string_view to_string(role kind) noexcept {
  switch (kind) {
  case role::node:
    return "node";
  case role::client:
    return "client";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, const identity& who) {
  return out << uri_of(who);
}

bool is_name(std::string_view name) noexcept {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

std::string uri_of(const identity& who) {
  return std::string{scheme} + who.cluster + '/' + std::string{to_string(who.kind)} + '/' +
         who.name;
}

result<identity> parse_identity(std::string_view uri) {
  if (!uri.starts_with(scheme))
    return no_identity(uri);
  std::string_view rest = uri.substr(scheme.size());
  const std::string_view cluster = take_part(rest);
  const std::string_view kind = take_part(rest);
  if (kind != to_string(role::node) && kind != to_string(role::client))
    return no_identity(uri);
  if (!is_name(cluster) || !is_name(rest)) // A further slash is no part of a name.
    return no_identity(uri);
  return identity{.cluster = std::string{cluster},
                  .kind = kind == to_string(role::node) ? role::node : role::client,
                  .name = std::string{rest}};
}

} // namespace ducat::security
