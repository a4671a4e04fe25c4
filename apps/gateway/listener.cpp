#include "gateway/listener.hpp"

#include "gateway/terminal_line.hpp"
#include "wire/acceptor.hpp"
#include "wire/byte_stream.hpp"
#include "wire/endpoint.hpp"
#include "wire/places.hpp"

#include <ducat/certificates.hpp>
#include <ducat/iso8583/codec.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/logger.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

namespace ducat::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

tl::unexpected<error> wrong(const std::string& what) {
  return fail(errc::invalid_argument, "gateway: " + what);
}

result<std::shared_ptr<asio::ssl::context>> tls_of(const listener_options& options) {
  if (options.plain)
    return nullptr;
  return wire::make_tls(wire::tls_side::server, {.certificate = options.certificate,
                                                 .key = options.key,
                                                 .ca = options.ca,
                                                 .allows_tls_1_2 = options.allows_tls_1_2});
}

} // namespace

void terminal_line::send(const iso8583::message& what) {
  const auto frame = iso8583::encode_frame(*dialect_, what);
  if (!frame) // Its own fields are echoed, so that is the dialect's fault.
    return spdlog::warn("gateway_answer_lost why=\"{}\"", to_string(frame.error()));
  io_->post([to = to_, bytes = *frame] {
    if (const auto link = to.lock())
      link->send(bytes);
  });
}

std::shared_ptr<void> terminal_line::begin_turn() {
  const auto link = to_.lock();
  if (!link)
    return nullptr;
  link->taken();
  // Freed by whoever has it last, on whatever thread, when it was answered or is lost.
  return {link.get(), [io = io_, to = to_](void*) {
            io->post([to] {
              if (const auto alive = to.lock())
                alive->answered();
            });
          }};
}

result<void> check(const listener_options& options) {
  if (!wire::parse_endpoint(options.address))
    return wrong("`listen` has to be ADDRESS:PORT");
  if (options.dialect.header == iso8583::length_header::none)
    return wrong("the dialect " + options.dialect.name + " has no length header");
  const bool has_files = !options.certificate.empty() && !options.key.empty();
  if (options.plain && (has_files || !options.ca.empty()))
    return wrong("`plain` and certificates exclude each other");
  if (options.plain)
    return {};
  if (!has_files)
    return wrong("`certificate` and `key` are needed, or `plain = true`");
  if (auto safe = security::check_key_file(options.key); !safe)
    return wrong(safe.error().message);
  if (auto usable = tls_of(options); !usable)
    return wrong(usable.error().message);
  return {};
}

struct listener::state {
  state(handle d, listener_options o)
      : desk{std::move(d)}, options{std::move(o)},
        dialect{std::make_shared<const iso8583::dialect>(options.dialect)},
        places{{.in_all = options.connections_max,
                .per_address = options.connections_per_address_max}} {}

  /// What ends with the listener; connections live in its pending handlers.
  struct reactor {
    reactor() : acceptor{io}, link{std::make_shared<api::io_link>(io)} {}

    asio::io_context io{1};
    tcp::acceptor acceptor;
    std::shared_ptr<api::io_link> link;
  };

  const handle desk;
  const listener_options options;
  const std::shared_ptr<const iso8583::dialect> dialect;
  wire::places places; ///< Those that are taken are in the reactor.
  std::shared_ptr<asio::ssl::context> tls;
  std::optional<reactor> loop{std::in_place};
  std::thread thread;
  std::uint16_t port = 0;

  asio::awaitable<void> accept_all();
  asio::awaitable<void> serve(tcp::socket socket, std::unique_ptr<wire::places::place> place);
  void take(const std::shared_ptr<terminal_line>& from, const std::string& payload) const;
};

asio::awaitable<void> listener::state::accept_all() {
  while (auto socket = co_await wire::accept_from(loop->acceptor)) {
    error_code gone;
    const auto from = socket->remote_endpoint(gone).address();
    auto place = gone ? nullptr : places.take(from);
    if (place != nullptr)
      asio::co_spawn(loop->io, serve(std::move(*socket), std::move(place)), asio::detached);
  }
}

asio::awaitable<void> listener::state::serve(tcp::socket socket,
                                             std::unique_ptr<wire::places::place> place) {
  auto stream = tls ? wire::make_secured(std::move(socket), tls, wire::tls_side::server)
                    : wire::make_plain(std::move(socket));
  const auto link = std::make_shared<wire::connection>(
      loop->io.get_executor(), std::move(stream), *dialect,
      wire::connection_limits{.unsent_bytes_max = options.unsent_bytes_max,
                              .unanswered_max = options.unanswered_max,
                              .first_frame_max = options.first_frame_max,
                              .silence_max = options.silence_max});
  const auto line = std::make_shared<terminal_line>(loop->link, link, dialect);
  co_await link->run(
      {.opened = [] {}, .payload = [&](const std::string& payload) { take(line, payload); }});
  line->closed();
  place.reset();
}

void listener::state::take(const std::shared_ptr<terminal_line>& from,
                           const std::string& payload) const {
  if (payload.empty()) // To see whether the connection lives.
    return;
  auto read = iso8583::decode(*dialect, payload);
  if (!read)
    return spdlog::warn("gateway_message_unreadable why=\"{}\"", to_string(read.error()));
  // While the desk restarts nobody is asked: the terminal will ask again.
  if (const caf::actor to = desk.current())
    caf::anon_send(to, heard{from, std::move(*read), from->begin_turn()});
}

result<std::unique_ptr<listener>> listener::start(const handle& desk, listener_options options) {
  if (auto good = check(options); !good)
    return tl::unexpected(good.error());
  auto made = std::make_unique<state>(desk, std::move(options));
  auto tls = tls_of(made->options);
  if (!tls)
    return tl::unexpected(tls.error());
  made->tls = std::move(*tls);
  if (auto opened = wire::open(made->loop->acceptor, *wire::parse_endpoint(made->options.address));
      !opened)
    return fail(opened.error().code, "gateway: " + opened.error().message);
  made->port = made->loop->acceptor.local_endpoint().port();
  asio::co_spawn(made->loop->io, made->accept_all(), asio::detached);
  made->thread = std::thread{[s = made.get()] { s->loop->io.run(); }};
  return std::unique_ptr<listener>{new listener{std::move(made)}};
}

listener::listener(std::unique_ptr<state> s) : state_{std::move(s)} {}

listener::~listener() {
  stop();
}

std::uint16_t listener::port() const noexcept {
  return state_->port;
}

std::size_t listener::connections() const noexcept {
  return state_->places.taken();
}

void listener::stop() {
  if (!state_->thread.joinable())
    return;
  state_->loop->io.stop();
  state_->thread.join();
  state_->loop->link->close();
  state_->loop.reset(); // With the connections that are in it.
}

} // namespace ducat::gateway
