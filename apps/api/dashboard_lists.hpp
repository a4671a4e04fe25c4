/// Lists of payments that a dashboard shows, made of pages of events. Pure.
#pragma once

#include <ducat/v1/event.pb.h>
#include <ducat/v1/payment.pb.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace ducat::api {

/// What happened lately. Where more happens than is shown, most of it is skipped, and that is said.
class recent_payments {
public:
  /// Returns the next question. `now_ns` is the time since the Unix epoch.
  v1::ListEventsRequest question(std::uint64_t now_ns) const;

  /// Takes the answer; returns false if that looked back too far, so that another question has to
  /// be asked.
  bool take(const v1::ListEventsReply& found);

  /// Begins anew: the events after the last one are not kept any more.
  void restart() { *this = recent_payments{}; }

  /// Returns the rows, the newest first: {"data": [...], "skipped": false}.
  std::string json() const;

private:
  void add(const v1::ListEventsReply& found);

  std::deque<std::string> rows_; ///< The newest first.
  std::string after_;            ///< Empty: where to begin is not known yet.
  std::size_t look_back_ = 0;    ///< Which span was too long is known.
  bool skipped_ = false;
};

/// Which payments are in doubt. The log's events name those that ever were; each is then asked for.
class doubt_search {
public:
  /// Returns the next question: what came into doubt since `oldest_ns`, and was not found yet.
  v1::ListEventsRequest question(std::uint64_t oldest_ns) const;

  /// Takes the answer; returns whether that was all.
  bool take(const v1::ListEventsReply& found);

  /// Returns the payments to be asked for.
  std::set<std::string> candidates() const { return candidates_; }

  /// Says what has become of one of them.
  void see(const v1::Payment& payment);

  /// Nothing is in doubt.
  void clear();

  /// Returns {"data": [...], "incomplete": false}, the oldest first; incomplete: there are more
  /// than are looked at.
  std::string json() const;

private:
  std::set<std::string> candidates_;
  std::map<std::string, std::pair<std::uint64_t, std::string>> rows_; ///< By id: since when, row.
  std::string after_;
  bool incomplete_ = false;
};

} // namespace ducat::api
