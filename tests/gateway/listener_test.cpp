/// How many connections the port for terminals serves, and of whom.

#include "api/raw_connection.hpp"
#include "device/test_authority.hpp"
#include "gateway/listener.hpp"

#include <ducat/iso8583/codec.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace ducat::gateway {
namespace {

using ducat::testing::raw_connection;

class Listener : public ::testing::Test {
protected:
  static std::unique_ptr<listener> start(std::size_t all, std::size_t per_address) {
    return listener::start({}, {.plain = true,
                                .dialect = *iso8583::find_dialect("ascii87"),
                                .connections_max = all,
                                .connections_per_address_max = per_address})
        .value();
  }

  std::unique_ptr<raw_connection> connect(const listener& to) {
    return std::make_unique<raw_connection>(to.port());
  }

  static void wait_for(const listener& of, std::size_t connections) {
    while (of.connections() != connections)
      std::this_thread::yield();
  }

  /// As many as it takes are served, one more is closed, and there is room again when one goes.
  void expect_room_for(const listener& of, std::size_t most) {
    std::vector<std::unique_ptr<raw_connection>> served;
    for (std::size_t i = 1; i <= most; ++i) {
      served.push_back(connect(of));
      wait_for(of, i);
    }
    const auto one_more = connect(of);
    EXPECT_EQ(one_more->receive(), "");
    EXPECT_FALSE(one_more->has_timed_out()) << "it was not closed";
    EXPECT_EQ(of.connections(), most);
    served.pop_back();
    wait_for(of, most - 1);
    served.push_back(connect(of));
    wait_for(of, most);
  }
};

TEST_F(Listener, ServesSoManyConnections) {
  expect_room_for(*start(3, 1'000), 3);
}

TEST_F(Listener, ServesSoManyOfOneAddress) {
  expect_room_for(*start(1'000, 3), 3);
}

/// Returns whether a client that speaks TLS up to `newest` gets through.
bool is_let_in(const listener& of, int newest) {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  SSL_CTX_set_max_proto_version(tls.native_handle(), newest);
  asio::ssl::stream<asio::ip::tcp::socket> stream{io, tls};
  stream.next_layer().connect({asio::ip::address_v4::loopback(), of.port()});
  boost::system::error_code failed;
  stream.handshake(asio::ssl::stream_base::client, failed);
  return !failed;
}

TEST_F(Listener, SpeaksTls13UnlessTls12IsAllowed) {
  const device::test::test_authority bank;
  const auto files = bank.host("gateway");
  listener_options options{.certificate = files.certificate,
                           .key = files.key,
                           .dialect = *iso8583::find_dialect("ascii87")};
  const auto strict = listener::start({}, options).value();
  EXPECT_TRUE(is_let_in(*strict, TLS1_3_VERSION));
  EXPECT_FALSE(is_let_in(*strict, TLS1_2_VERSION));
  options.allows_tls_1_2 = true;
  const auto lenient = listener::start({}, options).value();
  EXPECT_TRUE(is_let_in(*lenient, TLS1_2_VERSION));
  EXPECT_FALSE(is_let_in(*lenient, TLS1_1_VERSION));
}

} // namespace
} // namespace ducat::gateway
