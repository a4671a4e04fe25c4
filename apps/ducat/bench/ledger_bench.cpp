#include "bench/ledger_bench.hpp"

#include "bench/run_sheet.hpp"
#include "bench/work_directory.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <ostream>

namespace ducat::cli {

namespace {

namespace fs = std::filesystem;

/// A case is left out if its commands alone would take more than this part of the free memory.
constexpr std::uint64_t part_of_memory = 8;

std::uint64_t free_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_AVPHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::vector<bench::distribution> shapes_of(const std::string& name) {
  std::vector<bench::distribution> shapes;
  for (const auto each :
       {bench::distribution::uniform, bench::distribution::zipf, bench::distribution::hot})
    if (name == "all" || name == to_string(each))
      shapes.push_back(each);
  return shapes;
}

/// The distributions of one size follow each other, for they are compared with each other.
std::vector<bench::case_spec> cases_of(const ledger_bench_arguments& arguments) {
  std::vector<bench::case_spec> cases;
  for (const std::uint32_t batch : arguments.batches)
    for (const std::uint32_t clients : arguments.clients)
      for (const bench::distribution shape : shapes_of(arguments.distribution))
        cases.push_back({shape, batch, clients});
  return cases;
}

/// One run of the bench.
class ledger_bench {
public:
  ledger_bench(const ledger_bench_arguments& arguments, const fs::path& directory,
               std::ostream& out, std::ostream& err)
      : arguments_{arguments}, directory_{directory}, err_{err}, sheet_{arguments.json, out} {}

  exit_code run() {
    if (auto done = run_cases(); !done)
      return failed(done.error());
    if (auto done = run_peers(); !done && done.error().code != errc::unavailable)
      return failed(done.error());
    else if (!done)
      err_ << "ducat: PostgreSQL is left out: " << done.error().message << '\n';
    sheet_.end({{"bench", "ledger"}, {"accounts", arguments_.accounts}, {"seed", arguments_.seed}});
    return exit_code::done;
  }

private:
  exit_code failed(const error& what) {
    err_ << "ducat: " << what << '\n';
    return exit_code::failed;
  }

  result<void> run_cases() {
    sheet_.begin(bench::print_case_titles);
    const bench::case_options options{.directory = directory_,
                                      .accounts = arguments_.accounts,
                                      .seconds = arguments_.seconds,
                                      .transfers = arguments_.transfers,
                                      .seed = arguments_.seed};
    for (const bench::case_spec& what : cases_of(arguments_)) {
      if (bench::bytes_in_flight(what) > free_memory() / part_of_memory) {
        err_ << "ducat: " << what.clients << " clients with " << what.batch
             << " transfers each are left out: there is not enough memory for them\n";
        continue;
      }
      const auto measured = bench::run_case(what, options);
      if (!measured)
        return tl::unexpected(measured.error());
      sheet_.add(*measured);
    }
    return {};
  }

  result<void> run_peers() {
    if (!arguments_.peers)
      return {};
    return bench::run_peer({.program = bench::peer_program_or(arguments_.peer_program),
                            .directory = directory_.parent_path(),
                            .accounts = arguments_.accounts,
                            .seconds = arguments_.seconds,
                            .transfers = arguments_.transfers,
                            .seed = arguments_.seed},
                           [this](const bench::peer_result& measured) { sheet_.add(measured); });
  }

  const ledger_bench_arguments& arguments_;
  fs::path directory_;
  std::ostream& err_;
  bench::run_sheet<bench::case_result> sheet_;
};

} // namespace

exit_code bench_ledger(const ledger_bench_arguments& arguments, std::ostream& out,
                       std::ostream& err) {
  spdlog::set_level(spdlog::level::warn); // Nodes start and stop by the dozen.
  const auto directory = bench::work_directory::make(arguments.directory);
  if (!directory) {
    err << "ducat: " << directory.error() << '\n';
    return exit_code::usage;
  }
  return ledger_bench{arguments, (*directory)->path(), out, err}.run();
}

} // namespace ducat::cli
