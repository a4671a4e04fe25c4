/// What somebody has to look at.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::alerts {

enum class severity : std::uint8_t {
  page = 1,   ///< Somebody has to come at once.
  ticket = 2, ///< Somebody has to look at it soon.
};

/// Returns "page" or "ticket".
std::string_view to_string(severity how) noexcept;

/// What is watched for. What holds for `hold` fires, what was gone for `release` is resolved: what
/// comes and goes is one alert.
struct rule {
  std::string name{};
  severity how = severity::ticket;
  duration hold{};
  duration release{};
  std::string action{}; ///< For people: what to do first.

  /// All nodes of a cluster see it: one of them tells.
  bool is_of_cluster = false;
};

/// A rule's condition, as it holds now of something.
struct finding {
  std::string rule;
  std::string subject; ///< The link, the child, the node; empty: of the node itself.
  std::string text;    ///< For people.

  friend bool operator==(const finding&, const finding&) = default;
};

/// What was looked at.
struct observation {
  std::vector<finding> holds{};
  std::vector<std::string> unseen{}; ///< Rules whose condition could not be looked at.
  bool speaks_for_cluster = true;    ///< Otherwise another node tells what is of the cluster.
};

struct alert {
  enum class state : std::uint8_t {
    pending = 1, ///< It holds, but not long enough yet.
    firing = 2,
  };

  std::string rule{};
  std::string subject{};
  std::string text{}; ///< Of the newest look at which it held.
  std::string action{};
  severity how = severity::ticket;
  state now = state::pending;
  log_time since{};              ///< When it began to hold.
  log_time fired_at{};           ///< Zero while it is pending.
  log_time gone_since{};         ///< Zero while it holds.
  log_time told_at{};            ///< When somebody was told last; zero: nobody was.
  std::string acknowledged_by{}; ///< Empty: by nobody.
  bool is_silenced = false;
};

/// Of these nobody is told until then.
struct silence {
  std::uint64_t id = 0;
  std::string rule{};    ///< Empty: of every one.
  std::string subject{}; ///< The same.
  log_time until{};
  std::string by{};
  std::string reason{};
};

/// What somebody is to be told.
struct notice {
  enum class kind : std::uint8_t {
    fired = 1,
    reminded = 2, ///< It still fires, and nobody has acknowledged it.
    resolved = 3,
  };

  kind what = kind::fired;
  alert about;
};

/// Returns "fired", "reminded" or "resolved".
std::string_view to_string(notice::kind what) noexcept;

} // namespace ducat::alerts
