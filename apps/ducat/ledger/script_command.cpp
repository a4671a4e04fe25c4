#include "ledger/script_command.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace ducat::cli {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Returns `read` of each element of an array of at most a batch.
template <class Read>
auto list_of(const json& array, Read read) {
  if (!array.is_array())
    throw malformed{"an array is expected"};
  if (array.size() > ledger::batch_events_max)
    throw malformed{"a batch of " + std::to_string(array.size()) + " is too large; at most " +
                    std::to_string(ledger::batch_events_max)};
  std::vector<decltype(read(array))> list;
  for (std::size_t i = 0; i < array.size(); ++i) {
    try {
      list.push_back(read(array[i]));
    } catch (const malformed& what) {
      throw malformed{"element " + std::to_string(i) + ": " + what.why};
    }
  }
  return list;
}

template <class Outcome>
ordered_json outcomes_of(const ledger::reply& reply) {
  ordered_json names = ordered_json::array();
  for (const std::uint8_t each : reply.outcomes)
    names.push_back(to_string(static_cast<Outcome>(each)));
  return {{"outcomes", std::move(names)}};
}

ordered_json accounts_of(const std::vector<ledger::account>& records) {
  ordered_json list = ordered_json::array();
  for (const ledger::account& each : records)
    list.push_back(json_of(each));
  return {{"accounts", std::move(list)}};
}

ordered_json transfers_of(const ledger::book& book, const std::vector<ledger::transfer>& records) {
  ordered_json list = ordered_json::array();
  for (const ledger::transfer& each : records)
    list.push_back(json_of(each, book.status_of(each.id)));
  return {{"transfers", std::move(list)}};
}

template <class Id>
auto look_up(const ledger::book& book, const json& ids) {
  std::vector<std::remove_cvref_t<decltype(*book.find(Id{}))>> found;
  for (const u128 id : list_of(ids, [](const json& value) { return u128_of(value, "id"); }))
    if (const auto record = book.find(Id{id}))
      found.push_back(*record);
  return found;
}

// The commands ------------------------------------------------------------------------------------

ordered_json create_accounts(ledger_session& session, const json& batch) {
  return outcomes_of<ledger::account_outcome>(session.run(list_of(batch, account_of)));
}

ordered_json create_transfers(ledger_session& session, const json& batch) {
  return outcomes_of<ledger::transfer_outcome>(session.run(list_of(batch, transfer_of)));
}

ordered_json tick(ledger_session& session, const json& value) {
  const std::uint64_t now = session.book().now().nanoseconds;
  const std::uint64_t by = tick_of(value, now);
  if (by > ledger::advance_max.nanoseconds - std::min(now, ledger::advance_max.nanoseconds))
    throw malformed{"tick: the time would be out of range"};
  session.run(ledger::advance{{now + by}});
  return {{"now", std::to_string(session.book().now().nanoseconds)}};
}

ordered_json lookup_accounts(ledger_session& session, const json& ids) {
  return accounts_of(look_up<ledger::account_id>(session.book(), ids));
}

ordered_json lookup_transfers(ledger_session& session, const json& ids) {
  return transfers_of(session.book(), look_up<ledger::transfer_id>(session.book(), ids));
}

ordered_json get_account_transfers(ledger_session& session, const json& filter) {
  return transfers_of(session.book(), session.book().account_transfers(account_filter_of(filter)));
}

ordered_json balances_of(const std::vector<ledger::account_balance>& balances) {
  ordered_json list = ordered_json::array();
  for (const ledger::account_balance& each : balances)
    list.push_back(json_of(each));
  return {{"balances", std::move(list)}};
}

ordered_json get_account_balances(ledger_session& session, const json& filter) {
  return balances_of(session.book().account_balances(account_filter_of(filter)));
}

ordered_json get_balance_at(ledger_session& session, const json& value) {
  const moment when = moment_of(value);
  const auto balance = session.book().balance_at(when.account, when.at);
  return {{"balance", balance ? json_of(*balance) : ordered_json{}}};
}

ordered_json query_accounts(ledger_session& session, const json& filter) {
  return accounts_of(session.book().query_accounts(query_filter_of(filter)));
}

ordered_json query_transfers(ledger_session& session, const json& filter) {
  return transfers_of(session.book(), session.book().query_transfers(query_filter_of(filter)));
}

ordered_json revert(ledger_session& session, const json& value) {
  return outcomes_of<ledger::transfer_outcome>(session.run(reversal_of(value)));
}

ordered_json set_metadata(ledger_session& session, const json& value) {
  return outcomes_of<ledger::metadata_outcome>(session.run(metadata_change_of(value)));
}

ordered_json get_metadata(ledger_session& session, const json& value) {
  return {{"metadata", session.book().metadata_of(subject_of(value))}};
}

ordered_json state_digest(ledger_session& session, const json&) {
  return {{"digest", to_hex(session.book().state_digest())}};
}

struct named_command {
  std::string_view name;
  ordered_json (*run)(ledger_session& session, const json& argument);
};

constexpr std::array commands{
    named_command{"create_accounts", create_accounts},
    named_command{"create_transfers", create_transfers},
    named_command{"revert", revert},
    named_command{"set_metadata", set_metadata},
    named_command{"tick", tick},
    named_command{"lookup_accounts", lookup_accounts},
    named_command{"lookup_transfers", lookup_transfers},
    named_command{"get_account_transfers", get_account_transfers},
    named_command{"get_account_balances", get_account_balances},
    named_command{"get_balance_at", get_balance_at},
    named_command{"get_metadata", get_metadata},
    named_command{"query_accounts", query_accounts},
    named_command{"query_transfers", query_transfers},
    named_command{"state_digest", state_digest},
};

} // namespace

ordered_json run_command(ledger_session& session, const json& object) {
  if (!object.is_object() || object.size() != 1)
    throw malformed{"an object with one field, the command, is expected"};
  const auto found = std::ranges::find(commands, object.begin().key(), &named_command::name);
  if (found == commands.end())
    throw malformed{"the command " + object.begin().key() + " is not known"};
  return found->run(session, *object.begin());
}

} // namespace ducat::cli
