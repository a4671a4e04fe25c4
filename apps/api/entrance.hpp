/// Where calls come in: the service, and who looks at whoever calls.
#pragma once

#include "access/gatekeeper.hpp"
#include "api/errors.hpp"
#include "api/service.hpp"

#include <string_view>

namespace ducat::api {

/// Thread-safety: any thread. What it names outlives it.
struct entrance {
  service& to;
  access::gatekeeper* keeper = nullptr; ///< Null: whoever is on this machine may call.

  /// Returns the context of a call for `request`, or why it is not let in.
  checked<call_context> admit(const access::shown& what, std::string_view request,
                              time_point deadline) const;

  /// Returns nothing if it is known who calls, whatever for, or if nobody is asked; else why not.
  checked<void> know(const access::shown& what) const;

  /// The same as the first, by the request's type.
  template <class Request>
  checked<call_context> admit(const access::shown& what, time_point deadline) const {
    return admit(what, Request::descriptor()->name(), deadline);
  }
};

} // namespace ducat::api
