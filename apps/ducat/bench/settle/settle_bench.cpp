#include "bench/settle/settle_bench.hpp"

#include "bench/peer.hpp"
#include "bench/report.hpp"
#include "bench/settle/settle_report.hpp"
#include "bench/work_directory.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <functional>
#include <numeric>
#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

constexpr std::uint32_t results_at_once = 256;

/// Of a window after the first, for each merchant: so that most have some.
constexpr std::uint64_t captures_of_a_later_window = 2;

/// What the node is let do, and what is measured of it.
class settle_bench {
public:
  settle_bench(const settle_arguments& arguments, const bench::settle_node& node,
               bench::settle_figures& figures, std::ostream* lines)
      : arguments_{arguments}, node_{node}, figures_{figures}, lines_{lines},
        source_{figures.shape} {}

  result<void> run() {
    for (const auto& phase : {&settle_bench::set_up, &settle_bench::fill_first,
                              &settle_bench::settle_all, &settle_bench::prove})
      if (auto done = (this->*phase)(); !done)
        return done;
    return compare();
  }

private:
  void tell(void (*print)(std::ostream&, const bench::settle_figures&)) const {
    if (lines_ != nullptr)
      print(*lines_, figures_);
  }

  result<void> set_up() {
    if (auto done = node_.commit_all(bench::accounts_of(figures_.shape)); !done)
      return done;
    if (auto done = node_.commit(bench::settlement_of_currency()); !done)
      return tl::unexpected(done.error());
    return node_.commit_all(bench::merchants_of(figures_.shape));
  }

  result<void> fill_first() {
    tell(bench::print_shape);
    figures_.before_fill = bench::memory_now();
    const auto took = bench::fill(node_, source_, arguments_.captures, arguments_.batch);
    if (!took)
      return tl::unexpected(took.error());
    figures_.fill_s = *took;
    figures_.after_fill = bench::memory_now();
    of_first_window_ = source_.sums();
    tell(bench::print_filled);
    return {};
  }

  // While payments go on --------------------------------------------------------------------------

  result<void> settle_all() {
    bench::paying_clients clients{
        node_.system(),
        node_.payments(),
        arguments_.clients,
        arguments_.per_second,
        {.name = "bench", .merchants = arguments_.merchants, .payers = arguments_.payers}};
    const auto done = settle_while_paid(clients);
    bench::paying_outcome told = clients.stop();
    if (!done)
      return done;
    if (!told.failure.empty())
      return fail(errc::corrupt, told.failure);
    captured_ = told.captured;
    figures_.payments = bench::figures_of(
        {alone_, settling_, paying_out_, presenting_, alone_again_}, told.payments);
    tell(bench::print_payments);
    return {};
  }

  /// Payments that had to wait for what was done before do not count for what is done next.
  result<void> settle_while_paid(const bench::paying_clients& clients) {
    const auto calm_down = [&] {
      clients.wait_until_calm(std::chrono::duration<double>(arguments_.seconds));
    };
    pay_only(alone_);
    for (std::uint32_t window = 1; window <= arguments_.windows; ++window) {
      if (window > 1)
        if (auto done = during(presenting_, [this] { return fill_again(); }); !done)
          return done;
      calm_down();
      if (auto done = during(settling_, [&] { return settle(window); }); !done)
        return done;
      calm_down();
      if (auto done = during(paying_out_, [&] { return pay_out(window); }); !done)
        return done;
    }
    if (arguments_.windows > 1)
      tell(bench::print_rest);
    calm_down();
    pay_only(alone_again_);
    return {};
  }

  static result<void> during(bench::payment_phase& phase,
                             const std::function<result<void>()>& what) {
    const auto begin = bench::steady::now();
    auto done = what();
    phase.spans.push_back({.begin = begin, .end = bench::steady::now()});
    return done;
  }

  void pay_only(bench::payment_phase& phase) const {
    (void)during(phase, [this]() -> result<void> {
      std::this_thread::sleep_for(std::chrono::duration<double>(arguments_.seconds));
      return {};
    });
  }

  result<void> fill_again() {
    return bench::fill(node_, source_, captures_of_a_later_window * arguments_.merchants,
                       arguments_.batch)
        .map([](double) {});
  }

  result<void> settle(std::uint32_t window) {
    const bool is_first = window == 1;
    if (is_first) {
      bench::forget_peak();
      figures_.before_settling = bench::memory_now();
    }
    auto settled = bench::settle_window(node_, window);
    if (!settled)
      return tl::unexpected(settled.error());
    figures_.settled.push_back(std::move(*settled));
    if (is_first) {
      figures_.settling = bench::memory_now();
      tell(bench::print_settled);
    }
    return {};
  }

  result<void> pay_out(std::uint32_t batch) {
    auto paid = bench::pay_out(node_, batch, results_at_once);
    if (!paid)
      return tl::unexpected(paid.error());
    figures_.paid.push_back(std::move(*paid));
    if (batch == 1)
      tell(bench::print_paid);
    return {};
  }

  // Afterwards ------------------------------------------------------------------------------------

  result<void> prove() {
    auto proof = bench::prove(node_, arguments_.merchants, arguments_.page);
    if (!proof)
      return tl::unexpected(proof.error());
    figures_.proof = std::move(*proof);
    figures_.at_end = bench::memory_now();
    tell(bench::print_proof);
    return {};
  }

  /// Expects that nothing was lost or counted twice: what was presented and paid is in the windows,
  /// and what was settled is paid out or in reserve.
  result<void> compare() const {
    const auto windows = bench::windows_of(node_, arguments_.windows + 1);
    if (!windows)
      return tl::unexpected(windows.error());
    std::uint64_t captures = 0;
    std::int64_t settled = 0;
    for (const v1::Window& each : windows->data()) {
      captures += each.total().captures().count();
      if (each.state() == v1::Window::SETTLED)
        settled += each.total().net() - each.total().reserved() + each.total().released();
    }
    const auto presented = std::accumulate(
        source_.sums().begin(), source_.sums().end(), std::uint64_t{0},
        [](std::uint64_t sum, const bench::capture_sum& each) { return sum + each.count; });
    if (captures != presented + captured_)
      return fail(errc::corrupt, "the windows do not hold what was captured");
    const v1::Window& first = *windows->data().rbegin();
    if (figures_.proof.members != first.total().captures().count())
      return fail(errc::corrupt, "the members are not those of the window");
    for (std::size_t i = 0; i < of_first_window_.size(); ++i)
      if (figures_.proof.captures[i].count < of_first_window_[i].count ||
          figures_.proof.captures[i].amount < of_first_window_[i].amount)
        return fail(errc::corrupt, "a merchant lacks what was presented");
    const auto paid = std::accumulate(
        figures_.paid.begin(), figures_.paid.end(), std::int64_t{0},
        [](std::int64_t sum, const auto& each) { return sum + each.batch.paid().amount(); });
    if (settled != paid)
      return fail(errc::corrupt, "what is paid out is not what was settled");
    return {};
  }

  const settle_arguments& arguments_;
  const bench::settle_node& node_;
  bench::settle_figures& figures_;
  std::ostream* const lines_; ///< nullptr: none are wanted.
  bench::capture_source source_;
  std::vector<bench::capture_sum> of_first_window_;
  std::uint64_t captured_ = 0; ///< By payments.
  bench::payment_phase alone_{.during = bench::paying_alone};
  bench::payment_phase settling_{.during = bench::while_settled};
  bench::payment_phase paying_out_{.during = "while payouts are made"};
  bench::payment_phase presenting_{.during = "while captures are presented"};
  bench::payment_phase alone_again_{.during = "alone again"};
};

result<void> run_node(const settle_arguments& arguments, const std::filesystem::path& directory,
                      bench::settle_figures& figures, std::ostream* lines) {
  const auto work = bench::work_directory::make(directory);
  if (!work)
    return tl::unexpected(work.error());
  const auto node = bench::settle_node::start((*work)->path());
  if (!node)
    return tl::unexpected(node.error());
  return settle_bench{arguments, **node, figures, lines}.run();
}

result<void> run_peers(const settle_arguments& arguments, const std::filesystem::path& directory,
                       bench::settle_figures& figures, std::ostream* lines) {
  std::int64_t amount = 0;
  for (std::uint64_t i = 0; i < arguments.captures; ++i)
    amount += bench::draw_capture(figures.shape, i).amount;
  bool is_same = true;
  auto done = bench::run_settle_peer({.program = bench::peer_program_or(arguments.peer_program),
                                      .directory = directory,
                                      .shape = figures.shape,
                                      .captures = arguments.captures},
                                     [&](const bench::settle_peer_result& each) {
                                       is_same = is_same && each.captures == arguments.captures &&
                                                 each.amount == amount;
                                       figures.peers.push_back(each);
                                       if (lines != nullptr)
                                         bench::print_peer(*lines, figures);
                                     });
  return done && !is_same ? fail(errc::corrupt, "PostgreSQL settled something else") : done;
}

} // namespace

exit_code bench_settle(const settle_arguments& arguments, std::ostream& out, std::ostream& err) {
  spdlog::set_level(spdlog::level::warn);
  std::ostream* const lines = arguments.json ? nullptr : &out;
  bench::settle_figures figures{.shape = {.merchants = arguments.merchants,
                                          .payers = arguments.payers,
                                          .seed = arguments.seed},
                                .captures = arguments.captures};
  auto done = run_node(arguments, arguments.directory, figures, lines);
  if (done && arguments.peers) {
    done = run_peers(arguments, arguments.directory, figures, lines);
    if (!done && done.error().code == errc::unavailable) {
      err << "ducat: PostgreSQL is left out: " << done.error().message << '\n';
      done = {};
    }
  }
  if (!done) {
    err << "ducat: " << done.error() << '\n';
    return exit_code::failed;
  }
  if (arguments.json)
    out << bench::document_of(figures).dump(2) << '\n';
  else
    for (const bench::verdict& each : bench::judge(figures))
      bench::print(out, each);
  return exit_code::done;
}

} // namespace ducat::cli
