/// What a connection of terminals is allowed to cost.

#include "wire/connection.hpp"

#include <ducat/iso8583/dialect.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace ducat::wire {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

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
