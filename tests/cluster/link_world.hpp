/// Both ends of a link on the loopback, with certificates of a CA that lives as long as the test.
#pragma once

#include "cluster/link.hpp"
#include "cluster/link_server.hpp"
#include "support/temporary_directory.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace ducat::testing {

using namespace std::chrono_literals;
using cluster::link_state;

/// What is waited for comes much sooner; on a busy machine not at once.
constexpr std::chrono::seconds patience{30};

inline security::calendar_time today() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// When what is valid for a day was issued that has expired.
inline security::calendar_time last_week() {
  return today() - std::chrono::days{7};
}

class link_authority {
public:
  explicit link_authority(const std::string& cluster = "shop") {
    (void)security::make_authority(home_.path(), {.cluster = cluster}, last_week()).value();
  }

  std::filesystem::path file() const { return home_.path() / "ca.crt"; }

  /// Issues to a node, or renews what was issued to it.
  security::credentials node(const std::string& id) const { return issue(id, today()); }

  security::credentials expired_node(const std::string& id) const { return issue(id, last_week()); }

  security::credentials client(const std::string& name) const {
    return credentials_of(security::issue_client(home_.path(), {.name = name}, today()).value());
  }

private:
  security::credentials issue(const std::string& id, security::calendar_time at) const {
    return credentials_of(
        security::issue_node(home_.path(), {.id = id, .valid = std::chrono::days{1}}, at).value());
  }

  security::credentials credentials_of(const security::issued_files& own) const {
    return {.ca = file(), .certificate = own.certificate, .key = own.key};
  }

  temporary_directory home_;
};

/// Serves links of node "n2" of the cluster "shop". What it is asked waits for next(), unless it
/// was told to answer each ask with its body.
class test_server {
public:
  struct taken_ask {
    cluster::incoming_ask ask;
    cluster::link_respond respond;
  };

  explicit test_server(const security::credentials& tls, int port = 0) {
    auto started = cluster::link_server::start(
        {.address = "127.0.0.1:" + std::to_string(port), .cluster = "shop", .tls = tls},
        [asked = asked_](cluster::incoming_ask ask, cluster::link_respond respond) {
          asked->take({std::move(ask), std::move(respond)});
        });
    if (!started)
      throw std::runtime_error(to_string(started.error()));
    server_ = std::move(*started);
  }

  int port() const { return server_->port(); }

  void stop() { server_->stop(); }

  /// From now on.
  void answer_with_body() {
    const std::lock_guard lock{asked_->guard};
    asked_->echoes = true;
  }

  /// Waits for the next ask.
  taken_ask next() {
    std::unique_lock lock{asked_->guard};
    if (!asked_->changed.wait_for(lock, patience, [this] { return !asked_->waiting.empty(); }))
      throw std::runtime_error("nobody asked");
    taken_ask first = std::move(asked_->waiting.front());
    asked_->waiting.pop_front();
    return first;
  }

  /// Returns how many asks have come.
  std::size_t count() const {
    const std::lock_guard lock{asked_->guard};
    return asked_->count;
  }

private:
  struct asks {
    void take(taken_ask what) {
      std::unique_lock lock{guard};
      ++count;
      if (echoes) {
        lock.unlock();
        return what.respond(std::move(what.ask.body));
      }
      waiting.push_back(std::move(what));
      changed.notify_all();
    }

    std::mutex guard;
    std::condition_variable changed;
    std::size_t count = 0;
    bool echoes = false;
    std::deque<taken_ask> waiting;
  };

  std::shared_ptr<asks> asked_ = std::make_shared<asks>();
  std::unique_ptr<cluster::link_server> server_;
};

/// A link to node "n2", or whatever is at its port. It is ticked while something is waited for.
class test_link {
public:
  using answer = std::future<result<std::string>>;

  test_link(const security::credentials& tls, int port)
      : link_{cluster::link_options{.peer = "n2",
                                    .address = "127.0.0.1:" + std::to_string(port),
                                    .tls = tls,
                                    .on_change = [seen = seen_](link_state now) {
                                      const std::lock_guard lock{seen->guard};
                                      seen->states.push_back(now);
                                      seen->changed.notify_all();
                                    }}} {}

  cluster::link& get() { return link_; }

  /// Waits until it is so; returns whether it came to it.
  bool becomes(link_state state) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
      link_.tick(std::chrono::steady_clock::now());
      std::unique_lock lock{seen_->guard};
      if (seen_->changed.wait_for(lock, 10ms, [&] { return seen_->newest() == state; }))
        return true;
    }
    return false;
  }

  /// Returns whether it ever was so.
  bool was(link_state state) const {
    const std::lock_guard lock{seen_->guard};
    return std::ranges::find(seen_->states, state) != seen_->states.end();
  }

  answer ask(std::string body, duration timeout = patience) {
    auto known = std::make_shared<std::promise<result<std::string>>>();
    link_.ask({.to = "ledger", .type = "echo", .body = std::move(body)},
              std::chrono::steady_clock::now() + timeout,
              [known](result<std::string> done) { known->set_value(std::move(done)); });
    return known->get_future();
  }

  result<std::string> wait_for(answer& what) {
    const auto end = std::chrono::steady_clock::now() + 2 * patience;
    while (std::chrono::steady_clock::now() < end) {
      link_.tick(std::chrono::steady_clock::now());
      if (what.wait_for(10ms) == std::future_status::ready)
        return what.get();
    }
    throw std::runtime_error("there was no answer at all");
  }

  result<std::string> ask_and_wait(std::string body, duration timeout = patience) {
    answer coming = ask(std::move(body), timeout);
    return wait_for(coming);
  }

private:
  struct changes {
    link_state newest() const { return states.back(); }

    std::mutex guard;
    std::condition_variable changed;
    std::vector<link_state> states{link_state::connecting};
  };

  std::shared_ptr<changes> seen_ = std::make_shared<changes>();
  cluster::link link_;
};

/// A port where no server listens, and none can.
class closed_port {
public:
  closed_port() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(where);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&where), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
      throw std::system_error(errno, std::generic_category(), "bind");
    number_ = ntohs(where.sin_port);
  }

  closed_port(const closed_port&) = delete;
  closed_port& operator=(const closed_port&) = delete;

  ~closed_port() { ::close(socket_); }

  int number() const noexcept { return number_; }

  /// From now on connections are taken, but nothing is ever said on them.
  void take_connections() const {
    if (::listen(socket_, 16) != 0)
      throw std::system_error(errno, std::generic_category(), "listen");
  }

private:
  int socket_;
  int number_ = 0;
};

/// Returns the error's code; nothing if there was none.
inline std::optional<errc> code_of(const result<std::string>& what) {
  return what ? std::nullopt : std::optional{what.error().code};
}

} // namespace ducat::testing
