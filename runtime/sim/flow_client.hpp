/// The client of a flow in a simulation: it asks under one id until it is answered.
#pragma once

#include <ducat/testing/prove.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ducat::sim {

/// All answers count, also those that came when it had asked somebody else. One thread.
class flow_client {
public:
  explicit flow_client(testing::sim_cluster& on) : on_{on} {}

  /// Asks one node after another, from that one, until there is an answer. Returns whether there
  /// was one within `limit`.
  bool ask(const testing::flow_request& what, std::uint64_t first_node, duration limit);

  /// The same, but asks only that node.
  bool ask_at(const testing::flow_request& what, const std::string& node, duration limit);

  /// Returns all answers to requests of that id, in the order of time.
  std::vector<std::string> answers(const testing::flow_request& what);

private:
  using pending = testing::sim_cluster::pending;

  void take_answers(const testing::flow_request& what);
  bool ask_once(const testing::flow_request& what, const std::string& node);

  testing::sim_cluster& on_;
  std::map<std::string, std::vector<pending>> open_; ///< By id.
  std::map<std::string, std::vector<std::string>> answers_;
};

} // namespace ducat::sim
