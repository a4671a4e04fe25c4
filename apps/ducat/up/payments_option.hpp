/// The option `--payments` of what runs a cluster.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace ducat::cli {

inline void add_payments_option(CLI::App& command, std::string& into) {
  command
      .add_option("--payments", into,
                  "Whose workers take payments: each node its own, or those of all as one group")
      ->check(CLI::IsMember({"own", "active_active", "primary_backup", "exclusive"}))
      ->capture_default_str();
}

} // namespace ducat::cli
