#include "demo/balances.hpp"

#include <algorithm>

namespace ducat::cli {

namespace {

bool are_equal(const v1::Account& node, const checked_account& log) {
  return node.id() == log.id && node.debits_posted() == log.debits_posted &&
         node.credits_posted() == log.credits_posted &&
         node.debits_pending() == log.debits_pending &&
         node.credits_pending() == log.credits_pending;
}

} // namespace

std::vector<std::string> differing_balances(const std::vector<v1::Account>& node,
                                            const std::vector<checked_account>& log) {
  std::vector<std::string> found;
  if (node.size() != log.size())
    found.push_back("the node has " + std::to_string(node.size()) + " accounts, the log " +
                    std::to_string(log.size()));
  for (std::size_t i = 0; i < std::min(node.size(), log.size()); ++i)
    if (!are_equal(node[i], log[i]))
      found.push_back("account " + node[i].id() + " has debits " +
                      std::to_string(node[i].debits_posted()) + ", credits " +
                      std::to_string(node[i].credits_posted()) +
                      " on the node; the log adds up to " + decimal(log[i].debits_posted) + ", " +
                      decimal(log[i].credits_posted) + " for " + log[i].id);
  return found;
}

} // namespace ducat::cli
