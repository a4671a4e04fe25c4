/// A tree with one link and its listener.
#pragma once

#include "device/scripted_host.hpp"

#include <ducat/ask.hpp>
#include <ducat/device/link.hpp>
#include <ducat/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace ducat::device::test {

inline link_config plain_config(std::uint16_t port) {
  link_config config{.name = "acquirer",
                     .host = "127.0.0.1",
                     .port = port,
                     .plain = true,
                     .dialect = test_dialect()};
  config.options.backoff = {.initial = 5ms, .max = 20ms};
  return config;
}

class link_tree {
public:
  enum class audience : std::uint8_t { listens, deaf };

  explicit link_tree(link_config config, audience of = audience::listens) {
    config.listener = names_->find("listener");
    const supervisor_spec spec{
        .flags = {.restarts_max = 100},
        .children = {{.id = "listener",
                      .start = of == audience::listens ? start(listener, heard_) : start(deaf)},
                     {.id = "link", .start = acquirer_link(std::move(config))}}};
    root_ = start_tree(system_, spec, {.directory = names_}).value();
  }

  link_tree(const link_tree&) = delete;
  link_tree& operator=(const link_tree&) = delete;

  ~link_tree() { stop(); }

  void stop() {
    if (root_)
      stop_tree(system_, std::exchange(root_, nullptr));
  }

  /// Waits until the listener has heard it, such as "signed_on" or "unmatched late 7". What is
  /// heard once does not count again. Returns what came with it.
  std::string wait_for(const std::string& event) {
    std::unique_lock lock{heard_->guard};
    std::string detail;
    const auto is_heard = [&] {
      const auto found = std::ranges::find(heard_->events, event, &happening::name);
      if (found == heard_->events.end())
        return false;
      detail = found->detail;
      heard_->events.erase(heard_->events.begin(), found + 1);
      return true;
    };
    if (!heard_->changed.wait_for(lock, patience, is_heard))
      throw std::runtime_error("never heard: " + event);
    return detail;
  }

  /// Sends request `number` from another thread; returns its outcome as text.
  std::future<std::string> pay(unsigned number, duration within = patience) {
    return send(transmit{{number}, request_message(number), deadline(within)});
  }

  std::future<std::string> reverse(unsigned number) {
    return send(forward{{number}, request_message(number, "0420"), deadline(patience)});
  }

  template <class Request>
  std::future<std::string> send(Request what) {
    return std::async(std::launch::async, [this, what = std::move(what)] {
      const auto done = ask<transmitted>(system_, link_, 2 * patience, what);
      std::ostringstream out;
      if (done)
        out << done->outcome;
      else
        out << done.error();
      return out.str();
    });
  }

  template <class Question>
  link_figures look(Question what) {
    return ask<link_figures>(system_, link_, patience, what).value();
  }

  std::uint64_t life() const { return link_.incarnation(); }

private:
  struct happening {
    std::string name;
    std::string detail;
  };

  struct events_heard {
    void add(happening what) {
      const std::lock_guard lock{guard};
      events.push_back(std::move(what));
      changed.notify_all();
    }

    std::mutex guard;
    std::condition_variable changed;
    std::vector<happening> events;
  };

  static caf::behavior listener(caf::event_based_actor*,
                                const std::shared_ptr<events_heard>& heard) {
    return {
        [heard](const link_changed& what) {
          heard->add({std::string{to_string(what.to)}, what.why});
        },
        [heard](const link_unmatched& what) {
          const auto id = what.message.request;
          heard->add({"unmatched " + std::string{to_string(what.message.kind)} +
                          (id ? " " + to_string(*id) : ""),
                      what.message.what.mti()});
        },
    };
  }

  static caf::behavior deaf(caf::event_based_actor*) {
    return {[](query_link) {}};
  }

  static time_point deadline(duration within) { return std::chrono::steady_clock::now() + within; }

  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<directory> names_ = std::make_shared<directory>();
  std::shared_ptr<events_heard> heard_ = std::make_shared<events_heard>();
  handle link_ = names_->find("link");
  caf::actor root_;
};

} // namespace ducat::device::test
