/// What simulated clients ask for, in EUR, with what stands on record of it.
#pragma once

#include "record/operation.hpp"

#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <cstdint>
#include <string>

namespace ducat::cli {

struct client_request {
  operation_id id;
  std::string body; ///< See body_hash().
  v1::Command command;
  bool is_by_card = false;
};

struct wanted_payment {
  std::string key;
  std::string from;
  std::string to;
  std::int64_t amount = 0;
  bool is_manual = false; ///< It is captured by a request of its own.
  bool is_by_card = false;
};

/// The card of whoever pays by one.
inline const std::string simulated_card = "4111111111111111";

client_request account_request(const std::string& id, bool overdraft);
client_request payment_request(const wanted_payment& what);

/// Returns a request of a capture, void or refund of the payment with that key. Its own key is the
/// payment's, the kind and `key_suffix`. A void has no amount.
client_request change_request(operation_kind kind, const std::string& payment, std::int64_t amount,
                              const std::string& key_suffix = {});

} // namespace ducat::cli
