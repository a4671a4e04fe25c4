/// How requests to payment actors travel between nodes.
#pragma once

#include <ducat/payment/payment_actor.hpp>
#include <ducat/protocol.hpp>

#include <string>
#include <string_view>

namespace ducat {

template <>
struct wire<payment::pay> {
  using answer = payment::paid;
  static constexpr std::string_view type = "ducat.pay";

  static time_point deadline(const payment::pay& what) { return what.deadline; }

  static std::string encode(const payment::pay& what);

  /// Errors: invalid_argument.
  static result<payment::pay> decode(const std::string& bytes, time_point deadline);

  static std::string encode(const payment::paid& what);

  /// Errors: invalid_argument.
  static result<payment::paid> decode_answer(const std::string& bytes);
};

} // namespace ducat

namespace ducat::payment {

/// Returns what payment actors of different nodes are asked.
protocol spoken();

} // namespace ducat::payment
