#include "api/http_server.hpp"

#include "api/dashboard_collector.hpp"
#include "api/errors.hpp"
#include "api/http_session.hpp"
#include "api/json.hpp"
#include "api/listen_address.hpp"
#include "wire/places.hpp"
#include "wire/renewed_tls.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <unordered_set>

namespace ducat::api {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Returns a whole answer, for connections that get no session.
std::string too_many_connections() {
  const std::string body = error_json(make_error(v1::Error::UNAVAILABLE, "too_many_connections",
                                                 "this node serves as many connections as it can, "
                                                 "in all or of one address"));
  return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
         "Retry-After: 1\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Answers without waiting: what does not fit into the empty send buffer is lost.
void turn_away(tcp::socket socket) {
  static const std::string answer = too_many_connections();
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(answer), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

/// Opens `acceptor` at `address`; returns the first failure.
error_code open(tcp::acceptor& acceptor, const listen_address& address) {
  error_code failure;
  const auto host = asio::ip::make_address(address.host, failure);
  const tcp::endpoint where(host, address.port);
  if (!failure)
    acceptor.open(where.protocol(), failure);
  if (!failure)
    acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure)
    acceptor.bind(where, failure);
  if (!failure)
    acceptor.listen(tcp::acceptor::max_listen_connections, failure);
  return failure;
}

tl::unexpected<error> not_listening(const listen_address& address, const error_code& why) {
  const std::string where = "cannot listen on " + to_string(address) + ": ";
  if (why == asio::error::address_in_use)
    return fail(errc::in_use, where + "another program listens there");
  return fail(errc::io, where + why.message());
}

/// A member of a set for as long as this lives.
class membership {
public:
  using members = std::unordered_set<http_session*>;

  membership(members& set, http_session* member) : set_(set), member_(member) {
    set_.insert(member);
  }

  ~membership() { set_.erase(member_); }

  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;

private:
  members& set_;
  http_session* member_;
};

} // namespace

struct http_server::state {
  /// What ends with the server; sessions live in its pending handlers.
  struct reactor {
    reactor() : acceptor{io}, link{std::make_shared<io_link>(io)} {}

    asio::io_context io{1};
    tcp::acceptor acceptor;
    std::shared_ptr<io_link> link;
  };

  state(service& s, http_server_options o)
      : to(s), options(std::move(o)), collector(std::make_shared<dashboard_collector>(s)),
        places({.in_all = options.connections_max,
                .per_address = options.connections_per_address_max}) {}

  service& to;
  const http_server_options options;
  const std::shared_ptr<dashboard_collector> collector;
  wire::places places;                    ///< Those that are taken are in the reactor.
  std::optional<wire::renewed_tls> tls{}; ///< Nothing: in the clear.
  membership::members sessions;           ///< Used on the io thread only.
  std::optional<reactor> loop{std::in_place};
  std::promise<void> done;
  std::thread thread;
  std::atomic<bool> stopped = false;
  int port = 0;

  asio::awaitable<void> accept_all();
  asio::awaitable<void> serve(tcp::socket socket, std::unique_ptr<wire::places::place> place);
  void welcome(tcp::socket socket);

  entrance guarded_entrance() const {
    return {to, options.guarded ? options.guarded->keeper.get() : nullptr};
  }

  void run();
  void end_sessions();
};

asio::awaitable<void> http_server::state::accept_all() {
  asio::steady_timer pause(loop->io);
  while (loop->acceptor.is_open()) {
    error_code failure;
    tcp::socket socket =
        co_await loop->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (!failure)
      welcome(std::move(socket));
    if (!failure || !loop->acceptor.is_open())
      continue;
    pause.expires_after(std::chrono::milliseconds(100)); // Out of file descriptors, as a rule.
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  }
}

/// A client of TLS that there is no room for is closed: a sentence in the clear would be none to
/// it.
void http_server::state::welcome(tcp::socket socket) {
  error_code failure;
  socket.set_option(tcp::no_delay(true), failure);
  const auto from = socket.remote_endpoint(failure).address();
  auto place = failure ? nullptr : places.take(from);
  if (place != nullptr)
    asio::co_spawn(loop->io, serve(std::move(socket), std::move(place)), asio::detached);
  else if (!tls)
    turn_away(std::move(socket));
}

asio::awaitable<void> http_server::state::serve(tcp::socket socket,
                                                std::unique_ptr<wire::places::place> place) {
  auto settings = tls ? tls->at(std::chrono::steady_clock::now()) : nullptr;
  const auto session =
      std::make_shared<http_session>(http_socket{std::move(socket), std::move(settings)},
                                     guarded_entrance(), options, *collector, loop->link);
  const membership member(sessions, session.get());
  co_await session->run();
  place.reset();
}

void http_server::state::run() {
  loop->io.run();
  done.set_value();
}

void http_server::state::end_sessions() {
  loop->acceptor.close();
  for (http_session* const session : sessions)
    session->end();
}

http_server::http_server(std::unique_ptr<state> made) : state_(std::move(made)) {}

http_server::~http_server() {
  stop();
}

result<std::unique_ptr<http_server>> http_server::start(service& to, http_server_options options) {
  const auto address = options.guarded ? parse_listen_address(options.address)
                                       : parse_loopback_address(options.address);
  if (!address)
    return tl::unexpected(address.error());
  auto made = std::make_unique<state>(to, std::move(options));
  if (const auto& guarded = made->options.guarded) {
    auto tls = wire::renewed_tls::load({.certificate = guarded->tls.certificate,
                                        .key = guarded->tls.key,
                                        .ca = guarded->tls.ca,
                                        .is_optional = true});
    if (!tls)
      return tl::unexpected(tls.error());
    made->tls = std::move(*tls);
  }
  if (const auto failure = open(made->loop->acceptor, *address))
    return not_listening(*address, failure);
  made->port = made->loop->acceptor.local_endpoint().port();
  asio::co_spawn(made->loop->io, made->accept_all(), asio::detached);
  made->thread = std::thread([running = made.get()] { running->run(); });
  return std::unique_ptr<http_server>(new http_server(std::move(made)));
}

int http_server::port() const noexcept {
  return state_->port;
}

void http_server::stop() {
  if (state_->stopped.exchange(true))
    return;
  state_->loop->link->post([running = state_.get()] { running->end_sessions(); });
  if (state_->done.get_future().wait_for(state_->options.stop_grace) == std::future_status::timeout)
    state_->loop->io.stop();
  state_->thread.join();
  state_->loop->link->close();
  state_->loop.reset();
}

} // namespace ducat::api
