#include "record/call_record.hpp"

#include "record/plain_line.hpp"

#include <nlohmann/json.hpp>

#include <istream>
#include <tuple>

namespace ducat::cli {

namespace {

std::optional<call_outcome> outcome_of(std::string_view word) {
  for (const call_outcome outcome :
       {call_outcome::ok, call_outcome::declined, call_outcome::refused, call_outcome::unknown,
        call_outcome::not_done})
    if (word == to_string(outcome))
      return outcome;
  return std::nullopt;
}

/// Returns the number called `name`; 0 if there is none, or nothing if it is no whole one.
template <class Integer>
std::optional<Integer> number_in(const nlohmann::json& line, const char* name) {
  const auto found = line.find(name);
  if (found == line.end())
    return 0;
  return found->is_number_integer() ? std::optional{found->get<Integer>()} : std::nullopt;
}

std::optional<call_answer> answer_in(const nlohmann::json& line) {
  const auto outcome = outcome_of(line.at("outcome").get<std::string>());
  const auto amount = number_in<std::int64_t>(line, "amount");
  const auto captured = number_in<std::int64_t>(line, "captured");
  const auto refunded = number_in<std::int64_t>(line, "refunded");
  const auto index = number_in<std::uint64_t>(line, "index");
  if (!outcome || !amount || !captured || !refunded || !index)
    return std::nullopt;
  return call_answer{.outcome = *outcome,
                     .payment_id = line.value("payment_id", ""),
                     .state = line.value("state", ""),
                     .amount = *amount,
                     .captured = *captured,
                     .refunded = *refunded,
                     .index = *index,
                     .hash = line.value("hash", ""),
                     .replayed = line.value("replayed", false),
                     .error = line.value("error", "")};
}

/// Returns whether the line was understood. Throws if a field is missing or of another type.
bool add_line(call_record& to, const nlohmann::json& line) {
  const auto kind = operation_kind_of(line.at("op").get<std::string>());
  if (!kind)
    return false;
  const operation_id id{.kind = *kind, .key = line.at("key").get<std::string>()};
  if (!line.contains("outcome")) {
    add_invocation(to, id, line.at("body").get<std::string>());
    return true;
  }
  const auto answer = answer_in(line);
  return answer && add_answer(to, id, *answer);
}

/// Reads the answer of a line after its key. Returns nothing if it is not plain.
std::optional<call_answer> plain_answer_in(plain_line& in) {
  std::string_view outcome_word;
  std::string_view payment_id;
  std::string_view state;
  std::string_view hash;
  std::string_view error;
  std::uint64_t return_ns = 0;
  call_answer answer;
  in.text("outcome", outcome_word);
  in.text("payment_id", payment_id);
  in.text("state", state);
  in.number("amount", answer.amount);
  in.number("captured", answer.captured);
  in.number("refunded", answer.refunded);
  in.number("index", answer.index);
  in.text("hash", hash);
  in.flag("replayed", answer.replayed);
  in.text("error", error);
  in.number("return_ns", return_ns);
  const auto outcome = outcome_of(outcome_word);
  if (!in.is_done() || !outcome)
    return std::nullopt;
  answer.outcome = *outcome;
  answer.payment_id = payment_id;
  answer.state = state;
  answer.hash = hash;
  answer.error = error;
  return answer;
}

bool understood(call_record& to, const std::string& line) {
  try {
    return add_plain_line(to, line) || add_line(to, nlohmann::json::parse(line));
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

/// A key that was used for something else must be refused; for the same it is answered the same.
bool contradicts(const recorded_call& call, const call_answer& answer) {
  if (call.current != call.body)
    return answer.is_acknowledgement();
  const bool says_something =
      answer.is_acknowledgement() || answer.outcome == call_outcome::refused;
  return says_something && !say_the_same(*call.acknowledged, answer);
}

} // namespace

std::string_view to_string(call_outcome outcome) noexcept {
  switch (outcome) {
  case call_outcome::ok:
    return "ok";
  case call_outcome::declined:
    return "declined";
  case call_outcome::refused:
    return "refused";
  case call_outcome::unknown:
    return "unknown";
  case call_outcome::not_done:
    return "not_done";
  }
  return "?";
}

bool say_the_same(const call_answer& a, const call_answer& b) {
  const auto said = [](const call_answer& x) {
    return std::tie(x.outcome, x.payment_id, x.state, x.amount, x.captured, x.refunded, x.index,
                    x.hash);
  };
  return said(a) == said(b);
}

const recorded_call* call_record::find(const operation_id& id) const {
  const auto found = index_.find(name_of(id));
  return found == index_.end() ? nullptr : &calls[found->second];
}

recorded_call* call_record::find(const operation_id& id) {
  const auto found = index_.find(name_of(id));
  return found == index_.end() ? nullptr : &calls[found->second];
}

recorded_call& call_record::at(const operation_id& id) {
  const auto [place, is_new] = index_.emplace(name_of(id), calls.size());
  if (is_new)
    calls.push_back({.id = id, .body = {}, .current = {}, .acknowledged = {}, .contradicted = {}});
  return calls[place->second];
}

void add_invocation(call_record& to, const operation_id& id, const std::string& body) {
  recorded_call& call = to.at(id);
  if (call.invocations++ == 0)
    call.body = body;
  call.body_changed |= call.body != body;
  call.current = body;
}

bool add_answer(call_record& to, const operation_id& id, const call_answer& answer) {
  recorded_call* call = to.find(id);
  if (call == nullptr)
    return false;
  ++call->answers;
  if (answer.outcome != call_outcome::not_done)
    call->last = answer.outcome;
  if (call->acknowledged) {
    if (!call->contradicted && contradicts(*call, answer))
      call->contradicted = answer;
  } else if (answer.is_acknowledgement()) {
    call->acknowledged = answer;
    call->id.kind = id.kind;
    call->body = call->current;
  }
  return true;
}

bool add_plain_line(call_record& to, std::string_view line) {
  std::string_view op;
  std::string_view key;
  plain_line in{line};
  in.text("op", op);
  in.text("key", key);
  const auto kind = operation_kind_of(op);
  if (!kind)
    return false;
  const operation_id id{.kind = *kind, .key = std::string{key}};
  if (in.is_next("outcome")) {
    const auto answer = plain_answer_in(in);
    return answer && add_answer(to, id, *answer);
  }
  std::string_view body;
  std::uint64_t invoke_ns = 0;
  in.text("body", body);
  in.number("invoke_ns", invoke_ns);
  if (in.is_done())
    add_invocation(to, id, std::string{body});
  return in.is_done();
}

result<call_record> read_call_record(std::istream& in) {
  call_record record;
  std::string line;
  for (std::uint64_t number = 1; std::getline(in, line); ++number) {
    if (in.eof())
      break;
    if (!understood(record, line))
      return fail(errc::corrupt,
                  "line " + std::to_string(number) + " of the record is not of a record");
  }
  return record;
}

} // namespace ducat::cli
