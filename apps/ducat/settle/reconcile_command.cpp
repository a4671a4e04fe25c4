#include "settle/reconcile_command.hpp"

#include "settle/commands.hpp"
#include "settle/reconcile_report.hpp"
#include "settle/reconcile_sources.hpp"

#include <ducat/payment/currency.hpp>
#include <ducat/settlement/business_dates.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <ostream>
#include <utility>

namespace ducat::cli {

namespace {

using settlement::window_reconciliation;

/// What goes wrong, and whether it was a file.
struct stopped {
  failure why;
  bool is_file = false;
};

using outcome = std::optional<stopped>;

outcome stop(const std::optional<failure>& failed) {
  return failed ? outcome{stopped{*failed}} : std::nullopt;
}

outcome stop_at_file(const std::string& path, const error& why) {
  return stopped{failure_of_file(path, why), true};
}

class reconcile_run {
public:
  reconcile_run(const session& with, const reconcile_request& request)
      : with_{with}, request_{request}, bar_{with.io}, result_{.request = request} {}

  outcome run() {
    if (auto failed = find_window())
      return failed;
    if (auto failed = read_node())
      return failed;
    if (auto failed = read_files())
      return failed;
    if (auto failed = compare())
      return failed;
    return request_.is_dry ? std::nullopt : take_effects();
  }

  const reconcile_result& result() const { return result_; }

private:
  outcome find_window() {
    auto ledger = find_ledger(with_, request_.currency);
    if (!ledger)
      return stopped{ledger.error()};
    terms_ = ledger->terms();
    auto windows = windows_around(with_, request_);
    if (!windows)
      return stopped{windows.error()};
    windows_ = std::move(*windows);
    auto scope = settlement::scope_of(windows_, request_.window);
    if (!scope)
      return stopped{
          refusal_here(v1::Error::CONFLICT, "window_not_cut", scope.error().message, "window")};
    scope_ = std::move(*scope);
    if (request_.from != 0)
      scope_.dates.after = std::max(scope_.dates.after, request_.from - 1);
    result_.dates = scope_.dates;
    result_.window = *std::ranges::find(windows_, request_.window, &v1::Window::number);
    if (result_.window.final() && !request_.is_dry)
      return stopped{refusal_here(v1::Error::CONFLICT, "window_final",
                                  "the window is final: nothing of it can be opened any more",
                                  "window")};
    return std::nullopt;
  }

  settlement::window_options options() const {
    settlement::window_options made{.currency = request_.currency,
                                    .scope = scope_,
                                    .acquirer = request_.acquirer,
                                    .acquirer_through = request_.through,
                                    .bank_through = request_.bank_through,
                                    .has_bank = !request_.banks.empty(),
                                    .directory = request_.scratch};
    if (!request_.is_utc)
      made.acquirer_date = settlement::dates_by(terms_.calendar());
    if (request_.basis_points != 0 || request_.fixed != 0)
      made.agreed_fee = settlement::fee_rule{
          .tiers = {{.basis_points = request_.basis_points, .fixed = request_.fixed}}};
    return made;
  }

  outcome read_node() {
    engine_ = std::make_unique<window_reconciliation>(options());
    if (auto failed = add_exceptions(with_, request_, *engine_))
      return stop(failed);
    std::set<std::uint64_t> wanted = engine_->windows_to_read();
    wanted.insert(scope_.others.begin(), scope_.others.end());
    wanted.insert(request_.window);
    for (const std::uint64_t number : wanted) {
      v1::Window window;
      window.set_currency(request_.currency);
      window.set_number(number);
      const auto known = std::ranges::find(windows_, number, &v1::Window::number);
      if (auto failed =
              add_members(with_, known == windows_.end() ? window : *known, *engine_, bar_))
        return stop(failed);
    }
    return std::nullopt;
  }

  outcome read_files() {
    for (const std::string& path : request_.journals) {
      bar_.show(0, 1, "reading " + path);
      std::ifstream in{path, std::ios::binary};
      if (!in)
        return stop_at_file(path, {errc::io, "cannot be read"});
      const auto read = engine_->add_journal(in);
      if (!read)
        return stop_at_file(path, read.error());
      add_totals(*read);
    }
    for (const std::string& path : request_.banks)
      if (auto failed = read_bank(path))
        return failed;
    return std::nullopt;
  }

  outcome read_bank(const std::string& path) {
    bar_.show(0, 1, "reading " + path);
    std::ifstream in{path, std::ios::binary};
    if (!in)
      return stop_at_file(path, {errc::io, "cannot be read"});
    const auto read = engine_->add_bank([&](std::span<char> into) {
      in.read(into.data(), static_cast<std::streamsize>(into.size()));
      return static_cast<std::size_t>(in.gcount());
    });
    if (in.bad())
      return stop_at_file(path, {errc::io, "cannot be read"});
    if (!read)
      return stop_at_file(path, read.error());
    for (const iso20022::note& each : read->notes)
      result_.notes.emplace_back(path, each);
    return std::nullopt;
  }

  void add_totals(const settlement::journal_contents& read) {
    char number[16];
    const auto currency = payment::find_currency(request_.currency);
    std::snprintf(number, sizeof number, "%03u", currency ? currency->number : 0);
    const settlement::journal_totals more = settlement::period_of(read, number);
    theirs_ = settlement::sum(theirs_, more);
  }

  outcome compare() {
    auto found = engine_->finish();
    if (!found)
      return stop_at_file("the sources", found.error());
    result_.found = std::move(*found);
    const v1::Accrual& sums = result_.window.total();
    if (result_.found.net != sums.captures().amount() - sums.refunds().amount() -
                                 sums.disputes().amount() + sums.disputes_won().amount())
      return stopped{refusal_here(v1::Error::INTERNAL, "window_sum_differs",
                                  "the movements of the window do not come to its sum", "window")};
    const auto ours = totals_with(with_, request_);
    if (!ours)
      return stopped{ours.error()};
    if (*ours)
      result_.totals = compared_totals{.ours = **ours,
                                       .theirs = theirs_,
                                       .verdict = settlement::compare((*ours)->totals(), theirs_)};
    return std::nullopt;
  }

  outcome take_effects() {
    if (auto failed = take_effect(with_, request_, result_.found, terms_.exception_hours(), bar_,
                                  result_.done))
      return stop(failed);
    if (auto failed = count_open(with_, request_, result_.done))
      return stop(failed);
    return std::nullopt;
  }

  const session& with_;
  const reconcile_request& request_;
  progress_bar bar_;
  v1::ConfigureSettlement terms_;
  std::vector<v1::Window> windows_;
  settlement::window_scope scope_;
  std::unique_ptr<window_reconciliation> engine_;
  settlement::journal_totals theirs_;
  reconcile_result result_;
};

exit_code report_stop(const session& with, const stopped& at) {
  const exit_code code = report(with.io, at.why, "the same command");
  return at.is_file ? exit_code::usage : code;
}

void print_report(const session& with, const reconcile_result& result) {
  with.io.out << (with.io.is_json() ? reconcile_json(result) + "\n" : reconcile_text(result));
}

} // namespace

exit_code reconcile_window(const session& with, const reconcile_request& request) {
  outcome failed;
  std::optional<reconcile_result> result;
  {
    reconcile_run run{with, request};
    failed = run.run();
    result.emplace(run.result());
  } // The bar is gone.
  if (failed)
    return report_stop(with, *failed);
  std::optional<failure> not_final;
  if (request.is_to_be_final && !request.is_dry)
    not_final = finalize(with, request, result->done);
  print_report(with, *result);
  return not_final ? report(with.io, *not_final, "the same command") : exit_code::done;
}

} // namespace ducat::cli
