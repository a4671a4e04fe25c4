/// The processes of a cluster on one machine.
#pragma once

#include "up/layout.hpp"
#include "up/watched_process.hpp"

#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <filesystem>
#include <fstream>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

struct local_cluster_options {
  std::filesystem::path directory;
  std::filesystem::path program; ///< The program `ducat`.
  bool quiet = false;
};

/// One thread: that of main().
class local_cluster {
public:
  local_cluster(const cluster_layout& layout, const local_cluster_options& options,
                std::ostream& out);

  /// Runs until SIGTERM or SIGINT, and stops everything. Errors: io (etcd or ducat cannot be
  /// started).
  result<void> run();

private:
  struct part {
    std::string name;
    std::vector<std::string> words;
    bool is_node = false;
    bool is_ready = false;
    std::optional<watched_process> process{};
    time_point start_at{}; ///< Again, after it has ended.
    std::ofstream log{};
  };

  result<void> start(part& which);
  result<void> start_what_is_due(time_point now);
  void show_output(part& which);
  void note(part& which, const std::string& line);
  void say_ready();
  void stop_all(bool nodes);
  bool wait_for_signal(int signals);

  cluster_layout layout_;
  local_cluster_options options_;
  std::ostream& out_;
  std::vector<part> parts_; ///< Members first.
  bool is_ready_ = false;
  std::size_t name_width_ = 0;
};

} // namespace ducat::cli
