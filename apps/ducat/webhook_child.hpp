/// The child of a payment node that delivers events to webhooks.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>
#include <ducat/handle.hpp>
#include <ducat/payment/event_signal.hpp>

#include <filesystem>
#include <functional>
#include <memory>

namespace ducat::cli {

/// How events leave the node.
struct event_delivery {
  std::shared_ptr<payment::event_signal> signal = std::make_shared<payment::event_signal>();
  bool allow_private = false;            ///< As [webhooks] has it, see config.hpp.
  std::filesystem::path ca{};            ///< The same.
  bool allows_tls_1_2 = false;           ///< The same.
  std::function<bool()> delivers_here{}; ///< Default: always.
};

/// Returns nothing if events can be delivered so. Errors: invalid_argument (`ca`).
result<void> check(const event_delivery& events);

child_spec webhooks_child(const event_delivery& events, const handle& ledger);

} // namespace ducat::cli
