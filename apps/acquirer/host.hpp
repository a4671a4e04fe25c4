/// The host and its journal: what it does is on disk before anybody is told.
#pragma once

#include "host_core.hpp"
#include "journal.hpp"

#include <ducat/error.hpp>

#include <filesystem>

namespace ducat::acquirer {

/// For one thread.
class host {
public:
  /// Returns a host that has done what the journal at `path` says. Errors: as journal::open().
  static result<host> open(const std::filesystem::path& path, host_core core);

  /// As host_core::receive(). What it makes leave must wait for sync().
  reaction receive(session& from, std::string_view payload, std::int64_t now_ms);

  /// Returns when all that was done is on disk. Errors: io, and the process must end.
  result<void> sync() { return journal_.sync(); }

  host_core& core() noexcept { return core_; }

private:
  host(host_core core, journal opened) : core_{std::move(core)}, journal_{std::move(opened)} {}

  host_core core_;
  journal journal_;
};

} // namespace ducat::acquirer
