#include "audit/flaw.hpp"

#include <ducat/payment/audit_chain.hpp>

#include <algorithm>
#include <charconv>

namespace ducat::cli {

namespace {

constexpr std::size_t hash_length = 64;

std::optional<audit_flaw> flaw_of_chain(std::span<const v1::AuditEntry> entries) {
  std::string before;
  std::uint64_t number = 0;
  for (const v1::AuditEntry& each : entries) {
    ++number;
    if (each.number() != number)
      return audit_flaw{number, "it is missing, or not where it belongs: entry " +
                                    std::to_string(each.number()) + " is there"};
    if (each.hash() != payment::audit_hash(before, each))
      return audit_flaw{number, "its hash is not that of what it says and of the one before"};
    before = each.hash();
  }
  return std::nullopt;
}

} // namespace

std::optional<audit_anchor> audit_anchor_in(std::string_view text) {
  audit_anchor anchor;
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), anchor.number);
  const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (failure != std::errc{} || anchor.number == 0 || rest.size() != 1 + hash_length ||
      rest.front() != '/' || rest.substr(1).find_first_not_of("0123456789abcdef") != rest.npos)
    return std::nullopt;
  anchor.hash = rest.substr(1);
  return anchor;
}

std::optional<audit_flaw> first_flaw(std::span<const v1::AuditEntry> entries,
                                     std::span<const audit_anchor> anchors) {
  std::optional<audit_flaw> first = flaw_of_chain(entries);
  const auto consider = [&](std::uint64_t number, const std::string& what) {
    if (!first || number < first->number)
      first = audit_flaw{number, what};
  };
  for (const audit_anchor& each : anchors)
    if (each.number > entries.size())
      consider(entries.size() + 1,
               "it is missing: there was an entry " + std::to_string(each.number));
    else if (entries[each.number - 1].hash() != each.hash)
      consider(each.number, "it, or one before it, is another one than it was");
  return first;
}

std::optional<audit_flaw> first_difference(std::span<const v1::AuditEntry> ours,
                                           std::span<const v1::AuditEntry> others) {
  const std::size_t common = std::min(ours.size(), others.size());
  for (std::size_t i = 0; i < common; ++i)
    if (ours[i].SerializeAsString() != others[i].SerializeAsString())
      return audit_flaw{i + 1, "the two copies do not say the same of it"};
  return std::nullopt;
}

} // namespace ducat::cli
