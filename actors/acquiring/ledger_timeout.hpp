/// How long the ledger is waited for.
#pragma once

#include <ducat/time.hpp>

#include <chrono>

namespace ducat::acquiring {

/// What an actor waits for the ledger; then it tries again later.
constexpr duration ledger_timeout = std::chrono::seconds{5};

} // namespace ducat::acquiring
