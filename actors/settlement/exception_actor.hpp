/// The actor of one open exception.
#pragma once

#include <ducat/settlement/exception_watch.hpp>
#include <ducat/v1/exception.pb.h>

namespace ducat::settlement {

/// How long a request to the ledger may take.
constexpr duration exception_ledger_timeout = std::chrono::seconds{5};

/// Returns the time that the options say it is.
log_time now_of(const exception_watch_options& options);

/// Returns the start of the actor of `facts`. It ends when it learns that the exception is open no
/// more; whoever has started it learns that too.
child_start exception_actor(const handle& ledger, const v1::SettlementException& facts,
                            const exception_watch_options& options);

} // namespace ducat::settlement
