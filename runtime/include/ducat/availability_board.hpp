/// The availability of many things, by name: whoever knows how one of them is says so here.
#pragma once

#include <ducat/availability.hpp>
#include <ducat/prediction.hpp>
#include <ducat/time.hpp>

#include <compare>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::monitor {

/// What is observed. A name is unique within its kind.
struct subject {
  enum class kind : std::uint8_t { cluster = 1, node = 2, group = 3, child = 4 };

  kind what = kind::child;
  std::string name{}; ///< Of a child its path; "a/b" is below "a".

  friend auto operator<=>(const subject&, const subject&) = default;
};

std::string_view to_string(subject::kind value) noexcept;

/// One line of a report.
struct subject_report {
  subject about;
  condition now;
  measured counted;

  /// How it is redundant: as described, with as many units as it has parts. Single if nobody said.
  redundancy mode;

  /// From the MTBF and MTTR of its parts (its own if it is single), as counted in the same window.
  /// Nothing if no part has both failed and been repaired in it.
  std::optional<prediction> predicted{};
};

/// Safe from any thread. Its memory goes with the number of subjects that it is told of.
class availability_board {
public:
  /// `clock` is read with every fact and report.
  explicit availability_board(clock_function clock = std::chrono::steady_clock::now);

  /// `about` is so from now on. The first time begins its observation.
  void set(const subject& about, condition now);

  /// `about` has been so since `since`.
  void set_since(time_point since, const subject& about, condition now);

  /// `part` is one of the units that `whole` consists of, and perhaps of others too. Both may be
  /// told of later.
  void set_part(const subject& part, const subject& whole);

  /// How `about` is redundant. Of `units` 0 means: as many as there are parts.
  void describe(const subject& about, const redundancy& how);

  /// Forgets it, and all that was counted.
  void forget(const subject& about);

  /// Returns what is called `name` and what is below it; everything if `name` is empty. By kind,
  /// then by name. What is known only by set_part() or describe() is not in it. Facts wait for it,
  /// a millisecond for each thousand subjects.
  std::vector<subject_report> report(window what, std::string_view name = {}) const;

private:
  struct entry {
    std::optional<availability_tracker> tracker{};
    std::optional<redundancy> mode{};
    std::vector<subject> wholes{};
  };

  struct units {
    measured counted;
    std::uint32_t count = 0;
  };

  void tell(const subject& about, condition now, time_point at);
  std::map<subject, units> units_of_all(window what, time_point now) const;

  clock_function clock_;
  mutable std::mutex guard_;
  std::map<subject, entry> entries_; // Needs the guard.
};

} // namespace ducat::monitor
