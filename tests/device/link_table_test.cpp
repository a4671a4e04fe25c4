/// Every state, every event.

#include "device/link_text.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace ducat::device::test {
namespace {

struct starting_point {
  std::string name;
  std::function<void(link_world&)> reach;
};

const std::vector<starting_point>& starting_points() {
  static const std::vector<starting_point> all{
      {"down", [](link_world&) {}},
      {"down, connecting", [](link_world& link) { link.resume(); }},
      {"connected",
       [](link_world& link) {
         link.resume();
         link.connected();
       }},
      {"signed_on", [](link_world& link) { link.sign_on(); }},
      {"signed_on, 1 under way",
       [](link_world& link) {
         link.sign_on();
         link.request(1);
       }},
      {"suspect, 1 under way",
       [](link_world& link) {
         link.sign_on();
         link.pass(40s);
         link.request(1);
         link.pass(10s);
       }},
      {"failed",
       [](link_world& link) {
         link.resume();
         link.disconnected();
       }},
      {"failed, connecting",
       [](link_world& link) {
         link.resume();
         link.disconnected();
         link.pass(500ms);
       }},
      {"draining, 1 under way",
       [](link_world& link) {
         link.sign_on();
         link.request(1);
         link.drain();
       }},
      {"draining, signing off",
       [](link_world& link) {
         link.sign_on();
         link.drain();
       }},
  };
  return all;
}

struct named_event {
  std::string name;
  std::function<std::string(link_world&)> happen;
};

const std::vector<named_event>& events() {
  static const std::vector<named_event> all{
      {"resume", [](link_world& link) { return link.resume(); }},
      {"drain", [](link_world& link) { return link.drain(); }},
      {"connected", [](link_world& link) { return link.connected(); }},
      {"disconnected", [](link_world& link) { return link.disconnected(); }},
      {"garbled", [](link_world& link) { return link.garbled(); }},
      {"stream lost", [](link_world& link) { return link.garbled(true); }},
      {"own answer 00", [](link_world& link) { return link.own_answer(); }},
      {"own answer 91", [](link_world& link) { return link.own_answer("91"); }},
      {"answer to 1", [](link_world& link) { return link.answer_request(1); }},
      {"echo asked", [](link_world& link) { return link.receive(network_request("301", 5, {})); }},
      {"payment 2", [](link_world& link) { return link.request(2); }},
      {"reversal 2", [](link_world& link) { return link.request(2, "0420"); }},
      {"10 s", [](link_world& link) { return link.pass(10s); }},
  };
  return all;
}

std::string transcript() {
  std::string all;
  for (const starting_point& from : starting_points()) {
    all += "\n== " + from.name + "\n";
    for (const named_event& event : events()) {
      link_world link;
      from.reach(link);
      const std::string done = event.happen(link);
      all += event.name + ": " + (done.empty() ? "-" : done) + "\n";
    }
  }
  return all;
}

TEST(LinkTable, DoesInEachStateAtEachEventWhatTheTableSays) {
  EXPECT_EQ(transcript(), R"(
== down
resume: connect 1
drain: -
connected: -
disconnected: -
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: -

== down, connecting
resume: -
drain: close 1
connected: down > connected (connected); write 0800/001
disconnected: down > failed (reset)
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: close 1; down > failed (no connection in time)

== connected
resume: -
drain: close 1; connected > down (drained)
connected: -
disconnected: connected > failed (reset)
garbled: -
stream lost: close 1; connected > failed (unreadable: truncated)
own answer 00: connected > signed_on (the sign-on was accepted)
own answer 91: close 1; connected > failed (the sign-on was refused: 91)
answer to 1: unmatched unexpected 0210
echo asked: write 0810/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: close 1; connected > failed (the sign-on was not answered)

== signed_on
resume: -
drain: signed_on > draining (asked for); write 0800/002
connected: -
disconnected: signed_on > failed (reset)
garbled: -
stream lost: close 1; signed_on > failed (unreadable: truncated)
own answer 00: unmatched unexpected 0810/001
own answer 91: unmatched unexpected 0810/001
answer to 1: unmatched unexpected 0210
echo asked: write 0810/301
payment 2: write 0200
reversal 2: write 0420
10 s: -

== signed_on, 1 under way
resume: -
drain: signed_on > draining (asked for)
connected: -
disconnected: signed_on > failed (reset); answer 1 unknown disconnected: reset
garbled: answer 1 unknown garbled: truncated
stream lost: close 1; signed_on > failed (unreadable: truncated); answer 1 unknown garbled: unreadable: truncated
own answer 00: unmatched unexpected 0810/001
own answer 91: unmatched unexpected 0810/001
answer to 1: answer 1 answered 0210
echo asked: write 0810/301
payment 2: write 0200
reversal 2: write 0420
10 s: -

== suspect, 1 under way
resume: -
drain: suspect > draining (asked for)
connected: -
disconnected: suspect > failed (reset); answer 1 unknown disconnected: reset
garbled: answer 1 unknown garbled: truncated
stream lost: close 1; suspect > failed (unreadable: truncated); answer 1 unknown garbled: unreadable: truncated
own answer 00: suspect > signed_on (it answers again)
own answer 91: close 1; suspect > failed (3 echoes missed); answer 1 unknown disconnected: 3 echoes missed
answer to 1: answer 1 answered 0210; suspect > signed_on (it answers again)
echo asked: write 0810/301
payment 2: not_sent suspect
reversal 2: write 0420
10 s: close 1; suspect > failed (3 echoes missed); answer 1 unknown disconnected: 3 echoes missed

== failed
resume: -
drain: failed > down (drained)
connected: -
disconnected: -
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: connect 2

== failed, connecting
resume: -
drain: close 2; failed > down (drained)
connected: failed > connected (connected); write 0800/001
disconnected: -
garbled: -
stream lost: -
own answer 00: unmatched unexpected 0810/301
own answer 91: unmatched unexpected 0810/301
answer to 1: unmatched unexpected 0210
echo asked: unmatched request 0800/301
payment 2: not_sent not_signed_on
reversal 2: not_sent not_signed_on
10 s: close 2

== draining, 1 under way
resume: draining > signed_on (resumed)
drain: -
connected: -
disconnected: draining > down (reset); answer 1 unknown disconnected: reset
garbled: answer 1 unknown garbled: truncated; write 0800/002
stream lost: close 1; draining > down (unreadable: truncated); answer 1 unknown garbled: unreadable: truncated
own answer 00: unmatched unexpected 0810/001
own answer 91: unmatched unexpected 0810/001
answer to 1: answer 1 answered 0210; write 0800/002
echo asked: write 0810/301
payment 2: not_sent draining
reversal 2: not_sent draining
10 s: -

== draining, signing off
resume: -
drain: -
connected: -
disconnected: draining > down (reset)
garbled: -
stream lost: close 1; draining > down (unreadable: truncated)
own answer 00: close 1; draining > down (signed off)
own answer 91: close 1; draining > down (signed off)
answer to 1: unmatched unexpected 0210
echo asked: write 0810/301
payment 2: not_sent draining
reversal 2: not_sent draining
10 s: close 1; draining > down (the sign-off was not answered)
)");
}

} // namespace
} // namespace ducat::device::test
