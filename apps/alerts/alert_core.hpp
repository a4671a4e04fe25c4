/// Which alerts fire, and who is told of them when. Pure: no clock, no actor.
#pragma once

#include "alerts/alert.hpp"

#include <ducat/error.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ducat::alerts {

/// Not for two threads at a time.
class alert_core {
public:
  /// One that fires and is not acknowledged is told of again every `remind_every`.
  explicit alert_core(std::vector<rule> rules, duration remind_every = std::chrono::hours{4});

  /// Takes what was looked at. Returns what somebody is to be told, in order of rules. Findings of
  /// rules that it does not have are left out. `now` never goes back.
  std::vector<notice> look(const observation& seen, log_time now);

  /// Stops the reminders of an alert that fires, and returns it. It is told of when it is resolved.
  /// Errors: not_found (it does not fire).
  result<alert> acknowledge(const std::string& rule, const std::string& subject, std::string by);

  /// Has nobody told of what it matches until then; its id is given. What still fires then is told
  /// of. Errors: invalid_argument (it is over already, or there are too many).
  result<silence> add(silence what, log_time now);

  /// Errors: not_found.
  result<void> lift(std::uint64_t silence_id);

  /// Returns those that fire, then those that may soon; the oldest first.
  std::vector<alert> list() const;

  /// Returns those that are not over, the oldest first.
  std::vector<silence> silences(log_time now) const;

private:
  using key = std::pair<std::string, std::string>;

  const rule* find_rule(const std::string& name) const;
  void begin_or_go_on(const rule& of, const finding& found, log_time now);
  void put_state(const rule& of, alert& about, bool is_seen, bool is_held, log_time now) const;
  void tell(const rule& of, alert& about, log_time now, std::vector<notice>& told) const;
  bool is_silenced(const alert& about, log_time now) const;

  std::vector<rule> rules_;
  duration remind_every_;
  std::map<key, alert> alerts_;
  std::vector<silence> silences_;
  std::uint64_t newest_silence_ = 0;
};

} // namespace ducat::alerts
