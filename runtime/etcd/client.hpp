/// etcd's KV service. Every call may be made from any thread.
#pragma once

#include "etcd.grpc.pb.h"

#include <ducat/error.hpp>
#include <ducat/etcd_log.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace ducat::etcd {

namespace pb = etcdserverpb;

class client {
public:
  explicit client(const etcd_log_options& options);

  /// Reads, linearizably. Errors: unavailable (no answer until it was given up).
  result<pb::RangeResponse> range(const pb::RangeRequest& request) const;

  /// Runs one attempt of a transaction. Errors: outcome_unknown (it may or may not have run, or may
  /// still run), invalid_argument (it is too large; it did not run), io (etcd has no space; it did
  /// not run).
  result<pb::TxnResponse> try_txn(const pb::TxnRequest& request) const;

  /// Lets etcd forget what was before `revision`. Its failure is no harm.
  void compact(std::int64_t revision) const;

private:
  etcd_log_options options_;
  std::unique_ptr<pb::KV::Stub> kv_;
};

pb::Compare mod_is(const std::string& key, std::int64_t revision);
pb::RequestOp put(const std::string& key, const std::string& value);
pb::RequestOp get(const std::string& key);
pb::RequestOp remove(const std::string& key, const std::string& range_end);

} // namespace ducat::etcd
