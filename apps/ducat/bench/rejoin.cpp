#include "bench/rejoin.hpp"

#include "bench/latencies.hpp"
#include "bench/replicated_cluster.hpp"

#include <chrono>
#include <future>
#include <system_error>
#include <thread>

namespace ducat::bench {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// How long there is only load between two rounds.
constexpr duration time_between_rounds = 3s;

double megabytes_in(const fs::path& directory) {
  double bytes = 0;
  std::error_code code;
  for (const auto& each : fs::recursive_directory_iterator{directory, code})
    if (const auto size = each.is_regular_file(code) ? each.file_size(code) : 0; !code)
      bytes += static_cast<double>(size);
  return bytes / 1e6;
}

result<rejoin_result> run_round(replicated_cluster& cluster, const std::string& name, bool wipe) {
  rejoin_result measured{.was_wiped = wipe};
  const auto begin = steady::now();
  if (auto done = cluster.restart_follower(name, wipe); !done)
    return tl::unexpected(done.error());
  const auto entry = cluster.wait_until_following(name);
  if (!entry)
    return tl::unexpected(entry.error());
  measured.back_s = seconds_of(steady::now() - begin);
  measured.entry = *entry;
  measured.state_mb = megabytes_in(cluster.data_of(name));
  return measured;
}

result<void> run_rounds(replicated_cluster& cluster, std::uint32_t rounds,
                        const std::function<void(const rejoin_result&)>& tell) {
  for (std::uint32_t round = 0; round < rounds; ++round)
    for (const bool wipe : {false, true}) {
      std::this_thread::sleep_for(time_between_rounds);
      const auto names = cluster.followers();
      const auto measured = run_round(cluster, names[round % names.size()], wipe);
      if (!measured)
        return tl::unexpected(measured.error());
      tell(*measured);
    }
  return {};
}

} // namespace

result<case_result> run_rejoins(const case_spec& load, const case_options& options,
                                std::uint32_t rounds, const fs::path& program,
                                const std::function<void(const rejoin_result&)>& tell) {
  const auto directory = options.directory / "cluster";
  auto cluster = replicated_cluster::start(
      {.program = program, .directory = directory, .accounts = options.accounts});
  if (!cluster)
    return tl::unexpected(cluster.error());
  auto loaded = std::async(std::launch::async,
                           [&] { return measure_case((*cluster)->ledger(), load, options); });
  auto done = run_rounds(**cluster, rounds, tell);
  auto measured = loaded.get();
  if (done && measured)
    done = (*cluster)
               ->wait_until_equal()
               .and_then([&] { return (*cluster)->books(); })
               .and_then(check_equal);
  cluster->reset();
  std::error_code ignored;
  fs::remove_all(directory, ignored);
  return done ? std::move(measured) : tl::unexpected(done.error());
}

} // namespace ducat::bench
