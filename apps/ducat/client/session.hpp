/// What every command of the client is given.
#pragma once

#include "client/connection.hpp"
#include "client/console.hpp"
#include "client/repeat.hpp"

namespace ducat::cli {

struct session {
  const connection& node;
  const console& io;
  call_limits limits{};
};

/// Which part of a list is shown.
struct page_options {
  std::uint32_t limit = 0; ///< 0 means the node's default.
  std::string after;       ///< The id of the last row of the page before.
  bool all = false;        ///< Every page from there on.
};

} // namespace ducat::cli
