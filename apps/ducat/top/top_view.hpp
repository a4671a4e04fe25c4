/// What `ducat top` shows at one moment. Pure.
#pragma once

#include "client/console.hpp"

#include <ducat/time.hpp>
#include <ducat/v1/node.pb.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ducat::cli {

/// What a node has answered.
struct top_sample {
  time_point at;
  v1::StatusReply status;
  v1::TreeReply tree;
  v1::ListNodesReply nodes; ///< None: it is alone.
};

/// What stands first; children that do not run always do.
enum class top_order : std::uint8_t { restarts, life, name };

struct screen_size {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/// Returns how much a count has grown each second since the sample before, rounded; nothing without
/// one, and if the node has begun anew in between.
std::optional<std::uint64_t> rate_of(std::uint64_t now, std::uint64_t before, duration between);

/// Returns a screen of no more lines than there are rows: the node, its payments and its log, the
/// nodes of its cluster, then its children, as many as there is room for. Lines end with a newline
/// and are no wider than the screen.
std::string top_screen(const console& io, const top_sample& now, const top_sample* before,
                       top_order order, screen_size size);

} // namespace ducat::cli
