#include "check/finding.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace ducat::cli {

std::string_view to_string(finding_kind kind) noexcept {
  switch (kind) {
  case finding_kind::lost:
    return "lost";
  case finding_kind::doubled:
    return "doubled";
  case finding_kind::phantom:
    return "phantom";
  case finding_kind::altered:
    return "altered";
  case finding_kind::receipt:
    return "receipt";
  case finding_kind::impossible:
    return "impossible";
  case finding_kind::overdrawn:
    return "overdrawn";
  case finding_kind::unbalanced:
    return "unbalanced";
  case finding_kind::broken:
    return "broken";
  }
  return "?";
}

std::ostream& operator<<(std::ostream& out, const finding& value) {
  out << to_string(value.kind);
  if (value.index > 0)
    out << " at entry " << value.index;
  return out << ": " << value.subject << ": " << value.text;
}

finding make_finding(finding_kind kind, std::string subject, std::string text) {
  return {.kind = kind, .index = 0, .subject = std::move(subject), .text = std::move(text)};
}

void findings::add(finding found) {
  if (++counts_[static_cast<std::size_t>(found.kind)] <= kept_max)
    kept_.push_back(std::move(found));
}

void findings::add(findings more) {
  for (std::size_t kind = 0; kind < finding_kinds; ++kind) // Those that it has not kept.
    more.counts_[kind] -= std::min<std::uint64_t>(more.counts_[kind], kept_max);
  for (finding& each : more.kept_)
    add(std::move(each));
  for (std::size_t kind = 0; kind < finding_kinds; ++kind)
    counts_[kind] += more.counts_[kind];
}

} // namespace ducat::cli
