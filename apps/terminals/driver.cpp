#include "driver.hpp"

#include "bench/latencies.hpp"
#include "record.hpp"
#include "wire/connection.hpp"

#include <ducat/iso8583/codec.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <fstream>

namespace ducat::terminals {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using wire::connection;

constexpr auto reconnect_after = std::chrono::milliseconds{200};

moment now() {
  using namespace std::chrono;
  const auto wall = duration_cast<seconds>(system_clock::now().time_since_epoch());
  return {.steady = steady_clock::now(), .unix_s = wall.count()};
}

class drive_run {
public:
  explicit drive_run(const drive_options& options)
      : options_{options}, fleet_{options.fleet}, links_(fleet_.connections()) {
    if (!options.record.empty())
      record_.open(options.record, std::ios::binary | std::ios::trunc);
  }

  result<drive_report> run() {
    signals_.async_wait([this](const error_code& failure, int) {
      if (!failure)
        io_.stop();
    });
    gives_up_ = now().steady + options_.connect_time_max;
    for (std::size_t i = 0; i < links_.size(); ++i)
      asio::co_spawn(io_, keep_connected(i), asio::detached);
    pump();
    io_.run();
    fleet_.give_up(now());
    collect();
    record_.flush();
    if (!options_.record.empty() && !record_)
      return fail(errc::io, options_.record.string() + ": cannot be written");
    return report();
  }

private:
  asio::awaitable<void> keep_connected(std::size_t index) {
    asio::steady_timer pause{io_};
    for (;;) {
      error_code failure;
      tcp::socket socket{io_};
      co_await socket.async_connect(options_.target,
                                    asio::redirect_error(asio::use_awaitable, failure));
      if (!failure)
        co_await converse(index, std::move(socket));
      pause.expires_after(reconnect_after);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    }
  }

  asio::awaitable<void> converse(std::size_t index, tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    auto stream = options_.tls ? make_secured(std::move(socket), options_.tls,
                                              wire::tls_side::client, options_.peer_name)
                               : wire::make_plain(std::move(socket));
    links_[index] =
        std::make_shared<connection>(io_.get_executor(), std::move(stream), options_.dialect);
    co_await links_[index]->run(
        {.opened = [=, this] { send(fleet_.opened(index, now())); },
         .payload = [=, this](const std::string& payload) { take(index, payload); }});
    links_[index].reset();
    fleet_.closed(index);
  }

  /// What cannot be read is no answer.
  void take(std::size_t index, const std::string& payload) {
    const auto answer = iso8583::decode(options_.dialect, payload);
    if (!answer)
      return;
    send(fleet_.take(index, *answer, now()));
    pump();
  }

  void send(std::vector<outgoing> what) {
    for (outgoing& each : what) {
      each.what.set_tpdu(std::string(options_.dialect.tpdu.bytes, '\0'));
      const auto frame = iso8583::encode_frame(options_.dialect, each.what);
      if (frame && links_[each.connection])
        links_[each.connection]->send(*frame);
    }
  }

  /// Does what is due, and comes back when the next thing is.
  void pump() {
    const moment at = now();
    send(fleet_.advance(at));
    for (const std::size_t each : fleet_.take_suspects())
      if (links_[each])
        links_[each]->close();
    collect();
    note_progress(at);
    if (fleet_.is_done() || at.steady >= gives_up_)
      return io_.stop();
    wake_.expires_at(std::min(fleet_.next_wake().value_or(gives_up_), gives_up_));
    wake_.async_wait([this](const error_code& failure) {
      if (!failure)
        pump();
    });
  }

  void note_progress(moment at) {
    if (fleet_.has_begun() && !first_) {
      first_ = at.steady;
      gives_up_ = time_point::max();
    }
    if (fleet_.has_sent_all() && gives_up_ == time_point::max())
      gives_up_ = at.steady + options_.drain_time_max;
    if (fleet_.has_sent_all() && !last_)
      last_ = at.steady;
  }

  void collect() {
    for (const finished_payment& each : fleet_.take_finished()) {
      if (each.result == outcome::approved || each.result == outcome::declined)
        latencies_.add(each.took);
      if (record_.is_open())
        record_ << line_of(each) << '\n';
    }
  }

  drive_report report() const {
    return {.stats = fleet_.stats(),
            .has_begun = fleet_.has_begun(),
            .elapsed = first_ ? now().steady - *first_ : duration{},
            .sending = first_ && last_ ? *last_ - *first_ : duration{},
            .p50_ms = latencies_.percentile_us(0.5) / 1'000,
            .p99_ms = latencies_.percentile_us(0.99) / 1'000};
  }

  const drive_options& options_;
  asio::io_context io_{1}; ///< Outlives the connections.
  fleet fleet_;
  std::vector<std::shared_ptr<connection>> links_; ///< Null: not connected.
  std::ofstream record_;
  bench::latencies latencies_;
  std::optional<time_point> first_; ///< When the first payment was due.
  std::optional<time_point> last_;  ///< When the last one was sent.
  time_point gives_up_{};
  asio::steady_timer wake_{io_};
  asio::signal_set signals_{io_, SIGTERM, SIGINT};
};

} // namespace

result<drive_report> drive(const drive_options& options) {
  return drive_run{options}.run();
}

} // namespace ducat::terminals
