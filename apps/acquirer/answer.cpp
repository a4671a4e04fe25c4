#include "answer.hpp"

#include "garble.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/elements.hpp>

#include <array>

namespace ducat::acquirer {

namespace {

using iso8583::message;

constexpr std::array echoed{3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49, 50, 70, 90};

/// Behind its first byte a TPDU of five has two addresses: where to, and where from.
std::string turned(std::string tpdu) {
  if (tpdu.size() == 5)
    std::swap_ranges(tpdu.begin() + 1, tpdu.begin() + 3, tpdu.begin() + 3);
  return tpdu;
}

void echo(const message& request, int field, message& into) {
  if (const auto text = request.find(field))
    into.set(field, std::string{*text});
}

void add_totals(const message& request, const decision& made, message& into) {
  into.set(66, made.is_balanced ? "1" : "2");
  if (made.sums)
    return write_totals(*made.sums, into);
  for (const int field : {74, 75, 76, 77, 86, 87, 88, 89, 97}) // In balance they are the same.
    echo(request, field, into);
}

void change_amount(message& answer, const fault_rule& fault) {
  const auto text = answer.find(4);
  const auto amount = text ? iso8583::parse_amount(*text) : std::nullopt;
  if (!amount)
    return;
  constexpr auto limit = iso8583::amount_minor_max + 1;
  const auto more = static_cast<std::int64_t>(fault.by % static_cast<std::uint64_t>(limit));
  answer.set(4, iso8583::amount_text((*amount + more) % limit).value());
}

/// Returns a neighbour of `stan`, n 6.
std::string other_stan(std::string_view stan) {
  std::string other{stan};
  other.back() = other.back() == '9' ? '0' : static_cast<char>(other.back() + 1);
  return other;
}

void change_message(message& answer, const fault_rule& fault) {
  if (fault.kind == fault_kind::wrong_amount)
    change_amount(answer, fault);
  const bool is_for_nobody = fault.kind == fault_kind::garble && fault.how == garbling::stan;
  if (is_for_nobody && answer.has(11))
    answer.set(11, other_stan(answer.find(11).value()));
}

void change_sendings(const iso8583::dialect& with, std::vector<sending>& into,
                     const fault_rule& fault) {
  switch (fault.kind) {
  case fault_kind::drop_answer:
    return into.clear();
  case fault_kind::delay:
  case fault_kind::late_approval:
    for (sending& each : into)
      each.after += fault.after;
    return;
  case fault_kind::duplicate:
    if (!into.empty())
      into.push_back(into.back());
    return;
  case fault_kind::garble:
    for (sending& each : into)
      garble(with, fault.how, each.frame);
    return;
  case fault_kind::disconnect:
    into = {{.after = into.empty() ? std::chrono::milliseconds{0} : into.front().after,
             .closes = true}};
    return;
  case fault_kind::drop_request:
  case fault_kind::half_dead:
  case fault_kind::decline:
  case fault_kind::wrong_amount:
    return;
  }
}

} // namespace

message answer_to(const message& request, const std::string& mti, const decision& made) {
  message answer{mti};
  answer.set_tpdu(turned(request.tpdu()));
  for (const int field : echoed)
    echo(request, field, answer);
  if (!made.approval_code.empty())
    answer.set(38, made.approval_code);
  answer.set(39, made.code);
  if (made.sums || made.is_balanced)
    add_totals(request, made, answer);
  return answer;
}

iso8583::result<std::vector<sending>> sendings_of(const iso8583::dialect& with, message answer,
                                                  const std::vector<fault_rule>& faults) {
  for (const fault_rule& each : faults)
    change_message(answer, each);
  auto frame = iso8583::encode_frame(with, answer);
  if (!frame)
    return tl::unexpected(frame.error());
  std::vector<sending> made(1);
  made.front().frame = std::move(*frame);
  for (const fault_rule& each : faults)
    change_sendings(with, made, each);
  return made;
}

} // namespace ducat::acquirer
