#include "bench/ledger_bench.hpp"

#include "bench/report.hpp"
#include "bench/verdict.hpp"
#include "bench/work_directory.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

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
      : arguments_{arguments}, directory_{directory}, out_{out}, err_{err} {}

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
      bench::print_case_titles(out_);
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
      cases_.push_back(*measured);
      if (!arguments_.json)
        print(out_, *measured);
    }
    return {};
  }

  fs::path peer_program() const {
    if (!arguments_.peer_program.empty())
      return arguments_.peer_program;
    return fs::read_symlink("/proc/self/exe").parent_path() / bench::postgres_program;
  }

  result<void> run_peers() {
    if (!arguments_.peers)
      return {};
    return bench::run_peer({.program = peer_program(),
                            .directory = directory_.parent_path(),
                            .accounts = arguments_.accounts,
                            .seconds = arguments_.seconds,
                            .transfers = arguments_.transfers,
                            .seed = arguments_.seed},
                           [this](const bench::peer_result& measured) {
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
    return {{"bench", "ledger"},         {"accounts", arguments_.accounts},
            {"seed", arguments_.seed},   {"cores", std::thread::hardware_concurrency()},
            {"cases", list_of(cases_)},  {"peers", list_of(peers_)},
            {"goals", list_of(verdicts)}};
  }

  const ledger_bench_arguments& arguments_;
  fs::path directory_;
  std::ostream& out_;
  std::ostream& err_;
  std::vector<bench::case_result> cases_;
  std::vector<bench::peer_result> peers_;
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
