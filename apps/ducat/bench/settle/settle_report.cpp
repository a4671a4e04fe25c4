#include "bench/settle/settle_report.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <string>

namespace ducat::bench {

namespace {

constexpr double mega = 1e6;
constexpr double kilo = 1e3;
constexpr double settled_s_max = 60;
constexpr double p99_ratio_max = 2;

double per_second(std::uint64_t count, double seconds) {
  return seconds == 0 ? 0 : static_cast<double>(count) / seconds;
}

/// Returns the figure of the windows after the first: the one in the middle, and the greatest.
struct middle_and_most {
  double middle = 0;
  double most = 0;
};

template <class Record>
middle_and_most after_first(const std::vector<Record>& all, double Record::* figure) {
  std::vector<double> values;
  for (std::size_t i = 1; i < all.size(); ++i)
    values.push_back(all[i].*figure);
  if (values.empty())
    return {};
  std::ranges::sort(values);
  return {.middle = values[values.size() / 2], .most = values.back()};
}

/// Begins a line, which ends by std::endl: somebody waits for it.
std::ostream& begin_line(std::ostream& out, const char* name) {
  return out << std::fixed << std::left << std::setw(12) << name << std::right;
}

/// The number with so many digits after the point.
struct fixed_number {
  double value;
  int digits;

  friend std::ostream& operator<<(std::ostream& out, const fixed_number& number) {
    return out << std::setprecision(number.digits) << number.value;
  }
};

fixed_number seconds_text(double seconds) {
  return {.value = seconds, .digits = 3};
}

fixed_number ms_text(const latencies& of, double share) {
  return {.value = of.percentile_us(share) / kilo, .digits = 2};
}

fixed_number mb_text(std::uint64_t bytes) {
  return {.value = static_cast<double>(bytes) / mega, .digits = 1};
}

fixed_number whole(double value) {
  return {.value = value, .digits = 0};
}

} // namespace

std::vector<verdict> judge(const settle_figures& figures) {
  const settled_window& first = figures.settled.front();
  const auto during =
      std::ranges::find(figures.payments, std::string{while_settled}, &phase_figures::during);
  verdict to_peer{
      .goal = "PostgreSQL's best to ours, from the cut to SETTLED", .value = {}, .target = 1};
  if (!figures.peers.empty())
    to_peer.value =
        std::ranges::min(figures.peers, {}, &settle_peer_result::seconds).seconds / first.settled_s;
  return {{"from the cut to SETTLED, s", first.settled_s, settled_s_max, true},
          {"p99 of payments while windows are settled, to that of payments alone",
           p99_ratio(*during, figures.payments.front()), p99_ratio_max, true},
          to_peer};
}

void print_shape(std::ostream& out, const settle_figures& figures) {
  out << figures.captures << " captures of " << figures.shape.merchants << " merchants and "
      << figures.shape.payers << " payers, seed " << figures.shape.seed << std::endl;
}

void print_filled(std::ostream& out, const settle_figures& figures) {
  const double more = static_cast<double>(figures.after_fill.resident) -
                      static_cast<double>(figures.before_fill.resident);
  begin_line(out, "presented") << seconds_text(figures.fill_s) << " s, "
                               << whole(per_second(figures.captures, figures.fill_s))
                               << " a second; memory " << mb_text(figures.before_fill.resident)
                               << " MB before, " << mb_text(figures.after_fill.resident)
                               << " MB after, "
                               << whole(more / static_cast<double>(figures.captures))
                               << " B for each" << std::endl;
}

void print_settled(std::ostream& out, const settle_figures& figures) {
  const settled_window& first = figures.settled.front();
  begin_line(out, "settled") << seconds_text(first.settled_s) << " s from the cut to SETTLED, "
                             << first.settlement.step() << " steps; its file after "
                             << seconds_text(first.filed_s) << " s; memory "
                             << mb_text(figures.before_settling.resident) << " MB before, "
                             << mb_text(figures.settling.peak) << " MB at most" << std::endl;
}

void print_paid(std::ostream& out, const settle_figures& figures) {
  const paid_batch& first = figures.paid.front();
  begin_line(out, "paid out") << first.batch.payouts().count() << " payouts: submitted after "
                              << seconds_text(first.submitted_s) << " s, paid after "
                              << seconds_text(first.paid_s) << " s" << std::endl;
}

void print_rest(std::ostream& out, const settle_figures& figures) {
  const auto settled = after_first(figures.settled, &settled_window::settled_s);
  const auto paid = after_first(figures.paid, &paid_batch::paid_s);
  begin_line(out, "and again") << figures.settled.size() - 1 << " windows more: settled after "
                               << seconds_text(settled.middle) << " s, at most "
                               << seconds_text(settled.most) << " s; paid after "
                               << seconds_text(paid.middle) << " s, at most "
                               << seconds_text(paid.most) << " s" << std::endl;
}

void print_payments(std::ostream& out, const settle_figures& figures) {
  for (const phase_figures& each : figures.payments)
    begin_line(out, "payments") << each.payments.count() << ' ' << each.during << ", "
                                << seconds_text(each.seconds) << " s: p50 "
                                << ms_text(each.payments, 0.50) << " ms, p99 "
                                << ms_text(each.payments, 0.99) << " ms (x"
                                << fixed_number{p99_ratio(each, figures.payments.front()), 2}
                                << "), at most " << ms_text(each.payments, 1) << " ms" << std::endl;
}

void print_proof(std::ostream& out, const settle_figures& figures) {
  begin_line(out, "proved") << figures.proof.members << " members of the first window in "
                            << seconds_text(figures.proof.seconds) << " s, "
                            << whole(per_second(figures.proof.members, figures.proof.seconds))
                            << " a second; a page: p50 " << ms_text(figures.proof.pages, 0.50)
                            << " ms, p99 " << ms_text(figures.proof.pages, 0.99)
                            << " ms; memory at the end " << mb_text(figures.at_end.resident)
                            << " MB" << std::endl;
}

void print_peer(std::ostream& out, const settle_figures& figures) {
  const settle_peer_result& last = figures.peers.back();
  if (figures.peers.size() == 1)
    out << last.server << std::endl;
  begin_line(out, "settled") << seconds_text(last.seconds) << " s, " << last.merchants_at_once
                             << " merchants a transaction, "
                             << (last.marks == "window" ? "the window is marked"
                                                        : "each capture is marked")
                             << "; x"
                             << fixed_number{last.seconds / figures.settled.front().settled_s, 2}
                             << " of ours; loaded in " << seconds_text(last.load_s) << " s"
                             << std::endl;
}

} // namespace ducat::bench
