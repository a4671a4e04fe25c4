/// Requests as a terminal sends them, and a host to send them to.
#pragma once

#include "acquirer/host_core.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/elements.hpp>
#include <ducat/iso8583/framer.hpp>

#include <gtest/gtest.h>

#include <string>

namespace ducat::acquirer::testing {

using iso8583::message;

inline const iso8583::dialect& ascii87() {
  return *iso8583::find_dialect("ascii87");
}

struct payment_values {
  std::string mti = "0200";
  std::string stan = "000001";
  std::int64_t amount_minor = 1'250;
  std::string terminal = "TERM0001";
  std::string rrn = "633300000001";
  std::string processing_code = "000000";
  std::string transmitted_at = "1128101530";
  std::string pan = "4111111111111111";
  std::string currency = "978";
};

inline message payment(const payment_values& of = {}) {
  message made{of.mti};
  made.set(2, of.pan);
  made.set(3, of.processing_code);
  made.set(4, iso8583::amount_text(of.amount_minor).value());
  made.set(7, of.transmitted_at);
  made.set(11, of.stan);
  made.set(12, "101530");
  made.set(13, "1128");
  made.set(37, of.rrn);
  made.set(41, of.terminal);
  made.set(49, of.currency);
  return made;
}

/// A reversal of `original`, with field 90.
inline message reversal(const message& original, const std::string& stan = "000002") {
  message made = original;
  made.set_mti("0420");
  made.set(11, stan);
  made.set(90, to_text(iso8583::original_data_of(original).value()).value());
  return made;
}

inline message network(const std::string& code) {
  message made{"0800"};
  made.set(7, "1128101530");
  made.set(11, "000100");
  made.set(70, code);
  return made;
}

inline std::string text_of(const message& from, int field) {
  return std::string{from.find(field).value_or("")};
}

/// A host whose answers are read as a client does.
class host_world {
public:
  reaction send(const message& request) { return host.handle(connection, request, now_ms); }

  /// Returns the answers that can be decoded.
  static std::vector<message> answers_of(const reaction& to) {
    std::vector<message> read;
    for (const sending& each : to.sendings)
      if (auto answer = iso8583::decode_frame(ascii87(), each.frame))
        read.push_back(std::move(*answer));
    return read;
  }

  /// Sends it and returns its only answer; an empty message if there is not exactly one.
  message ask(const message& request) {
    const auto answers = answers_of(send(request));
    EXPECT_EQ(answers.size(), 1u);
    return answers.size() == 1 ? answers.front() : message{};
  }

  /// Field 39 of the only answer.
  std::string code(const message& request) { return text_of(ask(request), 39); }

  const std::vector<effect>& effects() const { return host.done().effects(); }

  void arm(std::string_view fault) { host.script().add(parse_fault(fault).value()); }

  host_core host{ascii87(), 1};
  session connection;
  std::int64_t now_ms = 1'795'860'930'000;
};

} // namespace ducat::acquirer::testing
