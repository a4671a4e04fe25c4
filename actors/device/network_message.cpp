#include "device/network_message.hpp"

#include <ducat/iso8583/mti.hpp>

namespace ducat::device {

namespace {

bool is_network_management(const iso8583::message& what, bool answer) {
  const auto type = iso8583::parse_mti(what.mti());
  return type && type->kind == iso8583::message_class::network_management &&
         (answer ? type->is_answer() : type->wants_answer());
}

std::string stan_text(std::uint32_t stan) {
  const std::string digits = std::to_string(stan);
  return std::string(6 - digits.size(), '0') + digits;
}

} // namespace

iso8583::message network_request(std::string_view code, std::uint32_t stan,
                                 const std::map<int, std::string>& extra) {
  iso8583::message request{"0800"};
  for (const auto& [field, text] : extra)
    request.set(field, text);
  request.set(11, stan_text(stan));
  request.set(70, std::string{code});
  return request;
}

bool is_answered_here(const iso8583::message& what) {
  const auto code = what.find(70);
  return is_network_management(what, false) &&
         (code == network_code::echo || code == network_code::cut_over ||
          code == network_code::key_change);
}

bool is_echo_request(const iso8583::message& what) {
  return is_network_management(what, false) && what.find(70) == network_code::echo;
}

bool is_network_answer(const iso8583::message& what) {
  return is_network_management(what, true);
}

iso8583::message network_answer(const iso8583::message& request) {
  iso8583::message answer = request;
  answer.set_mti(iso8583::response_to(request.mti()).value());
  answer.set(39, request.find(70) == network_code::key_change ? "40" : "00");
  return answer;
}

bool is_accepted(const iso8583::message& answer) {
  return answer.find(39) == "00";
}

} // namespace ducat::device
