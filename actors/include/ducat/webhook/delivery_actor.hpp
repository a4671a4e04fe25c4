/// The actor that delivers events to the endpoints of webhooks.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>
#include <ducat/handle.hpp>
#include <ducat/payment/event_signal.hpp>
#include <ducat/time.hpp>
#include <ducat/webhook/delivery_rules.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

namespace ducat::webhook {

class poster;

struct delivery_options {
  delivery_rules rules{};
  duration look_every = std::chrono::milliseconds{200}; ///< Also: how often the log is told.
  std::chrono::milliseconds timeout{10'000};            ///< Of one attempt.
  bool allow_private = false;  ///< Plain HTTP, and addresses that are not public.
  bool allows_tls_1_2 = false; ///< Otherwise TLS is 1.3.
  std::filesystem::path ca{};  ///< Who else, besides those that the system trusts, signs.
  std::shared_ptr<const payment::event_signal> signal{}; ///< Default: it looks every time.
  std::function<bool()> delivers_here{};                 ///< Default: always.
  std::function<log_time()> now{};                       ///< Default: the wall clock.
  std::shared_ptr<poster> through{};                     ///< Default: HTTP. For simulations.
};

/// Returns nothing if deliveries can begin with it. Errors: invalid_argument (`ca` cannot be read).
result<void> check(const delivery_options& options);

/// It keeps nothing: what is delivered stands in the log, and the next life goes on from there.
/// More than one at a time do no harm but deliver events twice. Throws std::runtime_error for
/// what check() refuses.
caf::behavior delivery_actor(caf::event_based_actor* self, const handle& ledger,
                             const delivery_options& options);

} // namespace ducat::webhook
