/// Replicated machines on one log, each with its thread, and all of it in the test's hands.
#pragma once

#include "cluster/durable_messages.hpp"
#include "cluster/replicated.hpp"
#include "durable/batch_codec.hpp"
#include "fake_shared_log.hpp"
#include "run_queue.hpp"
#include "word_machine.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cluster {

using namespace std::chrono_literals;
using namespace ducat::testing;

/// Returns what was answered, for people: "new@1", "a b", "3/epoch 2" or "!unavailable".
template <class T>
std::string text_of(const result<std::string>& body);

inline std::string refusal(const error& why) {
  return "!" + std::string{to_string(why.code)};
}

template <>
inline std::string text_of<committed>(const result<std::string>& body) {
  const auto done = body.and_then(decode<committed>);
  return done ? done->reply + "@" + std::to_string(done->receipt.index) : refusal(done.error());
}

template <>
inline std::string text_of<answer>(const result<std::string>& body) {
  const auto done = body.and_then(decode<answer>);
  return done ? done->text : refusal(done.error());
}

template <>
inline std::string text_of<log_position>(const result<std::string>& body) {
  const auto done = body.and_then(decode<log_position>);
  return done ? std::to_string(done->receipt.index) + "/epoch " + std::to_string(done->writer.value)
              : refusal(done.error());
}

/// One node, its thread and its way to the log. Other nodes are reached through the test.
class test_node {
public:
  struct sent_ask {
    std::string to;
    outgoing_ask what;
    time_point deadline;
    ask_callback done;
  };

  test_node(std::shared_ptr<log_store> store, const std::string& name, const time_point& now)
      : name_{name}, now_{now}, log_{std::make_shared<fake_shared_log>(std::move(store), name)} {
    start();
  }

  ~test_node() {
    stop();
    queue_.run();
  }

  test_node(const test_node&) = delete;
  test_node& operator=(const test_node&) = delete;

  /// Begins a life.
  void start() {
    machine_.emplace(with_fetch(replicated_options{
                         .node = name_,
                         .path = "ledger",
                         .log = log_,
                         .post = queue_.poster(),
                         .now = [this] { return now_; },
                         .ask =
                             [this](const std::string& to, outgoing_ask what, time_point deadline,
                                    ask_callback done) {
                               sent_.push_back({to, std::move(what), deadline, std::move(done)});
                             },
                         .on_grant =
                             [this](const std::string& group, const grant& made) {
                               grants_.push_back(group + "=" + made.node + "@" +
                                                 std::to_string(made.epoch));
                             }}),
                     replica_options{.log = nullptr,
                                     .machine = [this] { return make_machine(); },
                                     .store = fetched_,
                                     .now = [] { return log_time{1}; }});
  }

  /// From now on there is another node whose state can be had: `words`, as of the entry `end`.
  void offer_state(std::set<std::string> words, const receipt& end) {
    fetched_ = std::make_shared<fetched_state>();
    fetched_->words = std::move(words);
    fetched_->end = end;
  }

  /// Returns how often a state was fetched.
  int fetches() const { return fetched_ == nullptr ? 0 : fetched_->fetches; }

  void stop() { machine_.reset(); }

  replicated& machine() { return *machine_; }

  fake_shared_log& log() { return *log_; }

  run_queue& queue() { return queue_; }

  void keep_state() { keeps_ = true; }

  /// Takes the log after `seen`, and hears of it.
  void lead_after(std::uint64_t seen) {
    machine_->on_turn({seen});
    queue_.run();
    ASSERT_TRUE(machine_->is_leading());
  }

  /// Hears who holds the log.
  void hear_of(std::uint64_t granted, const std::string& node) {
    machine_->on_holder({{granted}, node});
    queue_.run();
  }

  void tick() {
    machine_->on_tick();
    queue_.run();
  }

  void complete_appends() {
    while (log_->appends_under_way() > 0) {
      log_->complete_append();
      queue_.run();
    }
  }

  void complete_confirms() {
    while (log_->confirms_under_way() > 0) {
      log_->complete_confirm();
      queue_.run();
    }
  }

  void deliver_entries() {
    log_->deliver_entries();
    queue_.run();
  }

  /// An ask of this node's own.
  void commit(const std::string& word) {
    ask(commit_type, encode(ducat::commit{word}), told_as<committed>(word));
  }

  void take(const std::string& node, std::uint64_t after) {
    ask(grant_type, encode(take_grant{.group = "g", .node = node, .after = after}),
        [this](const result<std::string>& body) {
          told_.push_back(body ? "granted to " + decode<grant>(*body).value().node : "not granted");
        });
  }

  void query() { ask(query_type, encode(ducat::query{""}), told_as<answer>("all")); }

  void locate(std::uint64_t index) {
    ask(locate_type, encode(ducat::locate{index}), told_as<log_position>("at"));
  }

  /// An ask of another node.
  void serve(std::string_view type, const std::string& body) {
    machine_->serve(std::string{type}, body, told_as<committed>("served"));
    machine_->flush();
    queue_.run();
  }

  /// Returns the asks that were sent to other nodes and not taken yet.
  std::vector<sent_ask> sent() { return std::exchange(sent_, {}); }

  /// Returns the grants that it was told of since the last call, in order.
  std::vector<std::string> grants() { return std::exchange(grants_, {}); }

  /// Returns what was answered to this node's asks since the last call, in order.
  std::vector<std::string> told() { return std::exchange(told_, {}); }

private:
  /// A store in memory: what is fetched into it is the state of another node.
  struct fetched_state final : state_store {
    const std::filesystem::path& directory() const noexcept override { return nowhere; }

    result<void> copy_to(const std::filesystem::path&) const override { return {}; }

    result<void> replace_with(const std::filesystem::path&) override {
      ++fetches;
      return {};
    }

    std::filesystem::path nowhere;
    std::set<std::string> words;
    receipt end;
    int fetches = 0;
  };

  replicated_options with_fetch(replicated_options options) const {
    if (fetched_ != nullptr)
      options.fetch_state = [](state_store& into) { return into.replace_with({}); };
    return options;
  }

  std::unique_ptr<ducat::machine> make_machine() const {
    if (fetches() > 0)
      return word_machine::beginning_with(fetched_->words, fetched_->end);
    return std::make_unique<word_machine>(settled_, keeps_);
  }

  void ask(std::string_view type, const std::string& body, respond_with<std::string> respond) {
    machine_->ask(std::string{type}, body, std::move(respond));
    machine_->flush();
    queue_.run();
  }

  template <class T>
  respond_with<std::string> told_as(const std::string& name) {
    return [this, name](const result<std::string>& body) {
      told_.push_back(name + "=" + text_of<T>(body));
    };
  }

  std::string name_;
  const time_point& now_;
  bool keeps_ = false;
  std::shared_ptr<fetched_state> fetched_; ///< Null: there is none.
  std::vector<std::string> told_;
  std::vector<std::string> grants_;
  std::vector<sent_ask> sent_;
  std::shared_ptr<settled_entries> settled_ = std::make_shared<settled_entries>();
  std::shared_ptr<fake_shared_log> log_;
  run_queue queue_;
  std::optional<replicated> machine_;
};

/// Two nodes with one log, a time, and nobody who holds it.
class two_nodes : public ::testing::Test {
protected:
  /// Writes an entry with `word` as node "z" does, which holds the log then.
  void write(const std::string& word) {
    fake_shared_log other{store_, "z"};
    batch_builder batch;
    batch.add(word);
    (void)other.append(other.take_epoch().value(), {1}, std::move(batch).take()).value();
  }

  receipt receipt_at(std::uint64_t index) const { return {index, store_->entries[index - 1].hash}; }

  /// Brings the asks that `from` has sent to `to`, and their answers back as they come.
  static void carry(test_node& from, test_node& to) {
    for (auto& each : from.sent()) {
      to.machine().serve(each.what.type, each.what.body, each.done);
      to.machine().flush();
      to.queue().run();
    }
    from.queue().run();
  }

  time_point now_{1h};
  std::shared_ptr<log_store> store_ = std::make_shared<log_store>();
  test_node a_{store_, "a", now_};
  test_node b_{store_, "b", now_};
};

} // namespace ducat::cluster
