/// Answers as messages, and as the bytes that a fault makes of them. Pure.
#pragma once

#include "decide.hpp"
#include "fault_rule.hpp"

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/iso8583/problem.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ducat::acquirer {

/// Something that leaves: bytes, or the end of the connection.
struct sending {
  std::chrono::milliseconds after{0};
  std::string frame{}; ///< With its length header; empty if it closes.
  bool closes = false;

  friend bool operator==(const sending&, const sending&) = default;
};

/// Returns the answer to `request`, of type `mti`: fields that name it, and what was decided.
iso8583::message answer_to(const iso8583::message& request, const std::string& mti,
                           const decision& made);

/// Returns what leaves instead of `answer`. Errors: as encode_frame(): the dialect cannot say it.
iso8583::result<std::vector<sending>> sendings_of(const iso8583::dialect& with,
                                                  iso8583::message answer,
                                                  const std::vector<fault_rule>& faults);

} // namespace ducat::acquirer
