/// Terminals and an acquirer on a virtual clock, without sockets: a run takes milliseconds.
#pragma once

#include "acquirer/effect_line.hpp"
#include "requests.hpp"
#include "support/temporary_directory.hpp"
#include "terminals/compare.hpp"
#include "terminals/fleet.hpp"
#include "terminals/record.hpp"

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace ducat::terminals::testing {

using namespace std::chrono_literals;
using acquirer::host_core;

/// Bytes take no time; what the host delays, and a connection that comes again, does.
class fleet_world {
public:
  explicit fleet_world(const fleet_options& options)
      : fleet{options}, sessions_(fleet.connections()), is_open_(fleet.connections()) {
    for (std::size_t i = 0; i < fleet.connections(); ++i)
      events_.emplace(now_, event{.connection = i, .opens = true});
  }

  /// Runs until all is finished; returns whether it was within `limit`.
  bool run(duration limit = 10min) {
    const time_point end = now_ + limit;
    while (!fleet.is_done() && now_ < end) {
      send(fleet.advance(moment_now()));
      for (const std::size_t each : fleet.take_suspects())
        if (is_open_.at(each))
          lose_connection(each);
      const auto wake = fleet.next_wake().value_or(end);
      if (events_.empty() || events_.begin()->first > wake) {
        now_ = std::max(now_, wake);
        continue;
      }
      now_ = std::max(now_, events_.begin()->first);
      const event next = std::move(events_.extract(events_.begin()).mapped());
      happen(next);
    }
    for (auto& each : fleet.take_finished())
      finished.push_back(std::move(each));
    return fleet.is_done();
  }

  /// Returns what the record and the journal, as files, differ in.
  comparison compare_files() const {
    const ducat::testing::temporary_directory directory;
    std::ofstream record{directory.path() / "record"};
    for (const finished_payment& each : finished)
      record << line_of(each) << '\n';
    std::ofstream journal{directory.path() / "journal"};
    for (const acquirer::effect& each : host.done().effects())
      journal << acquirer::line_of(each) << '\n';
    record.close();
    journal.close();
    return compare(directory.path() / "record", directory.path() / "journal").value();
  }

  void arm(std::string_view fault) { host.script().add(acquirer::parse_fault(fault).value()); }

  /// Nothing is received for that long.
  void lose_connection(std::size_t connection, duration away = 300ms) {
    ++losses;
    is_open_.at(connection) = false;
    fleet.closed(connection);
    events_.emplace(now_ + away, event{.connection = connection, .opens = true});
  }

  moment moment_now() const {
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch());
    return {.steady = now_, .unix_s = 1'795'860'930 + since.count()};
  }

  terminals::fleet fleet;
  host_core host{acquirer::testing::ascii87(), 1};
  std::vector<finished_payment> finished;
  int losses = 0; ///< Of connections.

private:
  struct event {
    std::size_t connection;
    bool opens = false;
    acquirer::sending arrives{}; ///< At the terminals.
  };

  void send(const std::vector<outgoing>& what) {
    for (const outgoing& each : what)
      if (is_open_.at(each.connection))
        deliver(each);
  }

  void deliver(const outgoing& what) {
    const auto made = host.handle(sessions_.at(what.connection), what.what, 0);
    for (const acquirer::sending& each : made.sendings)
      events_.emplace(now_ + each.after, event{.connection = what.connection, .arrives = each});
  }

  void happen(const event& what) {
    if (what.opens) {
      is_open_.at(what.connection) = true;
      return send(fleet.opened(what.connection, moment_now()));
    }
    if (!is_open_.at(what.connection))
      return;
    if (what.arrives.closes)
      return lose_connection(what.connection);
    const auto answer = iso8583::decode_frame(acquirer::testing::ascii87(), what.arrives.frame);
    if (answer)
      send(fleet.take(what.connection, *answer, moment_now()));
  }

  time_point now_{};
  std::vector<acquirer::session> sessions_;
  std::vector<bool> is_open_;
  std::multimap<time_point, event> events_;
};

} // namespace ducat::terminals::testing
