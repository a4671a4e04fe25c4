#include "ledger/verify.hpp"

#include "client/table.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/ledger/machine.hpp>
#include <ducat/replica.hpp>

#include <nlohmann/json.hpp>

#include <ostream>

namespace ducat::cli {

namespace {

/// What was found to be in order.
struct verified_state {
  receipt end;            ///< The entry that the state ends with.
  std::uint64_t last = 0; ///< The newest entry of the log.
  digest of_state{};
  bool is_replayed = false;
};

/// Expects the entry that the state ends with in the log.
result<void> check_end(const receipt& end, const log& in) {
  if (end.index == 0)
    return {};
  result<void> found = fail(errc::corrupt, "the state of the ledger is ahead of its log");
  const auto read = in.read(end.index, [&](const entry& e) {
    found = e.hash == end.hash
                ? result<void>{}
                : fail(errc::corrupt, "the state of the ledger belongs to another log: entry " +
                                          std::to_string(e.index) + " has another hash");
    return false;
  });
  return read ? found : read;
}

result<void> check_replay(const verified_state& state, const log& from) {
  ledger::machine again;
  if (const auto done = replay(from, again, state.end.index); !done)
    return tl::unexpected(done.error());
  if (again.state_digest() != state.of_state)
    return fail(errc::corrupt, "a replay of the log up to entry " +
                                   std::to_string(state.end.index) + " has another state");
  return {};
}

result<verified_state> verify(const ledger_verify_arguments& arguments) {
  const auto directory = arguments.data / "ledger";
  const bool has_state = std::filesystem::exists(directory);
  // The state first: the log may go on meanwhile, and must not be the older of the two.
  result<std::shared_ptr<ledger::segment_store>> store;
  if (has_state)
    store = ledger::open_segment_store_to_look_at(directory);
  const auto log = open_embedded_log({.directory = arguments.data, .read_only = true});
  if (!log)
    return tl::unexpected(log.error());
  if (!has_state)
    return fail(errc::not_found, "there is no state of a ledger in " + arguments.data.string());
  if (!store)
    return tl::unexpected(store.error());
  if (auto done = (*store)->verify(); !done)
    return tl::unexpected(done.error());
  verified_state found{.end = (*store)->durable_to(), .last = (*log)->last().index};
  if (auto done = check_end(found.end, **log); !done)
    return tl::unexpected(done.error());
  found.of_state = ledger::machine{*store}.state_digest();
  found.is_replayed = arguments.replay;
  if (arguments.replay)
    if (auto done = check_replay(found, **log); !done)
      return tl::unexpected(done.error());
  return found;
}

} // namespace

exit_code verify_ledger(const ledger_verify_arguments& arguments, const console& io) {
  const auto found = verify(arguments);
  if (!found) {
    io.err << "ducat: cannot verify the ledger: " << explained(found.error()) << std::endl;
    return exit_code::failed;
  }
  if (io.is_json())
    io.out << nlohmann::ordered_json{{"state_to", found->end.index},
                                     {"log_to", found->last},
                                     {"replayed", found->is_replayed},
                                     {"digest", to_hex(found->of_state)}}
           << '\n';
  else
    print_fields(
        io.out,
        {{"verified", found->is_replayed ? "every file of the state, and a replay of the log"
                                         : "every file of the state"},
         {"state to", found->end.index == 0 ? "no entry: all of it is in the log alone"
                                            : "entry " + std::to_string(found->end.index)},
         {"log to", "entry " + std::to_string(found->last)},
         {"digest", to_hex(found->of_state)}});
  return exit_code::done;
}

} // namespace ducat::cli
