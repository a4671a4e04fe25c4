/// Commands to a ledger as plain values, to be run, cut down and printed.
#pragma once

#include <ducat/ledger/query.hpp>
#include <ducat/ledger/types.hpp>

#include <ostream>
#include <variant>
#include <vector>

namespace ducat::ledger::test {

struct create_accounts {
  log_time at;
  std::vector<account> events;
};

struct create_transfers {
  log_time at;
  std::vector<transfer> events;
};

struct advance {
  log_time to;
};

/// Asks for the transfers and the balances of an account.
struct ask_account {
  account_filter filter;
};

struct ask_balance {
  account_id account;
  log_time at;
};

/// Asks for the accounts and the transfers that the filter selects.
struct ask_all {
  query_filter filter;
};

/// Looks at everything there is, and whether the same commands make the same book again.
struct look_closely {};

using command = std::variant<create_accounts, create_transfers, advance, ask_account, ask_balance,
                             ask_all, look_closely>;

/// Returns how many commands of a client this is: events of a batch count one by one.
inline std::size_t size_of(const command& c) {
  if (const auto* a = std::get_if<create_accounts>(&c))
    return a->events.size();
  if (const auto* t = std::get_if<create_transfers>(&c))
    return t->events.size();
  return 1;
}

template <class Event>
void print_event(std::ostream& out, const Event& event) {
  out << "\n  " << event << " user_data=" << ducat::to_string(event.user_data_128) << '/'
      << event.user_data_64 << '/' << event.user_data_32;
}

inline std::ostream& operator<<(std::ostream& out, const query_filter& f) {
  return out << " user_data=" << ducat::to_string(f.user_data_128) << '/' << f.user_data_64 << '/'
             << f.user_data_32 << " ledger=" << f.ledger << " code=" << f.code
             << " min=" << f.timestamp_min.nanoseconds << " max=" << f.timestamp_max.nanoseconds
             << " limit=" << f.limit << " reversed=" << f.reversed;
}

/// Prints a command, with all that it takes to run it again.
struct printer {
  std::ostream& out;

  void operator()(const create_accounts& c) const {
    out << "create_accounts at=" << c.at.nanoseconds;
    for (const account& a : c.events)
      print_event(out, a);
  }

  void operator()(const create_transfers& c) const {
    out << "create_transfers at=" << c.at.nanoseconds;
    for (const transfer& t : c.events)
      print_event(out, t);
  }

  void operator()(const advance& c) const { out << "advance to=" << c.to.nanoseconds; }

  void operator()(const ask_account& c) const {
    out << "ask_account id=" << c.filter.account << " debits=" << c.filter.debits
        << " credits=" << c.filter.credits << c.filter.common;
  }

  void operator()(const ask_balance& c) const {
    out << "ask_balance id=" << c.account << " at=" << c.at.nanoseconds;
  }

  void operator()(const ask_all& c) const { out << "ask_all" << c.filter; }

  void operator()(const look_closely&) const { out << "look_closely"; }
};

inline std::ostream& operator<<(std::ostream& out, const command& c) {
  std::visit(printer{out}, c);
  return out;
}

} // namespace ducat::ledger::test
