#include "server.hpp"

#include "control.hpp"
#include "wire/acceptor.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <utility>

namespace ducat::acquirer {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t control_line_max = 4'096;

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

} // namespace

result<void> server::start() {
  for (auto [acceptor, where] :
       {std::pair{&payments_, options_.listen}, std::pair{&control_, options_.control}})
    if (auto opened = wire::open(*acceptor, where); !opened)
      return opened;
  asio::co_spawn(io_, accept_peers(), asio::detached);
  asio::co_spawn(io_, accept_control(), asio::detached);
  return {};
}

void server::stop() {
  settle();
  asio::post(io_, [this] { io_.stop(); }); // Behind what settle() sends.
}

asio::awaitable<void> server::accept_peers() {
  while (auto socket = co_await wire::accept_from(payments_))
    asio::co_spawn(io_, serve_peer(std::move(*socket)), asio::detached);
}

asio::awaitable<void> server::serve_peer(tcp::socket socket) {
  auto stream = options_.tls
                    ? wire::make_secured(std::move(socket), options_.tls, wire::tls_side::server)
                    : wire::make_plain(std::move(socket));
  const auto link = std::make_shared<wire::connection>(io_.get_executor(), std::move(stream),
                                                       host_.core().dialect());
  peer from{.link = link, .state = {.is_signed_on = !options_.must_sign_on}};
  co_await link->run(
      {.opened = [] {}, .payload = [&](const std::string& payload) { take(from, payload); }});
}

void server::take(peer& from, const std::string& payload) {
  reaction made = host_.receive(from.state, payload, now_ms());
  waiting_.push_back({.to = from.link, .what = std::move(made.sendings)});
  if (!std::exchange(is_settling_, true)) // Behind all that can be read now.
    asio::post(io_, [this] { settle(); });
}

/// Everything goes through here, so that a duplicate is not answered before its first is on disk.
void server::settle() {
  is_settling_ = false;
  if (failure_)
    return;
  if (const auto synced = host_.sync(); !synced) {
    failure_ = synced.error();
    return io_.stop();
  }
  for (waiting& each : std::exchange(waiting_, {}))
    for (sending& one : each.what)
      dispatch(each.to, std::move(one));
}

void server::dispatch(const std::weak_ptr<wire::connection>& to, sending what) {
  if (what.after.count() > 0) {
    const auto timer = std::make_shared<asio::steady_timer>(io_, what.after);
    what.after = {};
    timer->async_wait([this, timer, to, what = std::move(what)](const error_code& failure) {
      if (!failure)
        dispatch(to, what);
    });
    return;
  }
  const auto link = to.lock();
  if (!link)
    return;
  if (what.closes)
    link->close();
  else
    link->send(what.frame);
}

asio::awaitable<void> server::accept_control() {
  while (auto socket = co_await wire::accept_from(control_))
    asio::co_spawn(io_, serve_control(std::move(*socket)), asio::detached);
}

asio::awaitable<void> server::serve_control(tcp::socket socket) {
  std::string bytes;
  error_code failure;
  while (!failure) {
    const std::size_t size =
        co_await asio::async_read_until(socket, asio::dynamic_buffer(bytes, control_line_max), '\n',
                                        asio::redirect_error(asio::use_awaitable, failure));
    if (failure)
      co_return;
    const std::string line = bytes.substr(0, size - 1);
    bytes.erase(0, size);
    settle(); // What is shown is on disk.
    const std::string answer = carry_out(host_.core(), line) + "\n";
    co_await asio::async_write(socket, asio::buffer(answer),
                               asio::redirect_error(asio::use_awaitable, failure));
  }
}

} // namespace ducat::acquirer
