/// What a terminal sends.
#pragma once

#include <ducat/gateway/profile.hpp>
#include <ducat/iso8583/elements.hpp>
#include <ducat/iso8583/message.hpp>

#include <cstdint>
#include <cstdio>
#include <string>

namespace ducat::gateway::test {

using iso8583::message;

inline std::string six_digits(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%06d", number);
  return text;
}

inline std::string text_of(const message& from, int field) {
  return std::string{from.find(field).value_or("")};
}

inline message numbered(const std::string& mti, int stan,
                        const std::string& terminal = "TERM0001") {
  message made{mti};
  made.set(7, "1129013000");
  made.set(11, six_digits(stan));
  made.set(41, terminal);
  return made;
}

inline message payment(int stan, std::int64_t amount = 100, const std::string& mti = "0200") {
  message made = numbered(mti, stan);
  made.set(2, "4111111111111111");
  made.set(3, "000000");
  made.set(4, iso8583::amount_text(amount).value());
  made.set(37, "000000" + six_digits(stan));
  made.set(49, "978");
  return made;
}

inline message reversal(const message& original, int stan, const std::string& mti = "0420") {
  message made = numbered(mti, stan, text_of(original, 41));
  made.set(4, text_of(original, 4));
  made.set(90, to_text(iso8583::original_data_of(original).value()).value());
  return made;
}

inline message network(int stan, const std::string& what) {
  message made = numbered("0800", stan);
  made.set(70, what);
  return made;
}

/// Debits only.
inline message reconciliation(int stan, int debits, std::int64_t amount,
                              const std::string& mti = "0500") {
  message made = numbered(mti, stan);
  made.set(76, "0000" + six_digits(debits));
  made.set(88, "0000" + iso8583::amount_text(amount).value());
  return made;
}

inline terminal_profile profile_of(const std::string& id = "TERM0001") {
  return {.id = id, .from = "world", .to = "shop", .currency = "EUR"};
}

} // namespace ducat::gateway::test
