#include "api/gateway.hpp"

#include <ducat/payment/retry.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/logger.hpp>

namespace ducat::api {

namespace {

caf::behavior gateway_actor(caf::event_based_actor* self) {
  return {[=](const task& what) { what.run(self); }};
}

v1::Error::Type type_of(errc code) {
  switch (code) {
  case errc::overloaded:
  case errc::unavailable:
  case errc::deadline_exceeded:
    return v1::Error::UNAVAILABLE;
  case errc::outcome_unknown:
    return v1::Error::UNKNOWN_OUTCOME;
  case errc::invalid_argument:
    return v1::Error::INVALID_REQUEST;
  case errc::not_found:
    return v1::Error::NOT_FOUND;
  case errc::not_permitted:
    return v1::Error::PERMISSION;
  case errc::epoch_lost:
  case errc::corrupt:
  case errc::in_use:
  case errc::newer_version:
  case errc::other_cluster:
  case errc::io:
    return v1::Error::INTERNAL;
  }
  return v1::Error::UNKNOWN_OUTCOME;
}

} // namespace

child_start gateway() {
  return start(gateway_actor);
}

void leave_actor_system() {
  caf::logger::set_current_actor_system(nullptr);
}

v1::Error error_of(const error& what) {
  v1::Error out;
  out.set_type(type_of(what.code));
  out.set_code(std::string{to_string(what.code)});
  out.set_message(what.message);
  out.set_retry(payment::retry_of(what.code));
  return out;
}

} // namespace ducat::api
