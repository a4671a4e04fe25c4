#include "bench/replicated_bench.hpp"

#include "bench/rejoin.hpp"
#include "bench/replicated_case.hpp"
#include "bench/replicated_cluster.hpp"
#include "bench/run_sheet.hpp"
#include "bench/work_directory.hpp"

#include <spdlog/spdlog.h>

#include <ostream>

namespace ducat::cli {

namespace {

namespace fs = std::filesystem;

/// How many batches PostgreSQL is given at the same time: the best counts.
const std::vector<std::uint32_t> peer_writers{1, 2, 4};

/// One run of the bench.
class replicated_bench {
public:
  replicated_bench(const replicated_bench_arguments& arguments, const fs::path& program,
                   const fs::path& directory, std::ostream& out, std::ostream& err)
      : arguments_{arguments}, program_{program}, directory_{directory}, out_{out}, err_{err},
        sheet_{arguments.json, out} {}

  /// With the first number of clients and batch size.
  exit_code run_rejoins() {
    if (!arguments_.json)
      bench::print_rejoin_titles(out_);
    auto measured = nlohmann::ordered_json::array();
    const auto load = bench::run_rejoins(
        {.batch = arguments_.batches.front(), .clients = arguments_.clients.front()},
        case_options(), arguments_.rejoins, program_, [&](const bench::rejoin_result& each) {
          arguments_.json ? measured.push_back(to_json(each)) : print(out_, each);
        });
    if (!load)
      return failed(load.error());
    if (arguments_.json)
      out_ << nlohmann::ordered_json{{"bench", "rejoin"},
                                     {"transfers_per_s", load->transfers_per_s()},
                                     {"rounds", measured}}
                  .dump(2)
           << '\n';
    else
      bench::print_rejoin_end(out_, load->transfers_per_s());
    return exit_code::done;
  }

  exit_code run() {
    if (arguments_.rejoins > 0)
      return run_rejoins();
    if (auto done = run_cases(); !done)
      return failed(done.error());
    if (auto done = run_peers(); !done && done.error().code != errc::unavailable)
      return failed(done.error());
    else if (!done)
      err_ << "ducat: PostgreSQL is left out: " << done.error().message << '\n';
    sheet_.end(
        {{"bench", "replicated"}, {"accounts", arguments_.accounts}, {"seed", arguments_.seed}});
    return exit_code::done;
  }

private:
  exit_code failed(const error& what) {
    err_ << "ducat: " << what << '\n';
    return exit_code::failed;
  }

  bench::case_options case_options() const {
    return {.directory = directory_,
            .accounts = arguments_.accounts,
            .seconds = arguments_.seconds,
            .transfers = arguments_.transfers,
            .seed = arguments_.seed};
  }

  result<void> run_cases() {
    sheet_.begin(bench::print_replicated_titles);
    for (const std::uint32_t batch : arguments_.batches)
      for (const std::uint32_t clients : arguments_.clients) {
        const auto measured = bench::run_replicated_case(
            {.shape = bench::distribution::uniform, .batch = batch, .clients = clients},
            case_options(), program_);
        if (!measured)
          return tl::unexpected(measured.error());
        sheet_.add(*measured);
      }
    return {};
  }

  fs::path peer_program() const {
    return arguments_.peer_program.empty() ? program_.parent_path() / bench::postgres_program
                                           : fs::path{arguments_.peer_program};
  }

  bench::peer_options peer_options() const {
    bench::peer_options options{.program = peer_program(),
                                .directory = directory_.parent_path(),
                                .accounts = arguments_.accounts,
                                .seconds = arguments_.seconds,
                                .transfers = arguments_.transfers,
                                .seed = arguments_.seed,
                                .standby = true,
                                .clients = arguments_.clients,
                                .writers = peer_writers};
    for (const std::uint32_t batch : arguments_.batches)
      if (batch > 1)
        options.batches.push_back(batch);
    return options;
  }

  result<void> run_peers() {
    if (!arguments_.peers)
      return {};
    return bench::run_peer(peer_options(),
                           [this](const bench::peer_result& measured) { sheet_.add(measured); });
  }

  const replicated_bench_arguments& arguments_;
  fs::path program_;
  fs::path directory_;
  std::ostream& out_;
  std::ostream& err_;
  bench::run_sheet<bench::replicated_result> sheet_;
};

} // namespace

exit_code bench_replicated(const replicated_bench_arguments& arguments, const fs::path& program,
                           std::ostream& out, std::ostream& err) {
  spdlog::set_level(spdlog::level::warn);
  if (!arguments.node.empty())
    return bench::run_follower(arguments.directory, arguments.node, out) == 0 ? exit_code::done
                                                                              : exit_code::failed;
  const auto directory = bench::work_directory::make(arguments.directory);
  if (!directory) {
    err << "ducat: " << directory.error() << '\n';
    return exit_code::usage;
  }
  return replicated_bench{arguments, program, (*directory)->path(), out, err}.run();
}

} // namespace ducat::cli
