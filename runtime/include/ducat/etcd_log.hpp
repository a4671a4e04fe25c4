/// The log on many machines: etcd decides what is in it, and who may write.
#pragma once

#include <ducat/log.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ducat {

struct etcd_log_options {
  std::vector<std::string> endpoints; ///< "127.0.0.1:PORT" of the members; any of them will do.
  std::string prefix = "ducat/";      ///< Of every key of this log.

  /// Of one attempt. What has no answer by then is tried again, with the same effect at most once.
  std::chrono::milliseconds attempt{1'000};

  /// Until a call is given up.
  std::chrono::milliseconds give_up{10'000};
};

/// Opens the log that the members of an etcd cluster keep, and verifies its chain from its
/// checkpoint on. Nothing is written until it is used. Other processes may use it at the same time;
/// last() shows what they wrote after the next take_epoch() or read().
///
/// Appends are transactions: the entry is put if the epoch is still this writer's and the index is
/// free, so that an attempt without an answer is tried again until it is known what became of it.
/// If that is not known when it is given up, append() answers io, as the interface asks for; the
/// others answer unavailable (nothing was done) or outcome_unknown.
/// Calls are plaintext: endpoints have to be on this machine.
///
/// etcd refuses an entry that is larger than its --max-request-bytes (1.5 MiB by default): append()
/// answers invalid_argument. Trim only behind what every node has that is to go on from here.
///
/// Errors: invalid_argument (no endpoint, or another address), unavailable (no member answers),
/// corrupt, newer_version.
result<std::unique_ptr<log>> open_etcd_log(const etcd_log_options& options);

} // namespace ducat
