/// What was done to the nodes and their books, and by whom. Pure.
#pragma once

#include <ducat/v1/audit.pb.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::ledger {
struct kept_row;
}

namespace ducat::payment {

/// Owned by the payment machine. Entries are only added: there is no other change.
class audit_book {
public:
  /// Numbers and chains the entry, and adds it. It stays until the next one is added.
  const v1::AuditEntry& add(v1::AuditEntry entry);

  /// Returns a page; `limit` is 1 to 100, or 0 for 10.
  v1::ListAuditReply ask(const v1::ListAuditRequest& question) const;

  /// Returns the newest entry's number and hash alone.
  v1::ListAuditReply head() const;

  std::size_t size() const noexcept { return entries_.size(); }

  /// Rows for the store: those since the last time.
  std::vector<ledger::kept_row> take_changed_rows();

  /// Takes one of them back, in their order. Returns false if it is not the next one.
  bool restore(std::string_view key, std::string_view value);

private:
  std::vector<v1::AuditEntry> entries_; ///< Number n at n - 1.
  std::size_t kept_ = 0;                ///< So many, from the first, need not be kept again.
};

} // namespace ducat::payment
