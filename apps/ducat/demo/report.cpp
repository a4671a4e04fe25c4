#include "demo/report.hpp"

#include "demo/balances.hpp"
#include "load/generate.hpp"
#include "load/payments_file.hpp"
#include "load/progress.hpp"

#include <unistd.h>

#include <fstream>
#include <ostream>

namespace ducat::cli {

namespace {

void print_findings(std::ostream& out, const verdict& found) {
  for (const finding& f : found.found.kept())
    out << "  " << f << '\n';
}

void print_books(std::ostream& out, const verdict& found) {
  for (const auto& [currency, sums] : found.sums)
    out << "debits, credits     " << decimal(sums.debits_posted) << ' '
        << (sums.are_equal() ? "= " : "!= ") << decimal(sums.credits_posted) << ' ' << currency
        << " minor units\n";
}

double per_second(const import_summary& done) {
  const double seconds = std::chrono::duration<double>(done.elapsed).count();
  return seconds > 0 ? static_cast<double>(done.acknowledged - done.replayed) / seconds : 0;
}

} // namespace

std::filesystem::path demo_directory(const std::string& prefix) {
  return std::filesystem::temp_directory_path() / (prefix + std::to_string(::getuid()));
}

result<std::uint64_t> write_payments(const demo_options& options, const std::filesystem::path& to) {
  std::ofstream file{to};
  generate({.payments = options.payments, .accounts = 500, .merchants = 40, .seed = options.seed},
           file);
  file.close();
  if (!file)
    return fail(errc::io, "cannot write " + to.string());
  std::ifstream again{to};
  return count_operations(again);
}

void add_differences(const v1::ListAccountsReply& accounts, verdict& found) {
  for (const std::string& difference :
       differing_balances({accounts.data().begin(), accounts.data().end()}, found.balances))
    found.add_finding(
        {.kind = finding_kind::unbalanced, .subject = "balances", .text = difference});
}

void print_report(std::ostream& out, const import_summary& done, const blow_counts& blows,
                  const verdict& found) {
  out << "acknowledged        " << found.acknowledged << ", of these declined " << found.declined
      << "\nlost                " << found.found.count(finding_kind::lost)
      << "\ndoubled             " << found.found.count(finding_kind::doubled)
      << "\nin doubt            " << found.in_doubt << "\nother findings      "
      << found.found.total() - found.found.count(finding_kind::lost) -
             found.found.count(finding_kind::doubled)
      << "\nnodes killed        " << blows.processes << " times"
      << "\nactors crashed      " << blows.crashes << " by path, " << blows.points
      << " fault points armed\n";
  if (blows.members != 0)
    out << "etcd members killed " << blows.members << " times\n";
  if (blows.restarts != 0) // Of a cluster nobody counts them.
    out << "restarts            " << blows.restarts << " by supervisors\n";
  print_books(out, found);
  out << "payments per second " << static_cast<std::uint64_t>(per_second(done))
      << ", crashes included; retries " << done.retries << '\n';
  print_findings(out, found);
  out << "verdict             " << to_string(found.result) << '\n';
}

void progress_display::show(const import_summary& so_far) {
  using namespace std::chrono_literals;
  if (on_ == nullptr || so_far.elapsed < shown_ + 200ms)
    return;
  shown_ = so_far.elapsed;
  *on_ << "\r\x1b[K" << progress_line(so_far) << std::flush;
}

void progress_display::clear() {
  if (on_ != nullptr)
    *on_ << "\r\x1b[K";
}

} // namespace ducat::cli
