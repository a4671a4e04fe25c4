/// The disks of a simulation.
#pragma once

#include "core/dice.hpp"
#include "sim/clockwork.hpp"

#include <ducat/testing/sim_disk.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ducat::sim {

/// What outlives the processes of a node. One thread.
class disk {
public:
  disk(clockwork& time, dice& chance, std::string place)
      : time_{time}, chance_{chance}, place_{std::move(place)} {}

  /// Returns the disk for a life that has it while `alive` is true.
  std::unique_ptr<testing::sim_disk> mount(std::shared_ptr<const bool> alive);

  /// The process has ended: what was not synced is there in part or not at all.
  void lose_unsynced();

  /// Flips a bit of what is there. Returns whether there is anything.
  bool flip_a_bit();

  /// It is a new one.
  void wipe() { files_.clear(); }

  /// The writes of `slow_down` are slow, and those of `fill` fail, until as many are undone.
  void slow_down() { ++slow_; }

  void speed_up() { slow_ -= slow_ > 0 ? 1 : 0; }

  void fill() { ++full_; }

  void give_space() { full_ -= full_ > 0 ? 1 : 0; }

private:
  class mounted;

  struct write_under_way {
    std::size_t from = 0;
    std::string bytes;
  };

  struct file {
    std::string durable;
    std::vector<write_under_way> unsynced;
    std::uint64_t passed = 0; ///< Writes that were unsynced once: several syncs may be under way.
  };

  static void apply(std::string& to, std::size_t from, std::string_view bytes);
  std::string now(const std::string& name) const;
  duration draw_sync_time();

  clockwork& time_;
  dice& chance_;
  const std::string place_;
  std::map<std::string, file> files_;
  unsigned slow_ = 0;
  unsigned full_ = 0;
};

} // namespace ducat::sim
