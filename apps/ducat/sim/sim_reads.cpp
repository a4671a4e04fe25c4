#include "sim/sim_reads.hpp"

#include "check/history.hpp"
#include "demo/balances.hpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration looked_every = 1ms;
constexpr std::uint64_t read_pause_max_ns = 60'000'000;

std::vector<checked_account> shown_accounts(const books& of) {
  std::vector<checked_account> all;
  for (books::number account = 0; account < of.size(); ++account)
    if (!is_hidden(of.at(account)))
      all.push_back(of.at(account));
  return all;
}

std::string sentence_of(const account_read& read, const std::vector<checked_account>& newest) {
  const auto differing = differing_balances(read.accounts, newest);
  return read.node + " was asked when entry " + std::to_string(read.least) +
         " was acknowledged, and answered when entry " + std::to_string(read.most) +
         " was the newest, with what none of these has made of the accounts: " +
         (differing.empty() ? "" : differing.front());
}

} // namespace

std::vector<std::string> impossible_reads(std::span<const entry> log,
                                          const std::vector<account_read>& reads) {
  std::vector<const account_read*> open;
  for (const account_read& each : reads)
    open.push_back(&each);
  std::vector<std::string> wrong;
  history after;
  findings unused;
  for (std::uint64_t index = 0; index <= log.size(); ++index) {
    if (index > 0)
      after.add(log[index - 1], unused);
    std::vector<checked_account> accounts;
    std::erase_if(open, [&](const account_read* each) {
      if (each->least > index)
        return false;
      if (accounts.empty())
        accounts = shown_accounts(after.accounts());
      if (differing_balances(each->accounts, accounts).empty())
        return true;
      if (each->most <= index)
        wrong.push_back(sentence_of(*each, accounts));
      return each->most <= index;
    });
  }
  return wrong;
}

void sim_reads::read_next() {
  on_.after(duration{static_cast<duration::rep>(on_.draw(read_pause_max_ns))}, [this] {
    if (is_ended_)
      return;
    v1::Question question;
    question.mutable_accounts()->set_limit(100);
    const std::string& node = on_.nodes()[on_.draw(on_.nodes().size())];
    hear({.node = node, .least = newest_(), .accounts = {}},
         on_.ask_later(node, "ledger", caf::make_message(query{question.SerializeAsString()})));
    read_next();
  });
}

void sim_reads::hear(account_read read, const sim_cluster::pending& answered) {
  if (!answered->has_value())
    return on_.after(looked_every, [this, read = std::move(read), answered]() mutable {
      hear(std::move(read), answered);
    });
  v1::Outcome outcome;
  if (!(*answered)->has_value() || !(**answered)->match_elements<answer>() ||
      !outcome.ParseFromString((**answered)->get_as<answer>(0).text))
    return;
  read.most = on_.log().size();
  read.accounts = {outcome.accounts().data().begin(), outcome.accounts().data().end()};
  made_.push_back(std::move(read));
}

} // namespace ducat::cli
