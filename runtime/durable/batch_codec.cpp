#include "durable/batch_codec.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

namespace ducat {

namespace {

constexpr char commands_only = 1;
constexpr char with_kinds = 2;

void put_length(std::string& into, std::size_t size) {
  DUCAT_CHECK(size <= std::numeric_limits<std::uint32_t>::max());
  const auto length = static_cast<std::uint32_t>(size);
  into.append(reinterpret_cast<const char*>(&length), sizeof length);
}

void put_record(std::string& into, const batch_record& what, bool has_kind) {
  const bool is_grant = what.kind == record_kind::grant;
  put_length(into,
             is_grant ? 1 + what.group.size() + what.granted_node.size() : what.command.size());
  if (has_kind)
    into += static_cast<char>(what.kind);
  if (is_grant)
    into += static_cast<char>(what.group.size());
  for (const std::string_view part : {what.group, what.granted_node, what.command})
    into += part;
}

/// Takes `size` bytes off the front.
result<std::string_view> take_bytes(std::string_view& from, std::size_t size) {
  if (from.size() < size)
    return fail(errc::corrupt, "a record is longer than its batch");
  const std::string_view taken = from.substr(0, size);
  from.remove_prefix(size);
  return taken;
}

result<batch_record> grant_of(std::string_view bytes) {
  const auto length = take_bytes(bytes, 1);
  if (!length)
    return tl::unexpected(length.error());
  const auto group = take_bytes(bytes, static_cast<unsigned char>(length->front()));
  if (!group)
    return tl::unexpected(group.error());
  if (group->empty())
    return fail(errc::corrupt, "a batch has a grant of no group");
  return batch_record{
      .kind = record_kind::grant, .command = {}, .group = *group, .granted_node = bytes};
}

result<batch_record> take_record(std::string_view& from, bool has_kind) {
  std::uint32_t length = 0;
  const auto head = take_bytes(from, sizeof length + (has_kind ? 1 : 0));
  if (!head)
    return fail(errc::corrupt, "a batch of commands is cut short");
  std::memcpy(&length, head->data(), sizeof length);
  const auto bytes = take_bytes(from, length);
  if (!bytes)
    return tl::unexpected(bytes.error());
  const auto kind = has_kind ? static_cast<record_kind>(head->back()) : record_kind::command;
  switch (kind) {
  case record_kind::command:
    return batch_record{.kind = kind, .command = *bytes, .group = {}, .granted_node = {}};
  case record_kind::grant:
    return grant_of(*bytes);
  }
  return fail(errc::newer_version,
              "a batch has a record of kind " + std::to_string(static_cast<int>(kind)));
}

} // namespace

void batch_builder::add(std::string_view command) {
  records_.push_back(
      {.kind = record_kind::command, .command = command, .group = {}, .granted_node = {}});
}

void batch_builder::add_grant(std::string_view group, std::string_view node) {
  DUCAT_CHECK(!group.empty() && group.size() <= std::numeric_limits<std::uint8_t>::max());
  records_.push_back(
      {.kind = record_kind::grant, .command = {}, .group = group, .granted_node = node});
}

std::string batch_builder::take() && {
  const bool has_kinds = std::ranges::any_of(
      records_, [](const batch_record& each) { return each.kind != record_kind::command; });
  std::string payload{has_kinds ? with_kinds : commands_only};
  for (const batch_record& each : records_)
    put_record(payload, each, has_kinds);
  return payload;
}

result<std::vector<batch_record>> records_of(std::string_view payload) {
  if (payload.empty())
    return fail(errc::corrupt, "a batch of commands is empty");
  const char version = payload.front();
  if (version != commands_only && version != with_kinds)
    return fail(errc::newer_version, "a batch of commands has format " + std::to_string(version));
  std::vector<batch_record> records;
  for (payload.remove_prefix(1); !payload.empty();) {
    const auto next = take_record(payload, version == with_kinds);
    if (!next)
      return tl::unexpected(next.error());
    records.push_back(*next);
  }
  return records;
}

result<std::vector<std::string_view>> commands_of(std::string_view payload) {
  return records_of(payload).map([](const std::vector<batch_record>& records) {
    std::vector<std::string_view> commands;
    for (const batch_record& each : records)
      if (each.kind == record_kind::command)
        commands.push_back(each.command);
    return commands;
  });
}

} // namespace ducat
