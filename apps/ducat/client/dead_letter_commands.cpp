#include "client/dead_letter_commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"

#include <ctime>
#include <ostream>

namespace ducat::cli {

namespace {

std::string utc_of(std::uint64_t at_ms) {
  const auto seconds = static_cast<std::time_t>(at_ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

void print(std::ostream& out, const v1::ListDeadLettersReply& list) {
  table rows{{{"ID", align::right},
              {"PATH"},
              {"CAUSE"},
              {"SINCE"},
              {"CRASHES", align::right},
              {"MESSAGE"}}};
  for (const v1::DeadLetter& letter : list.letters())
    rows.add({std::to_string(letter.id()), letter.path(), letter.cause(), utc_of(letter.at_ms()),
              std::to_string(letter.crashes()), letter.text()});
  rows.print(out);
  out << "since the node started: poison " << list.poison() << ", undelivered "
      << list.undelivered() << ", forgotten " << list.forgotten() << '\n';
}

void print(std::ostream& out, const v1::DeadLetter& letter) {
  print_fields(out, {{"id", std::to_string(letter.id())},
                     {"path", letter.path()},
                     {"cause", letter.cause()},
                     {"since", utc_of(letter.at_ms())},
                     {"crashes", std::to_string(letter.crashes())},
                     {"last crash", letter.last_crash()},
                     {"key", std::to_string(letter.key())},
                     {"message", letter.text()}});
}

template <class Request>
Request of_letter(std::uint64_t id) {
  Request request;
  request.set_id(id);
  return request;
}

} // namespace

exit_code list_dead_letters(const session& with) {
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Node::Stub::ListDeadLetters, {});
  return show(with, reply, [&](const v1::ListDeadLettersReply& list) { print(with.io.out, list); });
}

exit_code show_dead_letter(const session& with, std::uint64_t id) {
  const auto reply = call(with.limits, repetition::read, with.node, &v1::Node::Stub::GetDeadLetter,
                          of_letter<v1::GetDeadLetterRequest>(id));
  return show(with, reply, [&](const v1::DeadLetter& letter) { print(with.io.out, letter); });
}

exit_code retry_dead_letter(const session& with, std::uint64_t id) {
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Node::Stub::RetryDeadLetter,
           of_letter<v1::RetryDeadLetterRequest>(id));
  return show(with, reply, [&](const v1::RetryDeadLetterReply& done) {
    with.io.out << done.outcome() << ": " << done.detail() << '\n';
    if (done.kept())
      with.io.out << "nothing was done, dead letter " << id << " is still there\n";
  });
}

exit_code discard_dead_letter(const session& with, std::uint64_t id) {
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Node::Stub::DiscardDeadLetter,
           of_letter<v1::DiscardDeadLetterRequest>(id));
  return show(with, reply, [&](const v1::DiscardDeadLetterReply&) {
    with.io.out << "discarded dead letter " << id << '\n';
  });
}

} // namespace ducat::cli
