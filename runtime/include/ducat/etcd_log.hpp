/// The log on many machines: etcd decides what is in it, and who may write.
#pragma once

#include <ducat/etcd_options.hpp>
#include <ducat/shared_log.hpp>

#include <memory>
#include <string>

namespace ducat {

struct etcd_log_options : etcd_options {
  std::string prefix = "ducat/"; ///< Of every key of this log.
  std::string node = {};         ///< Who takes epochs here.
};

/// Opens the log that the members of an etcd cluster keep, and verifies its chain from its
/// checkpoint on. Nothing is written until it is used. Other processes may use it at the same time;
/// last() shows what they wrote after the next take_epoch() or read().
///
/// Appends are transactions: the entry is put if the epoch is still this writer's and the index is
/// free, so that an attempt without an answer is tried again until it is known what became of it.
/// If that is not known when it is given up, append() answers io, as the interface asks for; the
/// others answer unavailable (nothing was done) or outcome_unknown.
/// Up to etcd_in_flight_max of them are under way at a time. A writer that dies with some under way
/// may leave a gap: what stands after it was never acknowledged, and is removed by whoever takes
/// the epoch next.
///
/// etcd refuses an entry that is larger than its --max-request-bytes (1.5 MiB by default): append()
/// answers invalid_argument. Trim only behind what every node has that is to go on from here.
///
/// Errors: those of check() of the options, unavailable (no member answers), corrupt,
/// newer_version.
result<std::unique_ptr<shared_log>> open_etcd_log(const etcd_log_options& options);

/// Entries that a writer has under way at most. A gap further than that from the newest entry is no
/// gap: there was an acknowledged entry.
constexpr std::size_t etcd_in_flight_max = 8;

} // namespace ducat
