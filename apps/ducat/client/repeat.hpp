/// Calls one method of a node until it is answered, or for as long as it makes sense.
#pragma once

#include "client/backoff.hpp"
#include "client/connection.hpp"
#include "client/failure.hpp"

#include <ducat/time.hpp>

#include <grpcpp/client_context.h>
#include <tl/expected.hpp>

#include <functional>
#include <optional>

namespace ducat::cli {

enum class repetition : std::uint8_t {
  read,  ///< Changes nothing: repeated, unless there is no connection to any node.
  keyed, ///< Carries a key, so that a repetition has one effect: repeated until the time is over.
  once,  ///< Has no key: repeated only while it is certain that nothing was done.
};

struct call_limits {
  duration total = std::chrono::seconds{10};
  duration attempt = std::chrono::seconds{2}; ///< Deadline of each attempt.
  backoff between{};
};

/// Time and chance, as arguments.
struct surroundings {
  clock_function now;
  std::function<void(duration)> sleep;
  std::function<std::uint64_t()> random;
  std::size_t nodes = 1; ///< How many there are: each attempt takes another one.
};

/// Returns the real ones. Pauses are spent in connecting `to` again.
surroundings real_surroundings(const connection& to);

/// Makes one attempt; `left` is how long it may take.
using attempt_function = std::function<grpc::Status(duration left)>;

/// Returns nothing once an attempt has succeeded, or the failure to report. A failure after an
/// attempt with an unknown outcome is itself `unknown`, and its error says so, unless the node's
/// service has refused the request.
std::optional<failure> repeat(const call_limits& limits, repetition how, const surroundings& around,
                              const attempt_function& attempt);

/// Calls `method` of a node as repeat() does; of several, each attempt takes another one.
template <class Stub, class Request, class Reply>
tl::expected<Reply, failure> call(const call_limits& limits, repetition how, const connection& to,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                               Reply*),
                                  const Request& request) {
  Reply reply;
  const auto failed = repeat(limits, how, real_surroundings(to), [&](duration left) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + left);
    reply.Clear();
    return (to.stub<Stub>().*method)(&context, request, &reply);
  });
  if (failed)
    return tl::unexpected(*failed);
  return reply;
}

} // namespace ducat::cli
