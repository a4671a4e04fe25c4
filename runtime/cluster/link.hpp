/// The way to one other node.
#pragma once

#include <ducat/certificates.hpp>
#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ducat::cluster {

struct outgoing_ask {
  std::string to; ///< The path of a child.
  std::string type;
  std::string body;
};

/// Called once, on any thread.
using ask_callback = std::function<void(result<std::string>)>;

/// What is known of the way to a node.
enum class link_state : std::uint8_t {
  connecting, ///< Not yet known.
  up,
  broken,  ///< It was lost, or cannot be made.
  refused, ///< Nobody listens there: the node does not run.
};

struct link_options {
  std::string peer;    ///< The node's id: its certificate must be for it.
  std::string address; ///< ADDRESS:PORT.
  security::credentials tls;

  /// Called on a thread of gRPC when the state changes.
  std::function<void(link_state)> on_change;
};

/// Connects at once, and again when the connection is lost. Any thread.
class link {
public:
  explicit link(const link_options& options);

  /// Ends the connection; every ask has been answered when it returns.
  ~link();

  link(const link&) = delete;
  link& operator=(const link&) = delete;

  /// Asks a child of the node. Errors: unavailable (there is no connection: nothing was sent),
  /// invalid_argument (it is larger than message_bytes_max: nothing was sent; or its answer is),
  /// outcome_unknown (the connection was lost, or the deadline passed, before an answer came), and
  /// what the other side answers.
  void ask(outgoing_ask what, time_point deadline, ask_callback done);

  link_state state() const;

  /// Ends the connection, and makes none before `until`: asks under way are outcome_unknown, and
  /// others unavailable meanwhile. Returns whether there was one.
  bool cut(time_point until);

  /// Gives up what is late, and connects again if it is time to. To be called often.
  void tick(time_point now);

private:
  class stream;
  struct core;

  std::unique_ptr<core> core_;
};

} // namespace ducat::cluster
