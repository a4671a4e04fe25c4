/// Messages of network management that a link sends on its own. Pure.
#pragma once

#include <ducat/iso8583/message.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ducat::device {

/// Field 70, network management information code.
namespace network_code {
inline constexpr std::string_view sign_on = "001";
inline constexpr std::string_view sign_off = "002";
inline constexpr std::string_view echo = "301";
inline constexpr std::string_view key_change = "161";
inline constexpr std::string_view cut_over = "201";
} // namespace network_code

/// Returns an 0800 with `extra`, field 11 and field 70.
iso8583::message network_request(std::string_view code, std::uint32_t stan,
                                 const std::map<int, std::string>& extra);

/// Returns whether the peer asks for network management that a link answers by itself: echo,
/// cut-over, key change.
bool is_answered_here(const iso8583::message& what);

bool is_echo_request(const iso8583::message& what);

/// Returns whether `what` is an 0810.
bool is_network_answer(const iso8583::message& what);

/// Returns the answer to that: what it says, accepted (00); but a key change is not supported (40),
/// for there is no key that could be changed.
iso8583::message network_answer(const iso8583::message& request);

/// Returns whether an answer says "00" in field 39.
bool is_accepted(const iso8583::message& answer);

} // namespace ducat::device
