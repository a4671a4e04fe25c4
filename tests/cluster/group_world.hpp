/// Nodes of one cluster in this process, on a real etcd, with real links.
#pragma once

#include "etcd/etcd_server.hpp"
#include "link_world.hpp"
#include "word_machine.hpp"

#include <ducat/ask.hpp>
#include <ducat/cluster.hpp>
#include <ducat/durable.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ducat::testing {

/// What a worker is asked: "where" it is, or to "crash", or a word to commit for its group.
struct say {
  std::string word;
  time_point deadline = std::chrono::steady_clock::now() + patience;
};

/// The node that answered, and what the machine said of the word.
struct said {
  std::string node;
  std::string reply;
};

} // namespace ducat::testing

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::testing::say)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::testing::said)

namespace ducat {

template <>
struct wire<testing::say> {
  using answer = testing::said;
  static constexpr std::string_view type = "test.say";

  static time_point deadline(const testing::say& what) { return what.deadline; }

  static std::string encode(const testing::say& what) { return what.word; }

  static result<testing::say> decode(const std::string& bytes, time_point deadline) {
    return testing::say{.word = bytes, .deadline = deadline};
  }

  static std::string encode(const testing::said& what) { return what.node + "/" + what.reply; }

  static result<testing::said> decode_answer(const std::string& bytes) {
    const auto cut = bytes.find('/');
    return testing::said{.node = bytes.substr(0, cut), .reply = bytes.substr(cut + 1)};
  }
};

} // namespace ducat

namespace ducat::testing {

/// A worker of a group. It commits with the token that it was given.
inline caf::behavior group_worker(caf::event_based_actor* self, const std::string& node,
                                  const handle& ledger) {
  auto token = std::make_shared<std::optional<fencing_token>>();
  return {
      [=](const granted& what) { *token = what.token; },
      [=](const say& what) {
        auto promise = self->make_response_promise();
        if (what.word == "crash")
          throw std::runtime_error("it was told to");
        if (what.word == "where") {
          promise.deliver(said{node, *token ? "granted" : "free"});
          return promise;
        }
        self->request(ledger.current(), patience, commit{.command = what.word, .token = *token})
            .then([=](const committed& done) mutable { promise.deliver(said{node, done.reply}); },
                  [=](const caf::error& why) mutable { promise.deliver(to_caf(error_of(why))); });
        return promise;
      },
  };
}

/// One node: "ledger", and the pool "service" of `pool`.
class group_node {
public:
  group_node(const std::string& id, const etcd_server& etcd, const link_authority& ca,
             const pool_spec& pool) {
    cluster::cluster_options options;
    options.node = id;
    options.cluster = "shop";
    options.etcd.endpoints = {etcd.endpoint()};
    options.tls = ca.node(id);
    member_ = cluster::member::join(options).value();
    node_options start{.id = id, .cluster = "shop", .data = {}};
    member_->enter(start, protocol{}.add<say>());
    node_ =
        node::start(std::move(start), [&](node& n) {
          const handle ledger = n.replicate("ledger", [] {
            return std::make_unique<word_machine>(std::make_shared<settled_entries>(), false);
          });
          n.supervise(
              {.strategy = one_for_one, .restarts_max = 50},
              {{.id = "service", .start = ducat::start(group_worker, id, ledger), .pool = pool}});
        }).value();
  }

  ~group_node() {
    node_->stop();
    node_ = nullptr;
  }

  /// Asks the group, from here, until the answer is known.
  said ask(const std::string& word) {
    return ask_until_known<said>(node_->system(), node_->find("service"), patience, say{word})
        .value();
  }

  /// Returns which node gets that key.
  std::string node_of(std::uint64_t key) {
    const time_point deadline = std::chrono::steady_clock::now() + patience;
    return ducat::ask<said>(node_->system(), node_->find("service"), patience,
                            make_routed_by_key(deadline, key, say{"where"}))
        .value()
        .node;
  }

  /// The same, once.
  result<said> try_ask(const handle& whom, const std::string& word) {
    return ducat::ask<said>(node_->system(), whom, patience, say{word});
  }

  handle find(const std::string& node, const std::string& path) {
    return member_->find(*node_, node, path);
  }

  /// Waits until a child of this node runs, or does not.
  void wait_until(const std::string& path, child_status::state what) const {
    while (state_of(path) != what)
      std::this_thread::yield();
  }

  child_status::state state_of(const std::string& path) const {
    const auto all = node_->tree();
    return std::ranges::find(all, path, &child_status::path)->now;
  }

  cluster::member& member() { return *member_; }

  node& core() { return *node_; }

private:
  std::unique_ptr<cluster::member> member_;
  std::unique_ptr<node> node_;
};

class group_world {
public:
  explicit group_world(pool_spec pool) : pool_{std::move(pool)} {
    for (const std::string& id : pool_.redundancy->nodes)
      start(id);
  }

  group_node& start(const std::string& id) {
    nodes_[id] = std::make_unique<group_node>(id, etcd_, ca_, pool_);
    return *nodes_[id];
  }

  /// The node leaves in order.
  void stop(const std::string& id) { nodes_.erase(id); }

  group_node& at(const std::string& id) { return *nodes_.at(id); }

  etcd_server& etcd() { return etcd_; }

  /// Waits until the group is granted to `id`, as seen from there.
  void wait_until_granted(const std::string& id) {
    while (at(id).member().granted("service").node != id)
      std::this_thread::yield();
  }

private:
  pool_spec pool_;
  etcd_server etcd_;
  link_authority ca_;
  std::map<std::string, std::unique_ptr<group_node>> nodes_;
};

} // namespace ducat::testing
