/// The terminals of a gateway as actors: one child each.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/gateway/profile.hpp>
#include <ducat/gateway/terminal_state.hpp>
#include <ducat/handle.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ducat::gateway {

/// A connection that terminals speak over, one or many. Safe from any thread.
class peer {
public:
  peer() = default;
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;
  virtual ~peer() = default;

  /// Sends `what` behind what was sent before. Whether it arrives nobody knows.
  virtual void send(const iso8583::message& what) = 0;

  virtual bool is_open() const noexcept = 0;

  /// After a sign-on (0800 with 001), until a sign-off.
  std::atomic<bool> is_signed_on{false};
};

/// What the edge hands to the child that desk() starts: a message that wants an answer.
struct heard {
  std::shared_ptr<peer> from;
  iso8583::message what;
  std::shared_ptr<void> turn{}; ///< Kept until it is answered, or is not to be.
};

/// Asks a terminal's child how it is; answered with `terminal_figures`.
struct query_terminal {};

/// Returns what a payment into the account `to` keeps for as long as it is made; null: there is no
/// room for it. Any thread.
using payment_door = std::function<std::shared_ptr<void>(const std::string& to)>;

struct terminal_options {
  duration answer_timeout = std::chrono::seconds{32}; ///< Of a payment; then it is given up.
  duration step_timeout = std::chrono::seconds{5};    ///< Of everything else.
  duration pause = std::chrono::milliseconds{50}; ///< Before a step is tried again; then doubled.
  int tries_max = 7; ///< Of a step whose outcome is unknown: some seconds.
  std::size_t in_flight_max = 32;
  std::string
      by{}; ///< In timelines: who asks, NODE/PATH. The desk puts the child's path behind it.
  payment_door door{}; ///< Without room a payment is declined (91); empty: there always is some.
};

/// Returns the start of a terminal's actor. It keeps nothing that the log does not have: a crash
/// leaves those unanswered who wait, and when they ask again the log knows what was done.
/// `payments` is the pool of payment actors.
child_start terminal(const terminal_profile& profile, const handle& payments,
                     const terminal_options& options = {});

struct desk_options {
  roster terminals{};
  terminal_options each{};
  std::size_t unknown_max = 1'000; ///< Children of terminals without a profile of their own.
};

/// Returns the supervisor `id` of the gateway: "desk", which takes `heard`, and "terminals", under
/// which each terminal has its child from the first time that it speaks. `find` gives handles in
/// the tree in which it will be.
child_spec gateway_child(const std::string& id, const handle& payments, const desk_options& options,
                         const std::function<handle(const std::string& path)>& find);

} // namespace ducat::gateway

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::gateway::heard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::gateway::query_terminal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::gateway::terminal_figures)
