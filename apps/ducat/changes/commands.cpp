#include "changes/commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <algorithm>
#include <cctype>
#include <ostream>
#include <string>
#include <utility>

namespace ducat::cli {

namespace {

std::string word_of(v1::Change::State state) {
  std::string word = v1::Change::State_Name(state);
  std::ranges::transform(word, word.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

std::string person(const std::string& role, const std::string& name) {
  return name.empty() ? "-" : printable(role + '/' + name);
}

void print(std::ostream& out, const v1::ListChangesReply& list) {
  table rows{{{"CHANGE"}, {"STATE"}, {"ASKED"}, {"BY"}, {"ACTION"}, {"OF"}, {"DECIDED BY"}}};
  for (const v1::Change& each : list.data())
    rows.add({each.id(), word_of(each.state()), utc({each.asked_at_ns()}),
              person(each.asked_role(), each.asked_by()), printable(each.action()),
              each.target().empty() ? "-" : printable(each.target()),
              person(each.decided_role(), each.decided_by())});
  rows.print(out);
  for (const v1::Change& each : list.data())
    if (each.state() == v1::Change::PENDING)
      out << each.id() << ": " << printable(each.content()) << '\n';
}

} // namespace

exit_code list_changes(const session& with, const page_options& page, bool only_pending) {
  const auto list = fetch_pages<v1::ListChangesRequest, v1::ListChangesReply>(
      page, [&](v1::ListChangesRequest request) {
        request.set_only_pending(only_pending);
        return call(with.limits, repetition::read, with.node, &v1::Changes::Stub::ListChanges,
                    request);
      });
  return show(with, list, [&](const v1::ListChangesReply& found) { print(with.io.out, found); });
}

exit_code decide_change(const session& with, const v1::DecideChangeRequest& request) {
  const auto decided =
      call(with.limits, repetition::keyed, with.node, &v1::Changes::Stub::DecideChange, request);
  return show(
      with, decided,
      [&](const v1::Change& found) {
        with.io.out << found.id() << ' ' << word_of(found.state()) << ": "
                    << printable(found.action()) << ' ' << printable(found.target()) << '\n';
        if (found.has_secret())
          with.io.out << "secret, shown only now: " << printable(found.secret()) << '\n';
      },
      "the same command");
}

} // namespace ducat::cli
