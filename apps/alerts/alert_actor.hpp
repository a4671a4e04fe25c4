/// The actor that looks for what somebody has to look at, and tells.
#pragma once

#include "alerts/alert_board.hpp"
#include "alerts/notice_post.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>
#include <ducat/payment/webhook_url.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace ducat::alerts {

class figure_source;

struct alert_options {
  teller from{};
  std::shared_ptr<alert_board> board{};
  std::shared_ptr<figure_source> figures{};
  std::optional<payment::webhook_url> url{};       ///< Notices are posted there, if anywhere.
  std::optional<payment::webhook_url> heartbeat{}; ///< The dead man's switch, if there is one.
  std::string secret{};                            ///< Signs what is posted; empty: nothing does.
  bool allow_private = false;                      ///< Plain HTTP, and addresses not public.
  std::filesystem::path ca{};                      ///< Who else signs certificates.
  bool allows_tls_1_2 = false;                     ///< Otherwise TLS is 1.3.
  duration look_every = std::chrono::seconds{1};
  duration heartbeat_every = std::chrono::seconds{60};
};

/// Returns nothing if notices can be posted so. Errors: invalid_argument (`ca`).
result<void> check(const alert_options& options);

/// Looks at the node's figures, logs each notice, and posts it: one after the other, each until it
/// was taken (a status of 2xx). Heartbeats are posted as long as figures come: whoever does not get
/// them any more has to look. Alerts and silences are on the board and outlive it; notices that
/// were not posted do not, and are told of again by reminders. Throws std::runtime_error for what
/// check() refuses.
caf::behavior alert_actor(caf::event_based_actor* self, const alert_options& options);

} // namespace ducat::alerts
