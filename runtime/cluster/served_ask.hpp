/// An ask of another node on its way through this one.
#pragma once

#include "cluster/link_server.hpp"

#include <utility>

namespace ducat::cluster {

/// It is answered once, whatever becomes of whoever has it: with `unavailable` if it ends before
/// anybody was asked, and with outcome_unknown after that. Not thread-safe.
class served_ask {
public:
  served_ask(incoming_ask what, link_respond how)
      : ask{std::move(what)}, respond_{std::move(how)} {}

  served_ask(const served_ask&) = delete;
  served_ask& operator=(const served_ask&) = delete;

  ~served_ask() {
    if (!respond_)
      return;
    if (is_under_way_)
      respond_(fail(errc::outcome_unknown, "whoever was asked there is restarting"));
    else
      respond_(fail(errc::unavailable, "whoever is to be asked there is restarting"));
  }

  /// Only the first answer counts.
  void respond(result<std::string> answer) {
    if (const auto how = std::exchange(respond_, nullptr))
      how(std::move(answer));
  }

  /// From now on somebody is asked.
  void begin() { is_under_way_ = true; }

  /// Somebody else answers it.
  link_respond take() { return std::exchange(respond_, nullptr); }

  const incoming_ask ask;

private:
  link_respond respond_; ///< Null when it was answered.
  bool is_under_way_ = false;
};

} // namespace ducat::cluster
