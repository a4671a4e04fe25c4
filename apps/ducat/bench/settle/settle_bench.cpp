#include "bench/settle/settle_bench.hpp"

#include "bench/settle/settle_report.hpp"
#include "bench/work_directory.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <functional>
#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

constexpr std::uint32_t results_at_once = 256;

/// One run of the bench.
class settle_bench {
public:
  settle_bench(const settle_arguments& arguments, const bench::settle_node& node)
      : arguments_{arguments}, node_{node}, source_{shape()} {}

  result<bench::settle_figures> run() {
    figures_.captures = arguments_.captures;
    figures_.merchants = arguments_.merchants;
    for (const auto& phase : {&settle_bench::set_up, &settle_bench::fill, &settle_bench::pay_alone,
                              &settle_bench::settle, &settle_bench::prove, &settle_bench::compare})
      if (auto done = (this->*phase)(); !done)
        return tl::unexpected(done.error());
    figures_.at_end = bench::memory_now();
    return std::move(figures_);
  }

private:
  bench::settle_shape shape() const {
    return {
        .merchants = arguments_.merchants, .payers = arguments_.payers, .seed = arguments_.seed};
  }

  result<void> set_up() {
    if (auto done = node_.commit_all(bench::accounts_of(shape())); !done)
      return done;
    if (auto done = node_.commit(bench::settlement_of_currency()); !done)
      return tl::unexpected(done.error());
    return node_.commit_all(bench::merchants_of(shape()));
  }

  result<void> fill() {
    figures_.before_fill = bench::memory_now();
    const auto took = bench::fill(node_, source_, arguments_.captures, arguments_.batch);
    figures_.after_fill = bench::memory_now();
    return took.map([&](double seconds) { figures_.fill_s = seconds; });
  }

  /// Pays while `what` is done.
  result<void> pay_during(const char* name, const std::function<result<void>()>& what) {
    const bench::payer_plan plan{
        .name = name, .merchants = arguments_.merchants, .payers = arguments_.payers};
    const auto begin = bench::steady::now();
    bench::paying_clients clients{node_.system(), node_.payments(), arguments_.clients,
                                  arguments_.per_second, plan};
    const auto done = what();
    bench::payment_figures told{.during = name, .told = clients.stop()};
    told.seconds = bench::seconds_of(bench::steady::now() - begin);
    if (!told.told.failure.empty())
      return fail(errc::corrupt, told.told.failure);
    captured_ += told.told.captured;
    figures_.payments.push_back(std::move(told));
    return done;
  }

  result<void> pay_alone() {
    return pay_during("alone", [this]() -> result<void> {
      std::this_thread::sleep_for(std::chrono::duration<double>(arguments_.seconds));
      return {};
    });
  }

  result<void> settle() {
    if (auto done = pay_during("while it is settled",
                               [this] {
                                 return bench::settle_window(node_).map(
                                     [this](auto took) { figures_.settled = std::move(took); });
                               });
        !done)
      return done;
    return pay_during("while it is paid out", [this] {
      return bench::pay_out(node_, results_at_once).map([this](auto took) {
        figures_.paid = std::move(took);
      });
    });
  }

  result<void> prove() {
    return pay_during("while members are read", [this] {
      return bench::prove(node_, arguments_.merchants, arguments_.page).map([this](auto took) {
        figures_.proof = std::move(took);
      });
    });
  }

  /// Expects that nothing was lost or counted twice: what was presented and paid is in the two
  /// windows, and what was settled is paid out or in reserve.
  result<void> compare() {
    const auto first = bench::window_of(node_, 1);
    const auto second = bench::window_of(node_, 2);
    if (!first || !second)
      return tl::unexpected(first ? second.error() : first.error());
    if (first->total().captures().count() + second->total().captures().count() !=
        arguments_.captures + captured_)
      return fail(errc::corrupt, "the windows do not hold what was captured");
    if (figures_.proof.members != first->total().captures().count())
      return fail(errc::corrupt, "the members are not those of the window");
    for (std::size_t i = 0; i < source_.sums().size(); ++i)
      if (figures_.proof.captures[i].count < source_.sums()[i].count ||
          figures_.proof.captures[i].amount < source_.sums()[i].amount)
        return fail(errc::corrupt, "a merchant lacks what was presented");
    if (first->total().net() - first->total().reserved() != figures_.paid.batch.paid().amount())
      return fail(errc::corrupt, "what is paid out is not what was settled");
    return {};
  }

  const settle_arguments& arguments_;
  const bench::settle_node& node_;
  bench::capture_source source_;
  std::uint64_t captured_ = 0; ///< By payments.
  bench::settle_figures figures_;
};

result<bench::settle_figures> run(const settle_arguments& arguments,
                                  const std::filesystem::path& data) {
  const auto node = bench::settle_node::start(data);
  if (!node)
    return tl::unexpected(node.error());
  return settle_bench{arguments, **node}.run();
}

} // namespace

exit_code bench_settle(const settle_arguments& arguments, std::ostream& out, std::ostream& err) {
  spdlog::set_level(spdlog::level::warn);
  const auto directory = bench::work_directory::make(arguments.directory);
  if (!directory) {
    err << "ducat: " << directory.error() << '\n';
    return exit_code::usage;
  }
  const auto figures = run(arguments, (*directory)->path() / "node");
  if (!figures) {
    err << "ducat: " << figures.error() << '\n';
    return exit_code::failed;
  }
  if (arguments.json)
    out << bench::document_of(*figures).dump(2) << '\n';
  else
    bench::print(out, *figures);
  return exit_code::done;
}

} // namespace ducat::cli
