#include "api/entrance.hpp"

namespace ducat::api {

namespace {

v1::Error error_of(const access::denial& denied) {
  switch (denied.why) {
  case access::denial::kind::unauthenticated:
    return make_error(v1::Error::UNAUTHENTICATED, "unauthenticated", denied.message);
  case access::denial::kind::not_allowed:
    return make_error(v1::Error::PERMISSION, "role_not_allowed", denied.message);
  case access::denial::kind::too_often:
    return make_error(v1::Error::UNAVAILABLE, "rate_limited", denied.message);
  }
  return make_error(v1::Error::UNAUTHENTICATED, "unauthenticated", denied.message);
}

} // namespace

checked<call_context> entrance::admit(const access::shown& what, std::string_view request,
                                      time_point deadline) const {
  if (keeper == nullptr)
    return call_context{deadline};
  auto who = keeper->admit(what, request);
  if (!who)
    return tl::unexpected(error_of(who.error()));
  return call_context{deadline, std::move(*who)};
}

checked<void> entrance::know(const access::shown& what) const {
  if (keeper == nullptr)
    return {};
  const auto who = keeper->know(what);
  return who ? checked<void>{} : tl::unexpected(error_of(who.error()));
}

} // namespace ducat::api
