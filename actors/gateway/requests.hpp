/// What a terminal's message asks of the payments. Pure.
#pragma once

#include <ducat/gateway/profile.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/iso8583/mti.hpp>
#include <ducat/payment/card.hpp>
#include <ducat/v1/journal.pb.h>

#include <optional>
#include <string>

namespace ducat::gateway {

enum class request_kind : std::uint8_t { payment, advice, reversal, reconciliation };

/// A step of the payment machine, with what the log does not hold.
struct order {
  request_kind kind = request_kind::payment;
  std::string key{}; ///< The idempotency key: it and its repeats have the same.
  v1::Command command{};
  std::optional<payment::pan> card{};
  bool is_repeat = false; ///< The message says so.
};

/// Returns what `request` asks for, or the response code that refuses it: then nothing was done.
/// `type` is its MTI, of a class that is no network management.
tl::expected<order, std::string> order_of(const iso8583::message& request, const iso8583::mti& type,
                                          const terminal_profile& from);

/// Returns the step that takes back what `of` asked for, since nobody can tell the terminal what
/// has become of it.
v1::Command given_up(const order& of, const terminal_profile& from);

/// Returns the key of what a reversal takes back.
std::string original_of(const order& reversal);

/// Returns the step that captures an approval for less.
v1::Command capture_of_part(const order& of);

/// "iso:CLASS:TERMINAL:MMDDhhmmss:STAN": what names a message and its repeats.
std::string key_of(char message_class, const std::string& terminal, std::string_view transmitted_at,
                   std::string_view stan);

} // namespace ducat::gateway
