#include "tree/node_tree.hpp"

#include "tree/placeholder.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>

namespace ducat::cli {

namespace {

/// Keeps the first word that is not known.
class spec_reader {
public:
  supervisor_spec read(const v1::SupervisorSpec& from) {
    supervisor_spec into;
    into.flags = {.strategy = word(from.strategy(),
                                   {one_for_one, one_for_all, rest_for_one, simple_one_for_one}),
                  .restarts_max = from.restarts_max(),
                  .window = milliseconds(from.window_ms()),
                  .auto_shutdown = word(from.auto_shutdown(),
                                        {auto_shutdown::never, auto_shutdown::any_significant,
                                         auto_shutdown::all_significant})};
    for (const v1::ChildSpec& child : from.children())
      into.children.push_back(read(child));
    return into;
  }

  const std::string& unknown() const noexcept { return unknown_; }

private:
  child_spec read(const v1::ChildSpec& from) {
    child_spec into{.id = from.id(),
                    .restart = word(from.restart_type(), {permanent, transient, temporary}),
                    .shutdown = shutdown(from),
                    .handler_budget = milliseconds(from.handler_budget_ms()),
                    .significant = from.significant()};
    if (from.has_backoff())
      into.backoff = {.initial = milliseconds(from.backoff().initial_ms()),
                      .max = milliseconds(from.backoff().max_ms()),
                      .jitter_percent = from.backoff().jitter_percent()};
    if (from.has_mailbox())
      into.mailbox = read(from.mailbox());
    if (from.has_pool())
      into.pool = read(from.pool());
    if (from.has_supervisor())
      into.supervisor = std::make_shared<const supervisor_spec>(read(from.supervisor()));
    else
      into.start = placeholder();
    return into;
  }

  std::optional<shutdown_policy> shutdown(const v1::ChildSpec& from) {
    if (from.shutdown().empty())
      return std::nullopt;
    if (from.shutdown() == "timeout")
      return milliseconds(from.shutdown_ms());
    if (from.shutdown() == to_string(brutal_kill))
      return brutal_kill;
    if (from.shutdown() != to_string(wait_forever))
      unknown_ = from.shutdown();
    return wait_forever;
  }

  mailbox_spec read(const v1::MailboxSpec& from) {
    return {.fate = word(from.fate(),
                         {mailbox_fate::drop, mailbox_fate::keep, mailbox_fate::keep_rest}),
            .capacity = from.capacity(),
            .in_hand_max = from.in_hand_max(),
            .poison_after = from.poison_after()};
  }

  /// How the router chooses does not matter to the linter.
  static pool_spec read(const v1::PoolSpec& from) {
    return {.size = from.size(),
            .restarts_max = from.restarts_max(),
            .window = milliseconds(from.window_ms())};
  }

  static std::chrono::milliseconds milliseconds(std::uint64_t count) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(std::min(count, static_cast<std::uint64_t>(most)))};
  }

  template <class Enum>
  Enum word(const std::string& text, std::initializer_list<Enum> values) {
    for (const Enum value : values)
      if (text == to_string(value))
        return value;
    unknown_ = text.empty() ? "(nothing)" : text;
    return *values.begin();
  }

  std::string unknown_;
};

} // namespace

result<supervisor_spec> tree_of(const v1::TreeReply& reply) {
  if (!reply.has_spec())
    return fail(errc::invalid_argument, "the node does not tell the spec of its tree");
  spec_reader reader;
  supervisor_spec spec = reader.read(reply.spec());
  if (!reader.unknown().empty())
    return fail(errc::invalid_argument,
                "the tree of the node has `" + reader.unknown() + "`, which is not known here");
  if (const auto good = check(spec); !good)
    return tl::unexpected(good.error());
  return spec;
}

} // namespace ducat::cli
