/// What a connection of terminals is allowed to cost.

#include "wire/connection.hpp"

#include <ducat/iso8583/dialect.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace ducat::wire {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// A connection in this process; both ends run on `io`.
class Line : public ::testing::Test {
protected:
  void begin(const connection_limits& limits) {
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    peer.connect(acceptor.local_endpoint());
    link = std::make_shared<connection>(io.get_executor(), make_plain(acceptor.accept()),
                                        *iso8583::find_dialect("ascii87"), limits);
    asio::co_spawn(io,
                   link->run({.opened = [] {},
                              .payload =
                                  [this](const std::string&) {
                                    ++heard;
                                    link->taken();
                                  }}),
                   [this](const std::exception_ptr&) { has_ended = true; });
  }

  void send(const std::string& bytes) { asio::write(peer, asio::buffer(bytes)); }

  /// Runs until `wanted`.
  template <class Wanted>
  void run_until(Wanted wanted) {
    while (!wanted())
      ASSERT_EQ(io.run_one_for(60s), 1u);
  }

  static std::string frame() { return std::string{"\x00\x02xx", 4}; }

  asio::io_context io{1};
  tcp::socket peer{io};
  std::shared_ptr<connection> link;
  int heard = 0;
  bool has_ended = false;
};

TEST_F(Line, EndsIfThePeerDoesNotReadWhatItIsSent) {
  begin({.unsent_bytes_max = 100'000});
  const std::string answer(10'000, 'x');
  for (int i = 0; i < 10; ++i)
    link->send(answer);
  io.poll();
  EXPECT_FALSE(has_ended);
  for (int i = 0; i < 10'000 && !has_ended; ++i) { // More than the system takes by itself.
    link->send(answer);
    io.poll();
  }
  run_until([&] { return has_ended; });
}

/// Takes nothing of what is written to it.
class deaf_stream final : public byte_stream {
public:
  explicit deaf_stream(const asio::any_io_executor& io)
      : never_{io, asio::steady_timer::time_point::max()} {}

  asio::awaitable<error_code> open() override { co_return error_code{}; }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer, error_code& failure) override {
    co_await never_.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    co_return 0;
  }

  asio::awaitable<error_code> write(const std::string&) override {
    error_code failure;
    co_await never_.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    co_return failure;
  }

  void close() override { never_.cancel(); }

private:
  asio::steady_timer never_;
};

TEST_F(Line, EndsWithOneByteMoreThanMayWait) {
  for (const std::size_t waiting : {99U, 100U, 101U}) {
    asio::io_context own{1};
    const auto deaf = std::make_shared<connection>(
        own.get_executor(), std::make_unique<deaf_stream>(own.get_executor()),
        *iso8583::find_dialect("ascii87"), connection_limits{.unsent_bytes_max = 100});
    bool is_over = false;
    asio::co_spawn(own, deaf->run({.opened = [] {}, .payload = [](const std::string&) {}}),
                   [&](const std::exception_ptr&) { is_over = true; });
    own.poll();
    deaf->send(std::string(waiting - 1, 'x')); // This is being written,
    own.poll();
    deaf->send("y"); // and this waits.
    own.poll();
    EXPECT_EQ(is_over, waiting > 100) << waiting;
    deaf->close();
    own.poll();
  }
}

TEST_F(Line, IsReadOnlyUntilThereIsTooMuchToAnswer) {
  begin({.unanswered_max = 2});
  for (int i = 0; i < 5; ++i)
    send(frame());
  run_until([&] { return heard >= 2; });
  io.poll();
  EXPECT_EQ(heard, 2);
  link->answered();
  run_until([&] { return heard >= 3; });
  io.poll();
  EXPECT_EQ(heard, 3);
  link->answered();
  link->answered();
  run_until([&] { return heard >= 5; });
}

TEST_F(Line, EndsIfItsFirstFrameIsNotWholeInTime) {
  begin({.first_frame_max = 20ms});
  send(frame().substr(0, 3));
  run_until([&] { return has_ended; });
  EXPECT_EQ(heard, 0);
}

TEST_F(Line, EndsAfterASilence) {
  begin({.first_frame_max = 1h, .silence_max = 20ms});
  send(frame());
  run_until([&] { return has_ended; });
  EXPECT_EQ(heard, 1);
}

TEST_F(Line, HasNoLimitUnlessItIsGivenOne) {
  begin({});
  for (int i = 0; i < 500; ++i)
    send(frame());
  link->send(std::string(2'000'000, 'x'));
  run_until([&] { return heard >= 500; });
  EXPECT_FALSE(has_ended);
  peer.close();
  run_until([&] { return has_ended; });
}

} // namespace
} // namespace ducat::wire
