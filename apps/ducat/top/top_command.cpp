#include "top/top_command.hpp"

#include "client/show.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <limits>
#include <ostream>

namespace ducat::cli {

namespace {

constexpr const char* to_top_and_clear = "\x1b[H\x1b[J";

template <class Stub, class Request, class Reply>
tl::expected<Reply, failure> asked(const session& with,
                                   grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Reply*)) {
  return call(with.limits, repetition::read, with.node, method, Request{});
}

tl::expected<top_sample, failure> sample(const session& with) {
  auto status = asked(with, &v1::Node::Stub::Status);
  if (!status)
    return tl::unexpected(status.error());
  auto tree = asked(with, &v1::Node::Stub::Tree);
  if (!tree)
    return tl::unexpected(tree.error());
  auto nodes = asked(with, &v1::Node::Stub::ListNodes); // A node that is alone knows none.
  return top_sample{.at = std::chrono::steady_clock::now(),
                    .status = std::move(*status),
                    .tree = std::move(*tree),
                    .nodes = nodes ? std::move(*nodes) : v1::ListNodesReply{}};
}

/// All of it, if it goes into a file.
screen_size size_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0)
    return {.rows = std::numeric_limits<std::size_t>::max(),
            .columns = std::numeric_limits<std::size_t>::max()};
  return {.rows = size.ws_row - std::size_t{1}, .columns = size.ws_col}; // The cursor has a line.
}

void show_sample(const console& io, const top_sample& now, const top_sample* before,
                 top_order order) {
  if (io.is_json())
    io.out << R"({"status":)" << json_of(now.status) << R"(,"tree":)" << json_of(now.tree)
           << R"(,"nodes":)" << json_of(now.nodes) << "}\n";
  else
    io.out << top_screen(io, now, before, order, size_of_terminal());
}

} // namespace

exit_code top_command(const session& with, const top_options& options) {
  if (with.node.nodes() > 1) {
    with.io.err << "top watches one node: name one with --endpoint\n";
    return exit_code::usage;
  }
  const auto pause =
      std::chrono::duration_cast<duration>(std::chrono::duration<double>{options.every_s});
  const bool is_screen = !options.once && !with.io.is_json() && ::isatty(STDOUT_FILENO) == 1;
  std::optional<top_sample> before;
  for (;;) {
    auto now = sample(with);
    if (options.once && !now)
      return report(with.io, now.error(), {});
    if (is_screen)
      with.io.out << to_top_and_clear;
    if (now)
      show_sample(with.io, *now, before ? &*before : nullptr, options.order);
    else
      report(with.io, now.error(), {});
    with.io.out << std::flush;
    if (options.once)
      return exit_code::done;
    if (now)
      before = std::move(*now);
    with.node.connect_for(pause);
  }
}

} // namespace ducat::cli
