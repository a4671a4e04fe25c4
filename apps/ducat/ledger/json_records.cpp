#include "ledger/json_records.hpp"

#include "ledger/json_fields.hpp"

#include <array>
#include <ranges>

namespace ducat::cli {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

struct flag_name {
  std::string_view name;
  std::uint16_t bit;
};

/// The first name of a bit is the one that is written; the others are TigerBeetle's for it.
constexpr std::array account_flag_names{
    flag_name{"linked", 1 << 0},
    flag_name{"debits_must_not_exceed_credits", 1 << 1},
    flag_name{"credits_must_not_exceed_debits", 1 << 2},
    flag_name{"history", 1 << 3},
    flag_name{"imported", 1 << 4},
    flag_name{"closed", 1 << 5},
};

constexpr std::array transfer_flag_names{
    flag_name{"linked", 1 << 0},
    flag_name{"pending", 1 << 1},
    flag_name{"post_pending", 1 << 2},
    flag_name{"void_pending", 1 << 3},
    flag_name{"balancing_debit", 1 << 4},
    flag_name{"balancing_credit", 1 << 5},
    flag_name{"closing_debit", 1 << 6},
    flag_name{"closing_credit", 1 << 7},
    flag_name{"imported", 1 << 8},
    flag_name{"post_pending_transfer", 1 << 2},
    flag_name{"void_pending_transfer", 1 << 3},
};

std::uint16_t flag_of(std::span<const flag_name> names, const json& value) {
  const auto* found =
      value.is_string()
          ? std::ranges::find(names, value.get_ref<const std::string&>(), &flag_name::name).base()
          : nullptr;
  if (found == nullptr || found == names.data() + names.size())
    throw malformed{"flags: " + value.dump() + " is not a flag"};
  return found->bit;
}

std::uint16_t flags_of(std::span<const flag_name> names, json value) {
  if (!value.is_array())
    return number_of<std::uint16_t>(value, "flags");
  unsigned flags = 0;
  for (const json& each : value)
    flags |= flag_of(names, each);
  return static_cast<std::uint16_t>(flags);
}

template <class Flags>
Flags take_flags(json_fields& from, std::span<const flag_name> names) {
  const auto value = from.take("flags");
  return value ? static_cast<Flags>(flags_of(names, *value)) : Flags::none;
}

/// Writes every bit that is set, a known one by its name.
ordered_json names_of(std::span<const flag_name> names, std::uint16_t flags) {
  ordered_json list = ordered_json::array();
  for (const flag_name& each : names) {
    if ((flags & each.bit) != 0)
      list.push_back(each.name);
    flags = static_cast<std::uint16_t>(flags & ~each.bit);
  }
  return list;
}

/// Takes what filters have in common.
ledger::query_filter take_filter(json_fields& from) {
  return {.user_data_128 = from.wide("user_data_128"),
          .user_data_64 = from.number<std::uint64_t>("user_data_64"),
          .user_data_32 = from.number<std::uint32_t>("user_data_32"),
          .ledger = from.number<std::uint32_t>("ledger"),
          .code = from.number<std::uint16_t>("code"),
          .timestamp_min = {from.number<std::uint64_t>("timestamp_min")},
          .timestamp_max = {from.number<std::uint64_t>("timestamp_max")},
          .limit = from.number<std::uint32_t>("limit", 8190),
          .reversed = from.flag("reversed", false)};
}

ledger::subject take_subject(json_fields& from) {
  const auto account = from.take("account_id");
  const auto transfer = from.take("transfer_id");
  if (account.has_value() == transfer.has_value())
    throw malformed{"account_id or transfer_id is expected"};
  return account
             ? ledger::subject{ledger::subject_kind::account, wide_of(*account, "account_id")}
             : ledger::subject{ledger::subject_kind::transfer, wide_of(*transfer, "transfer_id")};
}

std::optional<std::string> metadata_value_of(const json& value) {
  if (value.is_null())
    return std::nullopt;
  if (!value.is_string() ||
      value.get_ref<const std::string&>().size() > ledger::metadata_value_bytes_max)
    throw malformed{"metadata must be strings of at most 4096 bytes, or null"};
  return value.get<std::string>();
}

std::string text_of(std::uint64_t value) {
  return std::to_string(value);
}

} // namespace

u128 u128_of(const json& value, std::string_view what) {
  return wide_of(value, what);
}

ledger::account account_of(const json& object) {
  json_fields from{object};
  const ledger::account a{.id = {from.wide("id")},
                          .debits_pending = from.wide("debits_pending"),
                          .debits_posted = from.wide("debits_posted"),
                          .credits_pending = from.wide("credits_pending"),
                          .credits_posted = from.wide("credits_posted"),
                          .user_data_128 = from.wide("user_data_128"),
                          .user_data_64 = from.number<std::uint64_t>("user_data_64"),
                          .user_data_32 = from.number<std::uint32_t>("user_data_32"),
                          .ledger = from.number<std::uint32_t>("ledger"),
                          .code = from.number<std::uint16_t>("code"),
                          .flags = take_flags<ledger::account_flags>(from, account_flag_names),
                          .timestamp = {from.number<std::uint64_t>("timestamp")}};
  from.expect_no_more();
  return a;
}

ledger::transfer transfer_of(const json& object) {
  json_fields from{object};
  const ledger::transfer t{.id = {from.wide("id")},
                           .debit_account_id = {from.wide("debit_account_id")},
                           .credit_account_id = {from.wide("credit_account_id")},
                           .amount = from.wide("amount"),
                           .pending_id = {from.wide("pending_id")},
                           .user_data_128 = from.wide("user_data_128"),
                           .user_data_64 = from.number<std::uint64_t>("user_data_64"),
                           .user_data_32 = from.number<std::uint32_t>("user_data_32"),
                           .timeout = from.number<std::uint32_t>("timeout"),
                           .ledger = from.number<std::uint32_t>("ledger"),
                           .code = from.number<std::uint16_t>("code"),
                           .flags = take_flags<ledger::transfer_flags>(from, transfer_flag_names),
                           .timestamp = {from.number<std::uint64_t>("timestamp")}};
  from.expect_no_more();
  return t;
}

ledger::account_filter account_filter_of(const json& object) {
  json_fields from{object};
  const ledger::account_filter filter{.account = {from.wide("account_id")},
                                      .common = take_filter(from),
                                      .debits = from.flag("debits", true),
                                      .credits = from.flag("credits", true)};
  from.expect_no_more();
  return filter;
}

ledger::query_filter query_filter_of(const json& object) {
  json_fields from{object};
  const ledger::query_filter filter = take_filter(from);
  from.expect_no_more();
  return filter;
}

ledger::reversal reversal_of(const json& object) {
  json_fields from{object};
  const ledger::reversal request{.id = {from.wide("id")},
                                 .reverts = {from.wide("transfer_id")},
                                 .force = from.flag("force", false)};
  from.expect_no_more();
  return request;
}

ledger::subject subject_of(const json& object) {
  json_fields from{object};
  const ledger::subject about = take_subject(from);
  from.expect_no_more();
  return about;
}

ledger::set_metadata metadata_change_of(const json& object) {
  json_fields from{object};
  ledger::set_metadata change{.about = take_subject(from), .entries = {}};
  const json entries = from.take("metadata").value_or(json{});
  from.expect_no_more();
  if (!entries.is_object())
    throw malformed{"metadata must be an object"};
  for (const auto& [key, value] : entries.items()) {
    if (key.empty() || key.size() > ledger::metadata_key_bytes_max)
      throw malformed{"a key of metadata must have 1 to 255 bytes"};
    change.entries.emplace(key, metadata_value_of(value));
  }
  return change;
}

moment moment_of(const json& object) {
  json_fields from{object};
  const moment when{{from.wide("account_id")}, {from.number<std::uint64_t>("timestamp")}};
  from.expect_no_more();
  return when;
}

std::uint64_t tick_of(const json& value, std::uint64_t now) {
  if (!value.is_object())
    return number_of<std::uint64_t>(value, "tick");
  json_fields from{value};
  if (const auto to = from.take("to")) {
    from.expect_no_more();
    const auto then = number_of<std::uint64_t>(*to, "to");
    return then - std::min(now, then);
  }
  constexpr std::uint64_t per_second = 1'000'000'000;
  const auto seconds = from.number<std::uint32_t>("seconds");
  const auto nanoseconds = from.number<std::uint32_t>("nanoseconds");
  from.expect_no_more();
  return seconds * per_second + nanoseconds;
}

ordered_json json_of(const ledger::account& a) {
  return {{"id", to_string(a.id.value)},
          {"debits_pending", to_string(a.debits_pending)},
          {"debits_posted", to_string(a.debits_posted)},
          {"credits_pending", to_string(a.credits_pending)},
          {"credits_posted", to_string(a.credits_posted)},
          {"user_data_128", to_string(a.user_data_128)},
          {"user_data_64", text_of(a.user_data_64)},
          {"user_data_32", a.user_data_32},
          {"ledger", a.ledger},
          {"code", a.code},
          {"flags", names_of(account_flag_names, static_cast<std::uint16_t>(a.flags))},
          {"timestamp", text_of(a.timestamp.nanoseconds)}};
}

ordered_json json_of(const ledger::transfer& t, std::optional<ledger::pending_status> status) {
  ordered_json object{{"id", to_string(t.id.value)},
                      {"debit_account_id", to_string(t.debit_account_id.value)},
                      {"credit_account_id", to_string(t.credit_account_id.value)},
                      {"amount", to_string(t.amount)},
                      {"pending_id", to_string(t.pending_id.value)},
                      {"user_data_128", to_string(t.user_data_128)},
                      {"user_data_64", text_of(t.user_data_64)},
                      {"user_data_32", t.user_data_32},
                      {"timeout", t.timeout},
                      {"ledger", t.ledger},
                      {"code", t.code},
                      {"flags", names_of(transfer_flag_names, static_cast<std::uint16_t>(t.flags))},
                      {"timestamp", text_of(t.timestamp.nanoseconds)}};
  if (status)
    object["pending_status"] = to_string(*status);
  return object;
}

ordered_json json_of(const ledger::account_balance& b) {
  return {{"debits_pending", to_string(b.debits_pending)},
          {"debits_posted", to_string(b.debits_posted)},
          {"credits_pending", to_string(b.credits_pending)},
          {"credits_posted", to_string(b.credits_posted)},
          {"timestamp", text_of(b.timestamp.nanoseconds)}};
}

} // namespace ducat::cli
