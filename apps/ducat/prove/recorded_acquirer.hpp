/// An acquirer in a simulation, which keeps a journal of its own: what it was asked, and what
/// stands.
#pragma once

#include <ducat/payment/acquirer.hpp>

#include <caf/behavior.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ducat::cli {

/// The acquirer's journal. It is outside of all nodes: no fault reaches it. As a host that matches
/// reversals by the original's reference it takes back what it approved, and declines what comes
/// after its reversal.
class acquirer_journal {
public:
  /// Returns whether it approves.
  bool take_request(const std::string& attempt);
  void take_reversal(const std::string& attempt);
  void take_advice(const std::string& advice);

  /// Returns the attempts in the order in which requests came.
  const std::vector<std::string>& requests() const noexcept { return requests_; }

  /// Returns the attempts that are approved and not taken back.
  const std::set<std::string>& standing() const noexcept { return standing_; }

  /// Returns what it was told, each once.
  const std::set<std::string>& advices() const noexcept { return advices_; }

private:
  std::vector<std::string> requests_;
  std::set<std::string> standing_;
  std::set<std::string> reversed_;
  std::set<std::string> advices_;
};

/// The way to that acquirer from one node, with 3 ms between what it has received and its answer.
/// What is too late it does not send.
caf::behavior recorded_acquirer(caf::event_based_actor* self,
                                const std::shared_ptr<acquirer_journal>& journal);

} // namespace ducat::cli
