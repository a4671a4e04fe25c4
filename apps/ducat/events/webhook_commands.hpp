/// `ducat webhook`: where events are delivered to.
#pragma once

#include "client/session.hpp"
#include "exit_code.hpp"

#include <string>
#include <vector>

namespace ducat::cli {

struct webhook_arguments {
  std::string id{};
  std::string url{};
  std::vector<std::string> types{};
  std::string event{}; ///< Of a replay: one of these three.
  bool dead = false;
  std::string since{}; ///< UTC, as 2026-01-31T23:59:59Z.
};

/// Each prints what it did and returns done, or what report() says; usage if `since` is no time.
exit_code add_webhook(const session& with, const webhook_arguments& arguments);
exit_code list_webhooks(const session& with, const webhook_arguments& arguments);
exit_code show_webhook(const session& with, const webhook_arguments& arguments);
exit_code enable_webhook(const session& with, const webhook_arguments& arguments);
exit_code disable_webhook(const session& with, const webhook_arguments& arguments);
exit_code rotate_webhook(const session& with, const webhook_arguments& arguments);
exit_code remove_webhook(const session& with, const webhook_arguments& arguments);
exit_code list_deliveries(const session& with, const webhook_arguments& arguments);
exit_code replay_webhook(const session& with, const webhook_arguments& arguments);

} // namespace ducat::cli
