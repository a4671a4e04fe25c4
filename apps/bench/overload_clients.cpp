#include "overload_clients.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ducat::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr steady::duration grace = 5s;
constexpr steady::duration pace = 1ms;           ///< What is due is sent so often.
constexpr steady::duration between_looks = 50ms; ///< For payments whose deadline is over.

std::string request_number(std::uint64_t number) {
  static const std::string body = R"({"from":"world","to":"shop","amount":"100","currency":"EUR"})";
  return "POST /v1/payments HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n"
         "Idempotency-Key: overload-" +
         std::to_string(number) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

/// Returns how long the whole answer is, once its head is there.
std::optional<std::size_t> size_of_answer(std::string_view bytes) {
  constexpr std::string_view length = "Content-Length: ";
  const auto end = bytes.find("\r\n\r\n");
  const auto at = bytes.substr(0, end).find(length);
  if (end == bytes.npos || at == bytes.npos)
    return std::nullopt;
  std::size_t body = 0;
  std::from_chars(bytes.data() + at + length.size(), bytes.data() + end, body);
  return end + 4 + body;
}

payment_end end_of(std::string_view answer) {
  constexpr std::string_view accepted = "HTTP/1.1 201";
  constexpr std::string_view refused = "HTTP/1.1 503";
  if (answer.starts_with(accepted) && answer.find("\"captured\"") != answer.npos)
    return payment_end::accepted;
  return answer.starts_with(refused) && answer.find("\"overloaded\"") != answer.npos
             ? payment_end::refused
             : payment_end::failed;
}

} // namespace

/// One payment at a time. All of it happens on the thread of its loop.
class overload_clients::connection {
public:
  explicit connection(loop& of) : loop_{of} {}

  /// Returns why there is no connection.
  error_code connect();

  /// Requires that nothing is under way.
  void pay(std::uint64_t number, const std::shared_ptr<payment_tally>& into,
           steady::time_point until);

  void look(steady::time_point now);

private:
  void read();
  void take(std::size_t size);
  void end(payment_end how);
  void break_off(payment_end how);

  loop& loop_;
  std::optional<tcp::socket> socket_{};
  std::uint64_t life_ = 0; ///< Of the socket: what comes of one before is not looked at.
  std::string request_;
  std::string answer_;
  std::array<char, 4096> buffer_{};
  std::shared_ptr<payment_tally> tally_; ///< Null: nothing is under way.
  steady::time_point sent_at_{};
  steady::time_point until_{}; ///< When the client goes home.
};

struct overload_clients::loop {
  loop(const std::string& endpoint, overload_options how)
      : options{how},
        node{asio::ip::make_address(endpoint.substr(0, endpoint.rfind(':'))),
             static_cast<std::uint16_t>(std::stoul(endpoint.substr(endpoint.rfind(':') + 1)))} {
    for (std::uint32_t i = 0; i < options.connections; ++i) {
      all.push_back(std::make_unique<connection>(*this));
      if (const error_code failure = all.back()->connect())
        throw boost::system::system_error{failure};
      idle.push_back(all.back().get());
    }
    look_later();
    thread = std::thread{[this] { io.run(); }};
  }

  ~loop() {
    io.stop();
    thread.join();
  }

  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  void look_later() {
    looks.expires_after(between_looks);
    looks.async_wait([this](const error_code& failure) {
      if (failure)
        return;
      for (const auto& each : all)
        each->look(steady::now());
      look_later();
    });
  }

  /// Returns whether there is a connection for it. With `until` the client goes on until then.
  bool pay(const std::shared_ptr<payment_tally>& into, steady::time_point until = {}) {
    if (idle.empty())
      return false;
    connection& next = *idle.front();
    idle.pop_front();
    count_under_way(+1);
    next.pay(++sent, into, until);
    return true;
  }

  void count_under_way(int change) {
    const std::lock_guard lock{mutex};
    under_way += change;
    changed.notify_all();
  }

  /// What is offered at a rate.
  struct offered {
    asio::steady_timer timer;
    std::shared_ptr<payment_tally> into;
    double per_second = 0;
    steady::time_point begin{};
    std::uint64_t in_all = 0;
    std::uint64_t due = 0; ///< So far: sent, or held back.
  };

  void go_on(const std::shared_ptr<offered>& what) {
    const std::chrono::duration<double> passed = steady::now() - what->begin;
    const auto now_due =
        std::min(what->in_all, static_cast<std::uint64_t>(passed.count() * what->per_second));
    for (; what->due < now_due; ++what->due)
      if (!pay(what->into))
        what->into->note_held_back(1);
    if (what->due == what->in_all)
      return count_under_way(-1); // The offer itself.
    what->timer.expires_after(pace);
    what->timer.async_wait([this, what](const error_code& failure) {
      if (!failure)
        go_on(what);
    });
  }

  const overload_options options;
  const tcp::endpoint node;
  asio::io_context io{1};
  asio::steady_timer looks{io};
  std::vector<std::unique_ptr<connection>> all;
  std::deque<connection*> idle;
  std::uint64_t sent = 0;
  std::mutex mutex; // Of what follows.
  std::condition_variable changed;
  int under_way = 0;
  std::thread thread;
};

error_code overload_clients::connection::connect() {
  ++life_;
  answer_.clear();
  socket_.emplace(loop_.io);
  error_code failure;
  socket_->connect(loop_.node, failure); // On this machine: at once.
  if (!failure)
    socket_->set_option(tcp::no_delay{true}, failure);
  if (!failure)
    read();
  return failure;
}

void overload_clients::connection::pay(std::uint64_t number,
                                       const std::shared_ptr<payment_tally>& into,
                                       steady::time_point until) {
  request_ = request_number(number);
  tally_ = into;
  until_ = until;
  tally_->note_sent();
  sent_at_ = steady::now();
  asio::async_write(*socket_, asio::buffer(request_),
                    [this, life = life_](const error_code& failure, std::size_t) {
                      if (failure && life == life_)
                        break_off(payment_end::failed);
                    });
}

void overload_clients::connection::look(steady::time_point now) {
  if (tally_ != nullptr && now - sent_at_ > loop_.options.deadline)
    break_off(payment_end::late);
}

void overload_clients::connection::read() {
  socket_->async_read_some(asio::buffer(buffer_),
                           [this, life = life_](const error_code& failure, std::size_t size) {
                             if (life != life_)
                               return;
                             if (failure)
                               return break_off(payment_end::failed);
                             take(size);
                             read();
                           });
}

void overload_clients::connection::take(std::size_t size) {
  answer_.append(buffer_.data(), size);
  const auto whole = size_of_answer(answer_);
  if (!whole || answer_.size() < *whole || tally_ == nullptr)
    return;
  const payment_end how = end_of(answer_);
  answer_.clear();
  end(how);
}

void overload_clients::connection::end(payment_end how) {
  const auto tally = std::exchange(tally_, nullptr);
  const auto now = steady::now();
  tally->note_end(how, now - sent_at_);
  loop_.idle.push_back(this);
  if (how != payment_end::failed && now < until_)
    loop_.pay(tally, until_); // Before this one is not under way.
  loop_.count_under_way(-1);
}

/// The node has closed the connection, or what was sent over it is not waited for any more.
void overload_clients::connection::break_off(payment_end how) {
  (void)connect(); // If it cannot, the next payment fails.
  if (tally_ != nullptr)
    end(how);
}

overload_clients::overload_clients(const std::string& endpoint, overload_options options)
    : loop_{std::make_unique<loop>(endpoint, options)} {}

overload_clients::~overload_clients() = default;

payment_counts overload_clients::pay_in_turns(std::uint32_t clients, steady::duration time) {
  const auto tally = std::make_shared<payment_tally>();
  const auto until = steady::now() + time;
  loop_->count_under_way(+1);
  asio::post(loop_->io, [&of = *loop_, tally, until, clients] {
    for (std::uint32_t client = 0; client < clients && of.pay(tally, until); ++client) {
    }
    of.count_under_way(-1);
  });
  std::this_thread::sleep_until(until);
  (void)wait_for_answers();
  return tally->counts();
}

void overload_clients::offer(double per_second, steady::duration time,
                             const std::shared_ptr<payment_tally>& into) {
  const auto what = std::make_shared<loop::offered>(loop::offered{
      .timer = asio::steady_timer{loop_->io},
      .into = into,
      .per_second = per_second,
      .begin = steady::now(),
      .in_all = static_cast<std::uint64_t>(
          per_second * std::chrono::duration_cast<std::chrono::duration<double>>(time).count())});
  loop_->count_under_way(+1);
  asio::post(loop_->io, [&of = *loop_, what] { of.go_on(what); });
  std::this_thread::sleep_until(what->begin + time);
}

bool overload_clients::wait_for_answers() {
  std::unique_lock lock{loop_->mutex};
  return loop_->changed.wait_for(lock, loop_->options.deadline + grace,
                                 [this] { return loop_->under_way == 0; });
}

} // namespace ducat::bench
