#include <ducat/identity.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::security {

namespace {

constexpr std::string_view scheme = "ducat://";

tl::unexpected<error> no_identity(std::string_view uri) {
  return fail(errc::invalid_argument,
              "an identity is ducat://CLUSTER/ROLE/NAME, such as ducat://test/node/node1, not " +
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
  case role::viewer:
    return "viewer";
  case role::merchant:
    return "merchant";
  case role::operator_:
    return "operator";
  case role::settler:
    return "settler";
  case role::chaos:
    return "chaos";
  case role::admin:
    return "admin";
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

result<role> parse_role(std::string_view name) {
  const auto found = std::ranges::find(all_roles, name, [](role each) { return to_string(each); });
  if (found == all_roles.end())
    return fail(errc::invalid_argument, "there is no role " + std::string{name});
  return *found;
}

result<identity> parse_identity(std::string_view uri) {
  if (!uri.starts_with(scheme))
    return no_identity(uri);
  std::string_view rest = uri.substr(scheme.size());
  const std::string_view cluster = take_part(rest);
  const auto kind = parse_role(take_part(rest));
  if (!kind || !is_name(cluster) || !is_name(rest)) // A further slash is no part of a name.
    return no_identity(uri);
  return identity{.cluster = std::string{cluster}, .kind = *kind, .name = std::string{rest}};
}

} // namespace ducat::security
