/// Whoever receives the events of a simulated cluster over a webhook.
#pragma once

#include "webhook/http_post.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/node.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/event.pb.h>
#include <ducat/v1/journal.pb.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cli {

/// It is outside of all nodes. It does not hear everything, does not answer everything, and fails
/// now and then, drawn by the seed, until heal(). One thread.
class sim_receiver final : public webhook::poster {
public:
  /// From now on it can be reached. `on` is used until leave().
  void enter(testing::sim_cluster& on) { on_ = &on; }

  void leave() { on_ = nullptr; }

  /// Returns whether that node delivers: as it is, the one that writes the log.
  bool is_delivered_by(const std::string& node) const {
    return on_ != nullptr && on_->writer() == node;
  }

  /// It hears and answers everything.
  void heal() { is_well_ = true; }

  void post(webhook::post_request what, std::function<void(webhook::attempt_answer)> tell) override;

  /// Returns whether each of `events` has come.
  bool has_all(const std::vector<v1::Event>& events) const;

  /// Returns a sentence for each of `events` that has not come, for each that came before the one
  /// before it of the same payment, and for each that nobody has made or signed. Its own answers
  /// count: what it has refused has not come.
  std::vector<std::string> violations(const std::vector<v1::Event>& events) const;

private:
  webhook::attempt_answer receive(const webhook::post_request& what);

  testing::sim_cluster* on_ = nullptr; ///< Null: it cannot be reached.
  bool is_well_ = false;
  std::map<std::string, std::size_t> taken_; ///< In which place an event came first, by its id.
  std::vector<std::string> wrong_;
};

/// Returns the command that registers it.
v1::Command simulated_endpoint();

/// Returns the child "webhooks", which delivers to it.
child_spec simulated_delivery(const std::shared_ptr<sim_receiver>& to, const handle& ledger,
                              const node& n);

} // namespace ducat::cli
