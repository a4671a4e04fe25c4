/// Where other nodes reach this one.
#pragma once

#include <ducat/certificates.hpp>
#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace ducat::cluster {

/// The version of the link that this program speaks. A node of the next version speaks both.
constexpr unsigned link_version = 1;

/// The largest message, with all that is in it.
constexpr std::size_t message_bytes_max = std::size_t{4} << 20;

/// An ask that came over a link.
struct incoming_ask {
  std::string from; ///< The node, as its certificate says.
  std::string to;   ///< The path of a child.
  std::string type;
  std::string body;
  time_point deadline; ///< By this node's clock.
};

/// Called once, on any thread. An answer for a stream that has ended is dropped.
using link_respond = std::function<void(result<std::string>)>;

/// Called on a thread of gRPC; must not block.
using ask_handler = std::function<void(incoming_ask, link_respond)>;

struct link_server_options {
  std::string address; ///< ADDRESS:PORT, of IPv4; port 0: a free one.
  std::string cluster;
  security::credentials tls;
};

class link_server {
public:
  /// Serves nodes of the cluster: whoever has no certificate of it for a node is refused.
  /// Errors: invalid_argument (the address), in_use (nobody can listen there, or somebody does).
  static result<std::unique_ptr<link_server>> start(const link_server_options& options,
                                                    ask_handler handler);

  ~link_server();
  link_server(const link_server&) = delete;
  link_server& operator=(const link_server&) = delete;

  int port() const noexcept;

  /// Ends the streams; no ask is handled after it has returned. Idempotent.
  void stop();

private:
  struct state;
  explicit link_server(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

} // namespace ducat::cluster
