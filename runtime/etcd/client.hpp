/// etcd's v3 API, as far as ducat calls it. Every call may be made from any thread.
#pragma once

#include "etcd.grpc.pb.h"

#include <ducat/error.hpp>
#include <ducat/etcd_log.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ducat::etcd {

namespace pb = etcdserverpb;

/// Calls that have not been answered. They are cancelled, and waited for, when it ends.
class calls_under_way;

/// Calls go to one member as long as it answers, then to the next one.
class client {
public:
  explicit client(const etcd_options& options);

  /// Cancels what is under way and waits until each has been told.
  ~client();

  /// Reads, linearizably. Errors: unavailable (no answer until it was given up).
  result<pb::RangeResponse> range(const pb::RangeRequest& request) const;

  /// Makes one attempt to read. Errors: unavailable.
  result<pb::RangeResponse> try_range(const pb::RangeRequest& request) const;

  /// The same; `done` is told on a thread of gRPC.
  void try_range(const pb::RangeRequest& request,
                 std::function<void(result<pb::RangeResponse>)> done) const;

  /// Returns what is under `key`; mod_revision is 0 if nothing is. Errors: those of range().
  result<pb::KeyValue> value_of(const std::string& key) const;

  /// Runs a transaction that has no further effect when it is run again, until it has an answer or
  /// is given up. Errors: those of try_txn().
  result<pb::TxnResponse> txn(const pb::TxnRequest& request) const;

  /// Runs one attempt of a transaction. Errors: outcome_unknown (it may or may not have run, or may
  /// still run), invalid_argument (it is too large; it did not run), io (etcd has no space; it did
  /// not run).
  result<pb::TxnResponse> try_txn(const pb::TxnRequest& request) const;

  /// The same; `done` is told on a thread of gRPC.
  void try_txn(const pb::TxnRequest& request,
               std::function<void(result<pb::TxnResponse>)> done) const;

  /// Lets etcd forget what was before `revision`. Its failure is no harm.
  void compact(std::int64_t revision) const;

  /// Returns a new lease. Errors: unavailable (no answer until it was given up; there may be leases
  /// that nobody knows of, which run out).
  result<std::int64_t> grant_lease(std::chrono::seconds lasts) const;

  /// Lets a lease last for its time again. Errors: not_found (it has run out), unavailable.
  result<void> keep_alive(std::int64_t lease) const;

  /// Ends a lease, and the keys that hang on it. Its failure is no harm: it runs out.
  void revoke_lease(std::int64_t lease) const;

  /// Opens a stream of the member that calls go to now.
  std::unique_ptr<grpc::ClientReaderWriter<pb::WatchRequest, pb::WatchResponse>>
  open_watch(grpc::ClientContext& context) const;

private:
  /// The ways to one member.
  struct member {
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<pb::KV::Stub> kv;
    std::unique_ptr<pb::Watch::Stub> watch;
    std::unique_ptr<pb::Lease::Stub> lease;
  };

  const member& pick() const;
  void note(const member& asked, const grpc::Status& status) const;

  etcd_options options_;
  std::vector<member> members_;
  mutable std::atomic<std::size_t> current_{0}; ///< The member that answered last, as far as known.
  std::shared_ptr<calls_under_way> calls_;      ///< Outlives this until the last is told.
};

pb::Compare mod_is(const std::string& key, std::int64_t revision);
pb::RequestOp put(const std::string& key, const std::string& value, std::int64_t lease = 0);
pb::RequestOp get(const std::string& key);
pb::RequestOp remove(const std::string& key, const std::string& range_end);

} // namespace ducat::etcd
