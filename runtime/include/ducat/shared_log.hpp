/// A log that several nodes write to in turn, and that all of them follow.
#pragma once

#include <ducat/log.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace ducat {

/// Told once what became of something that was begun. Called on any thread, perhaps before the call
/// that began it has returned. Must be quick and must not call the log.
using log_callback = std::function<void(result<void>)>;

/// Told each entry that was appended, in order, or once why there will be no more. Called on a
/// thread of its own.
using entry_callback = std::function<void(result<entry>)>;

/// Following a log; it ends with this object, and no call is made after that.
class log_feed {
public:
  log_feed() = default;
  log_feed(const log_feed&) = delete;
  log_feed& operator=(const log_feed&) = delete;
  virtual ~log_feed() = default;
};

class shared_log : public log {
public:
  /// Who holds the newest epoch.
  struct holder {
    epoch granted;    ///< 0: it was never taken.
    std::string node; ///< Who took it; empty if it was never taken.

    friend bool operator==(const holder&, const holder&) = default;
  };

  /// Takes the write right as take_epoch() does, but only if the newest epoch is still `seen`: of
  /// several that try, one succeeds. Errors: epoch_lost (another one was granted since), and those
  /// of take_epoch().
  virtual result<epoch> take_epoch_after(epoch seen) = 0;

  /// Returns who holds the newest epoch now. Errors: unavailable, corrupt.
  virtual result<holder> newest_holder() const = 0;

  /// Returns how many entries may be under way at a time: begun, and not yet known to be durable.
  virtual std::size_t in_flight_max() const noexcept = 0;

  /// Begins an append and returns the entry as it will stand when it is durable. `done` is told
  /// what became of it; of several it is told in the order of the entries, and a failed one fails
  /// all after it. Waits while in_flight_max() entries are under way.
  /// Errors, also of `done`: those of append().
  virtual result<entry> begin_append(epoch writer, log_time at, std::string payload,
                                     log_callback done) = 0;

  /// Tells `done` whether `writer` was still the newest epoch at some time after this call, so that
  /// what its holder read before is the newest state. Errors: epoch_lost (it was not), unavailable
  /// (nobody can say).
  virtual void confirm(epoch writer, log_callback done) = 0;

  /// Delivers the entries after `last`, those that are there and those that come, each verified to
  /// continue the one before. Errors, of `deliver`: not_found (the next one was trimmed away),
  /// corrupt (also: `last` is not of this log), newer_version. While nobody answers it waits.
  /// The log must outlive what is returned.
  virtual std::unique_ptr<log_feed> follow(receipt last, entry_callback deliver) = 0;
};

} // namespace ducat
