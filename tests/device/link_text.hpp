/// A link_core with a clock that tests move, and what it does as text.
#pragma once

#include "device/link_core.hpp"
#include "device/network_message.hpp"

#include <ducat/iso8583/mti.hpp>

#include <chrono>
#include <sstream>
#include <string>
#include <utility>
#include <variant>

namespace ducat::device::test {

using namespace std::chrono_literals;

inline std::string stan_of(unsigned number) {
  const std::string digits = std::to_string(number);
  return std::string(6 - digits.size(), '0') + digits;
}

/// A request as a caller makes it: `number` is its id and trace number.
inline iso8583::message request_message(unsigned number, const std::string& mti = "0200") {
  iso8583::message request{mti};
  request.set(2, "4111111111111111");
  request.set(3, "000000");
  request.set(4, "000000001000");
  request.set(7, "1128224011");
  request.set(11, stan_of(number));
  request.set(37, "R" + std::string(5, '0') + stan_of(number));
  request.set(41, "TERM0001");
  return request;
}

/// The answer of a host that echoes everything but the card number.
inline iso8583::message answer_to(const iso8583::message& request, const std::string& code = "00") {
  iso8583::message answer = request;
  answer.set_mti(iso8583::response_to(request.mti()).value());
  answer.erase(2);
  answer.set(39, code);
  return answer;
}

inline std::string text(const iso8583::message& what) {
  const auto code = what.find(70);
  return what.mti() + (code ? "/" + std::string{*code} : "");
}

struct action_text {
  std::string operator()(const connect& what) const {
    return "connect " + std::to_string(what.connection);
  }

  std::string operator()(const close& what) const {
    return "close " + std::to_string(what.connection);
  }

  std::string operator()(const write& what) const { return "write " + text(what.what); }

  std::string operator()(const answer& what) const {
    std::ostringstream out;
    out << "answer " << what.request << ' ' << what.outcome;
    return out.str();
  }

  std::string operator()(const changed& what) const {
    return std::string{to_string(what.from)} + " > " + std::string{to_string(what.to)} + " (" +
           what.why + ")";
  }

  std::string operator()(const unmatched& what) const {
    return "unmatched " + std::string{to_string(what.kind)} + " " + text(what.what) +
           (what.request ? " of " + to_string(*what.request) : "");
  }
};

class link_world {
public:
  explicit link_world(link_options options = {}, std::uint64_t seed = 7)
      : core_{std::move(options), seed} {}

  link_core& core() { return core_; }

  time_point now() const { return now_; }

  link_state state() const { return core_.figures().state; }

  /// Returns what the core wants done, separated by "; ", and notes what it wrote and when.
  std::string done() {
    std::string all;
    for (const action& each : core_.take_actions()) {
      if (const auto* written = std::get_if<write>(&each); written && !written->request)
        own_ = written->what;
      if (const auto* made = std::get_if<connect>(&each))
        connection_ = made->connection;
      all += (all.empty() ? "" : "; ") + std::visit(action_text{}, each);
    }
    return all;
  }

  /// Moves the clock by `by`, and ticks when the core wants it, and only then.
  std::string pass(duration by) {
    const time_point end = now_ + by;
    for (auto due = core_.wake_at(); due && *due <= end; due = core_.wake_at()) {
      now_ = std::max(now_, *due);
      core_.tick(now_);
    }
    now_ = end;
    return done();
  }

  std::string resume() { return core_.resume(now_), done(); }

  std::string drain() { return core_.drain(now_), done(); }

  std::string connected() { return core_.connected(connection_, now_), done(); }

  std::string disconnected() { return core_.disconnected(connection_, "reset", now_), done(); }

  std::string garbled(bool is_stream_lost = false) {
    core_.garbled(connection_, "truncated", is_stream_lost, now_);
    return done();
  }

  std::string receive(const iso8583::message& what) {
    core_.received(connection_, what, now_);
    return done();
  }

  /// Returns what the link wrote last on its own.
  const iso8583::message& own() const { return own_; }

  std::string own_stan() const { return std::string{own_.find(11).value()}; }

  /// The host answers what the link last wrote on its own.
  std::string own_answer(const std::string& code = "00") { return receive(answer_to(own_, code)); }

  /// Returns "not_sent WHY", or what is done.
  std::string request(unsigned number, const std::string& mti = "0200", duration patience = 1h) {
    const auto refused = core_.request({.id = {number},
                                        .what = request_message(number, mti),
                                        .deadline = now_ + patience,
                                        .may_be_repeated = mti[1] == '4'},
                                       now_);
    return refused ? "not_sent " + std::string{to_string(refused->why)} : done();
  }

  std::string answer_request(unsigned number, const std::string& mti = "0200") {
    return receive(answer_to(request_message(number, mti)));
  }

  void sign_on() {
    resume();
    connected();
    own_answer();
  }

  connection_number connection() const { return connection_; }

private:
  link_core core_;
  time_point now_{1h};
  connection_number connection_ = 0;
  iso8583::message own_ = network_request("301", 1, {}); // What the link wrote last on its own.
};

} // namespace ducat::device::test
