/// What a terminal's message leads to. Pure: messages and outcomes go in, what is to be done comes
/// out.
#pragma once

#include "gateway/answers.hpp"
#include "gateway/requests.hpp"

#include <ducat/gateway/profile.hpp>
#include <ducat/gateway/terminal_state.hpp>
#include <ducat/iso8583/message.hpp>

#include <deque>
#include <map>
#include <optional>
#include <string>

namespace ducat::gateway {

/// What is known of the connection that a message came over.
struct line {
  bool is_signed_on = false;
};

/// What to do about a message. One of them, or none if it is no business of ours.
struct reaction {
  std::optional<iso8583::message> answer{}; ///< At once.
  std::optional<order> begin{};             ///< Run it, and tell finished() what it came to.
  std::string wait_for{};        ///< The key of what is under way: it has the same answer.
  std::optional<bool> sign_on{}; ///< What the connection is from now on.
};

class terminal_core {
public:
  terminal_core(terminal_profile profile, std::size_t in_flight_max)
      : profile_{std::move(profile)}, in_flight_max_{in_flight_max} {}

  reaction take(const iso8583::message& request, line over);

  /// Returns whether the terminal may be told that `begun` is not made, without asking the log: it
  /// is a payment that comes for the first time. Of a repeat the first may be made already, and
  /// nothing else may be refused for want of room.
  bool may_be_turned_away(const order& begun) const;

  /// What was begun under `key` is not made: the terminal was told so.
  void turned_away(const std::string& key);

  /// What was begun under `key` is over, answered or not.
  void finished(const std::string& key, bool was_answered, const std::string& said);

  /// `is_connected`: its last connection is there.
  terminal_state state(bool is_connected, line over) const;

  /// Without the state.
  const terminal_figures& figures() const noexcept { return figures_; }

  const terminal_profile& profile() const noexcept { return profile_; }

private:
  struct under_way {
    request_kind kind;
    std::string command; ///< Whoever says something else under its key is refused.
  };

  reaction take_network(const iso8583::message& request);
  reaction take_order(const iso8583::message& request, const iso8583::mti& type);
  reaction refuse(const iso8583::message& request, const std::string& code);

  terminal_profile profile_;
  std::size_t in_flight_max_;
  std::map<std::string, under_way> in_flight_; ///< By key.
  std::deque<std::string> finished_; ///< The keys of the last payments: some repeats do not say
                                     ///< that they are. As many as it may have under way.
  bool has_spoken_ = false;
  bool is_storing_ = false; ///< Its last request was an advice.
  terminal_figures figures_{};
};

/// Returns the answer to network management (08xx), and whether the connection is signed on from
/// then on.
reaction answer_network(const iso8583::message& request, bool is_locked);

} // namespace ducat::gateway
