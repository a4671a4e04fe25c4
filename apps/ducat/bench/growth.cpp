#include "bench/growth.hpp"

#include "bench/benched_ledger.hpp"
#include "bench/ledger_client.hpp"
#include "bench/report.hpp"
#include "bench/work_directory.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <ostream>

namespace ducat::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::uint64_t resident_bytes() {
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Returns the size of all files in `path`. One that goes away meanwhile does not count.
std::uint64_t bytes_in(const fs::path& path) {
  std::uint64_t bytes = 0;
  std::error_code code;
  for (const auto& each : fs::recursive_directory_iterator(path)) {
    const std::uint64_t size = each.is_regular_file(code) ? each.file_size(code) : 0;
    bytes += code ? 0 : size;
  }
  return bytes;
}

/// How a stage went, and how things were at its end.
struct stage {
  std::uint64_t transfers = 0; ///< Of the whole ledger.
  double transfers_per_s = 0;  ///< Of the stage.
  double p50_us = 0;           ///< Of its requests.
  double p99_us = 0;
  std::uint64_t resident = 0; ///< Bytes of memory of the process.
  std::uint64_t log = 0;      ///< Bytes on the disk.
  std::uint64_t state = 0;
};

class growth_bench {
public:
  growth_bench(const growth_arguments& arguments, const fs::path& directory, std::ostream& out)
      : arguments_{arguments}, data_{directory / "ledger"}, out_{out} {}

  result<void> run() {
    auto ledger = bench::benched_ledger::start(data_, arguments_.accounts);
    if (!ledger)
      return tl::unexpected(ledger.error());
    if (!arguments_.json)
      bench::print_growth_titles(out_);
    for (std::uint32_t i = 0; i < arguments_.stages; ++i)
      if (auto done = run_stage(**ledger); !done)
        return done;
    if (auto done = check(**ledger); !done)
      return done;
    ledger->reset();
    return restart();
  }

  void tell() const {
    const double drop = stages_.back().transfers_per_s / stages_.front().transfers_per_s;
    if (arguments_.json)
      out_ << document(drop).dump(2) << '\n';
    else
      bench::print_growth_end(out_, drop, restart_s_);
  }

private:
  std::vector<bench::client_plan> plans(const bench::benched_ledger& ledger) const {
    const auto accounts =
        std::make_shared<bench::account_picker>(bench::distribution::uniform, arguments_.accounts);
    const std::uint64_t a_client = arguments_.transfers / arguments_.stages / arguments_.clients;
    const std::uint64_t requests = std::max<std::uint64_t>(1, a_client / arguments_.batch);
    std::vector<bench::client_plan> plans;
    for (std::uint64_t i = 0; i < arguments_.clients; ++i) {
      const auto ids = arguments_.random_ids ? bench::id_order::random : bench::id_order::growing;
      bench::transfer_source source{{.accounts = accounts,
                                     .seed = arguments_.seed,
                                     .client = i,
                                     .batch = arguments_.batch,
                                     .made_before = done_ / arguments_.clients,
                                     .ids = ids}};
      plans.push_back({.ledger = ledger.actor(),
                       .source = std::move(source),
                       .first = {},
                       .until = bench::steady::time_point::max(),
                       .requests = requests});
      plans.back().first = plans.back().source.next();
    }
    return plans;
  }

  result<void> run_stage(const bench::benched_ledger& ledger) {
    auto clients = plans(ledger);
    const auto begin = bench::steady::now();
    const bench::client_outcome done = bench::run_clients(ledger.system(), std::move(clients));
    const double seconds = bench::seconds_of(bench::steady::now() - begin);
    if (!done.failure.empty())
      return fail(errc::invalid_argument, done.failure);
    done_ += done.transfers;
    amount_ += done.amount;
    const std::uint64_t state = bytes_in(data_ / "ledger");
    stages_.push_back({.transfers = done_,
                       .transfers_per_s = static_cast<double>(done.transfers) / seconds,
                       .p50_us = done.requests.percentile_us(0.50),
                       .p99_us = done.requests.percentile_us(0.99),
                       .resident = resident_bytes(),
                       .log = bytes_in(data_) - state,
                       .state = state});
    if (!arguments_.json)
      bench::print_growth(out_, numbers_of(stages_.back()));
    return {};
  }

  static std::array<double, 8> numbers_of(const stage& s) {
    constexpr double mega = 1e6;
    return {static_cast<double>(s.transfers) / mega,
            s.transfers_per_s,
            s.p50_us / 1e3,
            s.p99_us / 1e3,
            static_cast<double>(s.resident) / mega,
            static_cast<double>(s.log) / mega,
            static_cast<double>(s.state) / mega,
            static_cast<double>(s.log + s.state) / static_cast<double>(s.transfers)};
  }

  /// Expects that the book holds what the clients sent.
  result<void> check(const bench::benched_ledger& ledger) const {
    const auto totals = ledger.totals();
    if (!totals)
      return tl::unexpected(totals.error());
    if (*totals != bench::book_totals{amount_, amount_})
      return fail(errc::corrupt, "the book does not hold what was sent");
    return {};
  }

  result<void> restart() {
    const auto begin = bench::steady::now();
    const auto ledger = bench::benched_ledger::start(data_, arguments_.accounts);
    if (!ledger)
      return tl::unexpected(ledger.error());
    restart_s_ = bench::seconds_of(bench::steady::now() - begin);
    return check(**ledger);
  }

  ordered_json document(double drop) const {
    ordered_json list = ordered_json::array();
    for (const stage& s : stages_)
      list.push_back({{"transfers", s.transfers},
                      {"transfers_per_s", s.transfers_per_s},
                      {"p50_us", s.p50_us},
                      {"p99_us", s.p99_us},
                      {"resident_bytes", s.resident},
                      {"log_bytes", s.log},
                      {"state_bytes", s.state}});
    return {{"bench", "growth"},
            {"stages", std::move(list)},
            {"last_of_first", drop},
            {"restart_s", restart_s_}};
  }

  const growth_arguments& arguments_;
  fs::path data_;
  std::ostream& out_;
  std::uint64_t done_ = 0;
  u128 amount_ = 0;
  std::vector<stage> stages_;
  double restart_s_ = 0; ///< From the start of the node until it answered.
};

} // namespace

exit_code bench_growth(const growth_arguments& arguments, std::ostream& out, std::ostream& err) {
  spdlog::set_level(spdlog::level::warn);
  const auto directory = bench::work_directory::make(arguments.directory);
  if (!directory) {
    err << "ducat: " << directory.error() << '\n';
    return exit_code::usage;
  }
  growth_bench bench{arguments, (*directory)->path(), out};
  if (auto done = bench.run(); !done) {
    err << "ducat: " << done.error() << '\n';
    return exit_code::failed;
  }
  bench.tell();
  return exit_code::done;
}

} // namespace ducat::cli
