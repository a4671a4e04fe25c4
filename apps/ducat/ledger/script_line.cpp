#include "ledger/script_line.hpp"

#include "ledger/json_records.hpp"

#include <optional>
#include <variant>

namespace ducat::cli {

namespace {

using nlohmann::ordered_json;

struct line_of {
  ordered_json operator()(const std::vector<ledger::account>& batch) const {
    ordered_json list = ordered_json::array();
    for (const ledger::account& each : batch)
      list.push_back(json_of(each));
    return {{"create_accounts", std::move(list)}};
  }

  ordered_json operator()(const std::vector<ledger::transfer>& batch) const {
    ordered_json list = ordered_json::array();
    for (const ledger::transfer& each : batch)
      list.push_back(json_of(each, std::nullopt));
    return {{"create_transfers", std::move(list)}};
  }

  ordered_json operator()(const ledger::advance& what) const {
    return {{"tick", {{"to", std::to_string(what.to.nanoseconds)}}}};
  }

  ordered_json operator()(const ledger::reversal& what) const {
    return {{"revert",
             {{"id", to_string(what.id.value)},
              {"transfer_id", to_string(what.reverts.value)},
              {"force", what.force}}}};
  }

  ordered_json operator()(const ledger::set_metadata& what) const {
    const bool is_account = what.about.kind == ledger::subject_kind::account;
    ordered_json entries = ordered_json::object();
    for (const auto& [key, value] : what.entries)
      entries[key] = value ? ordered_json(*value) : ordered_json();
    return {{"set_metadata",
             {{is_account ? "account_id" : "transfer_id", to_string(what.about.id)},
              {"metadata", std::move(entries)}}}};
  }
};

} // namespace

ordered_json script_line_of(const ledger::command& command) {
  return std::visit(line_of{}, command);
}

} // namespace ducat::cli
