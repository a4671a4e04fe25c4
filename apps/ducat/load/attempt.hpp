/// One asynchronous call of an import.
#pragma once

#include "client/connection.hpp"
#include "load/payments_file.hpp"
#include "record/call_record.hpp"

#include <ducat/time.hpp>

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <variant>

namespace ducat::cli {

/// Must outlive the call it has started.
class attempt {
public:
  attempt() = default;
  attempt(const attempt&) = delete;
  attempt& operator=(const attempt&) = delete;

  /// Sends `request`, which stays where it is meanwhile. `done` is called once, on any thread.
  void start(const connection& node, const import_request& request, duration deadline,
             std::function<void(grpc::Status)> done);

  /// Returns what the reply says; only after a status of OK.
  call_answer answer() const;

private:
  grpc::ClientContext context_;
  std::variant<v1::PaymentReply, v1::AccountReply> reply_;
};

} // namespace ducat::cli
