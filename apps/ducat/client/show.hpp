/// How a command ends: its reply is shown, or why there is none.
#pragma once

#include "client/session.hpp"

#include <tl/expected.hpp>

#include <ostream>
#include <string_view>

namespace ducat::cli {

/// Prints `reply` as JSON, or with `print_text(reply)` for people, or says why the call failed and,
/// if its outcome is unknown, that `retry` is to be repeated. Returns the exit code.
template <class Reply, class Print>
exit_code show(const session& with, const tl::expected<Reply, failure>& reply,
               const Print& print_text, std::string_view retry = {}) {
  if (!reply)
    return report(with.io, reply.error(), retry);
  if (with.io.is_json())
    with.io.out << json_of(*reply) << '\n';
  else
    print_text(*reply);
  return exit_code::done;
}

} // namespace ducat::cli
