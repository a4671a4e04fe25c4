#include "bench/replicated_case.hpp"

#include "bench/latencies.hpp"
#include "bench/replicated_cluster.hpp"

namespace ducat::bench {

namespace {

result<replicated_result> measure(replicated_cluster& cluster, const case_spec& what,
                                  const case_options& options) {
  const cpu_times before = cluster.cpu();
  const auto measured = measure_case(cluster.ledger(), what, options);
  if (!measured)
    return tl::unexpected(measured.error());
  const auto end = steady::now();
  if (auto done = cluster.wait_until_equal(); !done)
    return tl::unexpected(done.error());
  const double lag = seconds_of(steady::now() - end);
  const cpu_times after = cluster.cpu();
  const double all = measured->seconds + lag;
  return replicated_result{.measured = *measured,
                           .lag_s = lag,
                           .etcd_cores = (after.etcd - before.etcd) / all,
                           .writer_cores = (after.writer - before.writer) / all,
                           .follower_cores = (after.followers - before.followers) / all};
}

} // namespace

result<replicated_result> run_replicated_case(const case_spec& what, const case_options& options,
                                              const std::filesystem::path& program) {
  const auto directory = options.directory / "cluster";
  auto cluster = replicated_cluster::start(
      {.program = program, .directory = directory, .accounts = options.accounts});
  if (!cluster)
    return tl::unexpected(cluster.error());
  auto measured = measure(**cluster, what, options);
  if (measured)
    if (auto done = (*cluster)->books().and_then(check_equal); !done)
      measured = tl::unexpected(done.error());
  cluster->reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
  return measured;
}

} // namespace ducat::bench
