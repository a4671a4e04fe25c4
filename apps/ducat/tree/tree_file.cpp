#include "tree/tree_file.hpp"

#include "toml_fields.hpp"
#include "toml_file.hpp"
#include "tree/placeholder.hpp"

namespace ducat::cli {

namespace {

/// Where in the file the child at a path is.
using places = std::map<std::string, toml::source_region>;

take_value take_shutdown(std::optional<shutdown_policy>& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    const std::string text = value.is_string() ? value.as_string()->get() : "";
    const auto timeout = duration_of(text);
    if (text == "infinity")
      into = wait_forever;
    else if (text == "brutal_kill")
      into = brutal_kill;
    else if (timeout)
      into = *timeout;
    else
      return complain(value, name, R"(must be "infinity", "brutal_kill" or a duration)");
    return std::nullopt;
  };
}

take_value take_backoff(backoff_spec& into) {
  return take_section({{"initial", take_duration(into.initial)},
                       {"max", take_duration(into.max)},
                       {"jitter_percent", take_number(into.jitter_percent)}});
}

take_value take_mailbox(mailbox_spec& into) {
  return take_section({{"fate", take_word(into.fate, {mailbox_fate::drop, mailbox_fate::keep,
                                                      mailbox_fate::keep_rest})},
                       {"capacity", take_number(into.capacity)},
                       {"in_hand_max", take_number(into.in_hand_max)},
                       {"poison_after", take_number(into.poison_after)}});
}

take_value take_breaker(breaker_spec& into) {
  return take_section({{"failures_max", take_number(into.failures_max)},
                       {"failure_percent", take_number(into.failure_percent)},
                       {"sample", take_number(into.sample)},
                       {"pause", take_duration(into.pause)}});
}

take_value take_redundancy(std::optional<redundancy_spec>& into) {
  return [&into](const toml::node& value, const std::string& name) {
    redundancy_spec& group = into.emplace();
    using enum redundancy_mode;
    const take_value section = take_section(
        {{"nodes", take_texts(group.nodes)},
         {"mode", take_word(group.mode, {primary_backup, exclusive, active_active})},
         {"standby", take_word(group.standby, {standby_policy::cold, standby_policy::hot,
                                               standby_policy::active})},
         {"takeover", take_flag(group.takeover)}});
    return section(value, name);
  };
}

take_value take_pool(std::optional<pool_spec>& into) {
  return [&into](const toml::node& value, const std::string& name) {
    pool_spec& pool = into.emplace();
    const take_value section = take_section(
        {{"size", take_number(pool.size)},
         {"policy", take_word(pool.policy,
                              {route::round_robin, route::weighted_round_robin, route::random,
                               route::least_requests, route::power_of_two_choices, route::by_key})},
         {"weights", take_numbers(pool.weights)},
         {"seed", take_number(pool.seed)},
         {"restarts_max", take_number(pool.restarts_max)},
         {"window", take_duration(pool.window)},
         {"in_flight_max", take_number(pool.in_flight_max)},
         {"pending_max", take_number(pool.pending_max)},
         {"retries_max", take_number(pool.retries_max)},
         {"breaker", take_breaker(pool.breaker)},
         {"redundancy", take_redundancy(pool.redundancy)}});
    return section(value, name);
  };
}

/// Reads the table of one supervisor, and those below it.
class tree_reader {
public:
  complaint read(const toml::table& from, const std::string& prefix, const std::string& path,
                 supervisor_spec& into) {
    supervisor_flags& flags = into.flags;
    return take(from,
                {{"strategy", take_word(flags.strategy, {one_for_one, one_for_all, rest_for_one,
                                                         simple_one_for_one})},
                 {"restarts_max", take_number(flags.restarts_max)},
                 {"window", take_duration(flags.window)},
                 {"auto_shutdown", take_word(flags.auto_shutdown,
                                             {auto_shutdown::never, auto_shutdown::any_significant,
                                              auto_shutdown::all_significant})},
                 {"children", take_children(path, into.children)}},
                prefix);
  }

  const places& where() const noexcept { return where_; }

private:
  take_value take_children(const std::string& path, std::vector<child_spec>& into) {
    return [this, path, &into](const toml::node& value, const std::string& name) -> complaint {
      if (!value.is_array())
        return complain(value, name, "must be an array of tables");
      for (const toml::node& one : *value.as_array()) {
        const std::string inner = name + "[" + std::to_string(into.size()) + "]";
        if (!one.is_table())
          return complain(one, inner, "must be a table");
        if (complaint wrong = read_child(*one.as_table(), inner + ".", path, into.emplace_back()))
          return wrong;
      }
      return std::nullopt;
    };
  }

  complaint read_child(const toml::table& from, const std::string& prefix, const std::string& above,
                       child_spec& into) {
    if (complaint wrong = require(from, "id", prefix))
      return wrong;
    if (complaint wrong = take_text(into.id)(*from.get("id"), prefix + "id"))
      return wrong;
    const std::string path = above.empty() ? into.id : above + "/" + into.id;
    where_[path] = from.source();
    complaint wrong = take(from,
                           {{"id", take_text(into.id)},
                            {"restart", take_word(into.restart, {permanent, transient, temporary})},
                            {"shutdown", take_shutdown(into.shutdown)},
                            {"significant", take_flag(into.significant)},
                            {"handler_budget", take_duration(into.handler_budget)},
                            {"backoff", take_backoff(into.backoff)},
                            {"mailbox", take_mailbox(into.mailbox)},
                            {"pool", take_pool(into.pool)},
                            {"supervisor", take_supervisor(path, into)}},
                           prefix);
    if (!into.supervisor)
      into.start = placeholder();
    return wrong;
  }

  take_value take_supervisor(const std::string& path, child_spec& into) {
    return [this, path, &into](const toml::node& value, const std::string& name) -> complaint {
      if (!value.is_table())
        return complain(value, name, "must be a table");
      supervisor_spec inner;
      complaint wrong = read(*value.as_table(), name + ".", path, inner);
      into.supervisor = std::make_shared<const supervisor_spec>(std::move(inner));
      return wrong;
    };
  }

  places where_;
};

/// Says where in the file the child is that check() names.
tl::unexpected<error> refused(const std::filesystem::path& file, const places& where,
                              const toml::source_region& root, const error& why) {
  const auto child = where.find(why.message.substr(0, why.message.find(": ")));
  return wrong_at(file, child == where.end() ? root : child->second, why.message);
}

result<supervisor_spec> tree_of(const std::filesystem::path& file, const toml::table& root) {
  supervisor_spec tree;
  tree_reader reader;
  if (const complaint found = reader.read(root, "", "", tree))
    return wrong_at(file, found->at, found->what);
  if (const auto good = check(tree); !good)
    return refused(file, reader.where(), root.source(), good.error());
  return tree;
}

} // namespace

result<supervisor_spec> load_tree(const std::filesystem::path& path) {
  const auto root = read_toml(path);
  return root ? tree_of(path, *root) : tl::unexpected(root.error());
}

} // namespace ducat::cli
