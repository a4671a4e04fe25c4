#include "bench/replicated_bench.hpp"

#include "bench/replicated_case.hpp"
#include "bench/replicated_cluster.hpp"
#include "bench/report.hpp"
#include "bench/work_directory.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// How many batches PostgreSQL is given at the same time: the best counts.
const std::vector<std::uint32_t> peer_writers{1, 2, 4};

/// One run of the bench.
class replicated_bench {
public:
  replicated_bench(const replicated_bench_arguments& arguments, const fs::path& program,
                   const fs::path& directory, std::ostream& out, std::ostream& err)
      : arguments_{arguments}, program_{program}, directory_{directory}, out_{out}, err_{err} {}

  exit_code run() {
    if (auto done = run_cases(); !done)
      return failed(done.error());
    if (auto done = run_peers(); !done && done.error().code != errc::unavailable)
      return failed(done.error());
    else if (!done)
      err_ << "ducat: PostgreSQL is left out: " << done.error().message << '\n';
    tell_verdicts();
    return exit_code::done;
  }

private:
  exit_code failed(const error& what) {
    err_ << "ducat: " << what << '\n';
    return exit_code::failed;
  }

  result<void> run_cases() {
    if (!arguments_.json)
      bench::print_replicated_titles(out_);
    const bench::case_options options{.directory = directory_,
                                      .accounts = arguments_.accounts,
                                      .seconds = arguments_.seconds,
                                      .transfers = arguments_.transfers,
                                      .seed = arguments_.seed};
    for (const std::uint32_t batch : arguments_.batches)
      for (const std::uint32_t clients : arguments_.clients) {
        const auto measured = bench::run_replicated_case(
            {.shape = bench::distribution::uniform, .batch = batch, .clients = clients}, options,
            program_);
        if (!measured)
          return tl::unexpected(measured.error());
        cases_.push_back(*measured);
        if (!arguments_.json)
          print(out_, *measured);
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
    return bench::run_peer(peer_options(), [this](const bench::peer_result& measured) {
      if (!arguments_.json && peers_.empty()) {
        out_ << '\n' << measured.server << '\n';
        bench::print_peer_titles(out_);
      }
      peers_.push_back(measured);
      if (!arguments_.json)
        print(out_, measured);
    });
  }

  void tell_verdicts() {
    const auto verdicts = bench::judge(cases_, peers_);
    if (arguments_.json) {
      out_ << document(verdicts).dump(2) << '\n';
      return;
    }
    out_ << '\n';
    for (const bench::verdict& each : verdicts)
      print(out_, each);
  }

  template <class T>
  static ordered_json list_of(const std::vector<T>& all) {
    ordered_json list = ordered_json::array();
    for (const T& each : all)
      list.push_back(to_json(each));
    return list;
  }

  ordered_json document(const std::vector<bench::verdict>& verdicts) const {
    return {{"bench", "replicated"},     {"accounts", arguments_.accounts},
            {"seed", arguments_.seed},   {"cores", std::thread::hardware_concurrency()},
            {"cases", list_of(cases_)},  {"peers", list_of(peers_)},
            {"goals", list_of(verdicts)}};
  }

  const replicated_bench_arguments& arguments_;
  fs::path program_;
  fs::path directory_;
  std::ostream& out_;
  std::ostream& err_;
  std::vector<bench::replicated_result> cases_;
  std::vector<bench::peer_result> peers_;
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
