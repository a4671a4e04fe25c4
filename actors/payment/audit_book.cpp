#include "payment/audit_book.hpp"

#include "payment/limits.hpp"

#include <ducat/ledger/history.hpp>
#include <ducat/payment/audit_chain.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace ducat::payment {

namespace {

std::string key_of_audit(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "u/%016llx", static_cast<unsigned long long>(number));
  return text;
}

} // namespace

const v1::AuditEntry& audit_book::add(v1::AuditEntry entry) {
  entry.set_number(entries_.size() + 1);
  entry.set_hash(audit_hash(entries_.empty() ? "" : entries_.back().hash(), entry));
  return entries_.emplace_back(std::move(entry));
}

v1::ListAuditReply audit_book::ask(const v1::ListAuditRequest& question) const {
  v1::ListAuditReply reply = head();
  const std::size_t limit = question.limit() == 0 ? page_size_default : question.limit();
  const std::size_t begin = std::min<std::size_t>(question.after(), entries_.size());
  const std::size_t end = begin + std::min(limit, entries_.size() - begin);
  for (std::size_t i = begin; i < end; ++i)
    *reply.add_data() = entries_[i];
  reply.set_has_more(end < entries_.size());
  return reply;
}

v1::ListAuditReply audit_book::head() const {
  v1::ListAuditReply reply;
  reply.set_newest(entries_.size());
  if (!entries_.empty())
    reply.set_head(entries_.back().hash());
  return reply;
}

std::vector<ledger::kept_row> audit_book::take_changed_rows() {
  std::vector<ledger::kept_row> rows;
  for (; kept_ < entries_.size(); ++kept_)
    rows.push_back({key_of_audit(kept_ + 1), entries_[kept_].SerializeAsString()});
  return rows;
}

bool audit_book::restore(std::string_view key, std::string_view value) {
  v1::AuditEntry entry;
  const bool is_read = entry.ParseFromArray(value.data(), static_cast<int>(value.size()));
  const std::string before = entries_.empty() ? "" : entries_.back().hash();
  if (!is_read || key != key_of_audit(entries_.size() + 1) ||
      entry.number() != entries_.size() + 1 || entry.hash() != audit_hash(before, entry))
    return false;
  entries_.push_back(std::move(entry));
  kept_ = entries_.size();
  return true;
}

} // namespace ducat::payment
