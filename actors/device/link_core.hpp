/// What a link to an acquirer decides: its state, what it sends on its own, and what becomes of
/// each request. Pure: time and what happens come in, actions come out.
#pragma once

#include "device/grey_detector.hpp"
#include "device/link_action.hpp"
#include "device/match_table.hpp"

#include <ducat/device/link_figures.hpp>
#include <ducat/device/link_options.hpp>
#include <ducat/device/link_outcome.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::device {

/// A request to the host. Trace number and the rest are in it, and in the log, before.
struct outgoing {
  request_id id;
  iso8583::message what;
  time_point deadline;
  /// An advice or a reversal that is sent until it is answered: it also goes to a link that is
  /// suspect, where an answer to it shows that the link is good again.
  bool may_be_repeated = false;
};

/// `now` never goes back. It begins `down`, and stays so until resume(). Not thread-safe.
class link_core {
public:
  /// `options` has been accepted by check(). `seed`: of the jitter and the first trace number.
  link_core(link_options options, std::uint64_t seed);

  /// From now on the link is to be up.
  void resume(time_point now);

  /// From now on it takes nothing new; it ends what is under way, signs off and is down.
  void drain(time_point now);

  void connected(connection_number connection, time_point now);

  /// Also: it could not be made.
  void disconnected(connection_number connection, const std::string& why, time_point now);

  void received(connection_number connection, const iso8583::message& what, time_point now);

  /// Something came that is no message. `is_stream_lost`: nor can what follows be read.
  void garbled(connection_number connection, const std::string& why, bool is_stream_lost,
               time_point now);

  /// Returns nothing if the request is under way: its outcome is told once, by an `answer`. Else it
  /// is not sent, which is its outcome, and nothing is kept of it.
  std::optional<not_sent> request(outgoing what, time_point now);

  /// The `write` of that request could not be done, and no byte of it was written.
  void unwritable(request_id id, std::string detail);

  /// It is wake_at(), or later.
  void tick(time_point now);

  /// Returns when tick() is needed, perhaps sooner than that.
  std::optional<time_point> wake_at() const;

  std::vector<action> take_actions() { return std::exchange(actions_, {}); }

  link_figures figures() const;

private:
  struct under_way {
    match_table::place place;
    time_point written_at;
    time_point expires;
  };

  enum class talk : std::uint8_t { sign_on, sign_off, echo };

  /// What the link itself waits for; one at a time.
  struct own_request {
    talk about;
    std::string stan;
    time_point expires;
  };

  // The life of a connection: link_core.cpp
  void begin_connecting(time_point now);
  void lose(const std::string& why, unknown_reason fate, time_point now);
  void give_up_connection(const std::string& why, unknown_reason fate, time_point now);
  void signed_on(time_point now);
  void sign_off_if_idle(time_point now);
  void say(talk about, time_point now);
  void own_answer(const iso8583::message& answer, time_point now);
  void own_timeout(time_point now);
  void echo_missed(time_point now);
  void heard(time_point now);
  void reconsider(const std::string& why);
  void suspect_requests(const std::string& why, time_point now);
  void trust_requests(const std::string& why);
  void enter(link_state next, const std::string& why);

  bool is_up() const { return state_ == link_state::signed_on || state_ == link_state::suspect; }

  bool is_current(connection_number connection) const {
    return is_open_ && connection == connection_;
  }

  // Requests: link_requests.cpp
  std::optional<not_sent> refusal(const outgoing& what, const std::optional<answer_form>& form,
                                  time_point now) const;
  void take_answer(const iso8583::message& what, time_point now);
  void request_answered(request_id id, const iso8583::message& what, time_point now);
  void request_unknown(request_id id, unknown_reason why, const std::string& detail,
                       time_point now);
  void all_unknown(unknown_reason why, const std::string& detail, time_point now);
  void expire_requests(time_point now);
  under_way take(request_id id);
  void tell_unmatched(unmatched_kind kind, std::optional<request_id> id,
                      const iso8583::message& what);

  link_options options_;
  std::mt19937_64 chance_;
  std::vector<action> actions_;

  link_state state_ = link_state::down;
  std::string why_ = "not asked for";
  bool is_wanted_ = false;
  connection_number connection_ = 0;          // The newest.
  bool is_open_ = false;                      // It is, or is being made.
  std::optional<time_point> connect_expires_; // While it is being made.
  std::optional<time_point> connect_at_;      // Invariant: only while !is_open_.
  std::uint32_t tries_failed_ = 0;            // Connections since the last sign-on.
  std::optional<own_request> own_;
  std::uint32_t next_stan_;
  std::optional<time_point> signed_on_since_;
  time_point heard_at_{};
  std::uint32_t echoes_missed_ = 0;
  std::uint32_t garbled_here_ = 0; // On this connection.

  grey_detector grey_;
  bool is_mute_ = false;               // Too many echoes are missed.
  time_point suspected_at_{};          // The requests, for the last time.
  std::optional<time_point> trial_at_; // While the requests are suspected: when that is over.
  bool is_on_trial_ = false;           // One request at a time, until one is answered.

  match_table waiting_;
  std::map<request_id, under_way> under_way_; // Invariant: its places are those of waiting_.
  std::set<std::pair<time_point, request_id>> expiry_; // Invariant: one for each under way.
  remembered unknown_;
  remembered answered_;
  link_figures counts_;
  std::deque<duration> answer_times_; // Of the last answers, the oldest first.
};

} // namespace ducat::device
