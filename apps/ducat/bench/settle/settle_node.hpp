/// A node with payments and settlement, to be measured: its log and state on disk, as a user's.
#pragma once

#include <ducat/node.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>
#include <ducat/v1/settlement.pb.h>

#include <filesystem>
#include <memory>
#include <vector>

namespace ducat::bench {

class settle_node {
public:
  /// Starts a node on the directory `data`. Errors: those of node::start().
  static result<std::unique_ptr<settle_node>> start(const std::filesystem::path& data);

  caf::actor_system& system() const noexcept { return node_->system(); }

  /// Returns the router of the payment actors.
  caf::actor payments() const { return payments_.current(); }

  /// Returns the durable actor.
  caf::actor ledger() const { return ledger_.current(); }

  /// Commits a command. Errors: invalid_argument (it was refused; says why), those of the ledger.
  result<v1::SettlementAnswer> commit(const v1::SettlementCommand& command) const;

  /// Commits them, many in an entry. Errors: the same, of the first that was refused.
  result<void> commit_all(const std::vector<v1::Command>& commands) const;

  /// Errors: the same.
  result<v1::SettlementAnswer> ask(const v1::SettlementQuestion& question) const;

private:
  explicit settle_node(std::unique_ptr<node> of)
      : node_{std::move(of)}, ledger_{node_->find("ledger")}, payments_{node_->find("payments")} {}

  std::unique_ptr<node> node_;
  handle ledger_;
  handle payments_;
};

/// Returns what a machine's reply says. Errors: invalid_argument (it is a refusal).
result<v1::SettlementAnswer> answer_in(const std::string& reply);

} // namespace ducat::bench
