#include <ducat/ledger/types.hpp>

#include <ostream>

namespace ducat::ledger {

std::string_view to_string(pending_status status) noexcept {
  switch (status) {
  case pending_status::pending:
    return "pending";
  case pending_status::posted:
    return "posted";
  case pending_status::voided:
    return "voided";
  case pending_status::expired:
    return "expired";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, account_id id) {
  return out << ducat::to_string(id.value);
}

std::ostream& operator<<(std::ostream& out, transfer_id id) {
  return out << ducat::to_string(id.value);
}

std::ostream& operator<<(std::ostream& out, pending_status status) {
  return out << to_string(status);
}

std::ostream& operator<<(std::ostream& out, const account& a) {
  using ducat::to_string;
  return out << "account id=" << a.id << " ledger=" << a.ledger << " code=" << a.code
             << " flags=" << static_cast<int>(a.flags)
             << " debits_pending=" << to_string(a.debits_pending)
             << " debits_posted=" << to_string(a.debits_posted)
             << " credits_pending=" << to_string(a.credits_pending)
             << " credits_posted=" << to_string(a.credits_posted)
             << " timestamp=" << a.timestamp.nanoseconds;
}

std::ostream& operator<<(std::ostream& out, const transfer& t) {
  return out << "transfer id=" << t.id << " debit=" << t.debit_account_id
             << " credit=" << t.credit_account_id << " amount=" << ducat::to_string(t.amount)
             << " pending_id=" << t.pending_id << " timeout=" << t.timeout << " ledger=" << t.ledger
             << " code=" << t.code << " flags=" << static_cast<int>(t.flags)
             << " timestamp=" << t.timestamp.nanoseconds;
}

} // namespace ducat::ledger
