/// Bytes that nobody should send, to every port of a real node: each is answered with an error or
/// the connection is closed, the node stays, and a client that pays meanwhile sees nothing of it.

#include "api/raw_connection.hpp"
#include "bad_input/bad_bytes.hpp"
#include "bad_input/canary.hpp"
#include "bad_input/reaction.hpp"
#include "bad_input/served_node.hpp"
#include "up/cluster_process.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <gmock/gmock.h>

#include <functional>
#include <iostream>
#include <set>

namespace ducat::bad_input {
namespace {

using ::testing::IsEmpty;

class BadInput : public ::testing::Test {
protected:
  void SetUp() override {
    std::cout << "DUCAT_SEED=" << seed_ << '\n';
    alone_.wait_for_another();
  }

  void TearDown() override {
    alone_.wait_for_another();
    EXPECT_THAT(alone_.failures(), IsEmpty());
    EXPECT_TRUE(node_.program().is_running());
    std::cout << "paid meanwhile: " << alone_.paid() << ", the longest took "
              << alone_.longest().count() << " ms\n";
  }

  /// Sends each class and looks what comes of it, and all of them again.
  void send_all(const std::string& port, const classes& all,
                const std::function<void(const bad_bytes&, const reaction&)>& check = {}) {
    for (const bad_bytes& each : all)
      send_one(port, each, check);
    expect_no_growth(node_, [&] {
      for (const bad_bytes& each : all)
        (void)sent_in_the_clear(node_.port(port), each);
      alone_.wait_for_another();
    });
  }

  void send_one(const std::string& port, const bad_bytes& what,
                const std::function<void(const bad_bytes&, const reaction&)>& check) {
    SCOPED_TRACE(what.name);
    const reaction seen = sent_in_the_clear(node_.port(port), what);
    note(port, what, seen);
    EXPECT_TRUE(seen.is_closed) << "the node waits for more";
    if (check)
      check(what, seen);
    alone_.wait_for_another();
    ASSERT_TRUE(node_.program().is_running()) << node_.log();
  }

  const std::uint64_t seed_ = seed();
  served_node node_;
  canary alone_{node_.address("grpc")};
};

TEST_F(BadInput, ToThePortOfHttp) {
  send_all("http", plain_bytes(seed_));
  send_all("http", bytes_of_http("/v1/payments"), expect_a_refusal);
}

TEST_F(BadInput, ToThePortOfGrpc) {
  send_all("grpc", plain_bytes(seed_));
  send_all("grpc", bytes_of_http2());
}

TEST_F(BadInput, ToThePortForThoseWhoWatch) {
  send_all("metrics", plain_bytes(seed_));
  send_all("metrics", bytes_of_http("/metrics"), expect_a_refusal);
}

TEST_F(BadInput, ToThePortForTerminals) {
  {
    testing::raw_connection good{node_.port("iso8583")};
    good.send(good_iso8583());
    EXPECT_THAT(good.receive(), ::testing::HasSubstr("0210")) << "the others are wrong in all";
  }
  send_all("iso8583", plain_bytes(seed_));
  send_all("iso8583", bytes_of_iso8583());
}

TEST(BadBytes, AreManyClasses) {
  std::size_t count = 0;
  for (const classes& all :
       {plain_bytes(1), bytes_of_http("/"), bytes_of_http2(), bytes_of_iso8583()}) {
    std::set<std::string> names;
    for (const bad_bytes& each : all)
      EXPECT_TRUE(names.insert(each.name).second) << each.name;
    count += names.size();
  }
  EXPECT_GE(count, 140u);
}

// Nodes speak to each other over mutual TLS: whoever has no certificate gets no further, and what
// comes from one who has is read as carefully.
TEST(BadInputOfNodes, ToThePortForNodes) {
  namespace asio = boost::asio;
  const std::uint64_t used = seed();
  std::cout << "DUCAT_SEED=" << used << '\n';
  const testing::temporary_directory directory;
  auto cluster = cli::cluster_process::start(
      {.program = DUCAT_PROGRAM, .directory = directory.path() / "cluster", .nodes = 1});
  ASSERT_TRUE(cluster) << cluster.error();
  const cli::node_place node = (*cluster)->layout().nodes.front();
  canary alone{(*cluster)->endpoint(node.name)};
  const auto readies = (*cluster)->readies(node.name);
  const auto certificate = [&](const char* name) {
    return (directory.path() / "cluster" / "certs" / name).string();
  };
  for (const bad_bytes& each : plain_bytes(used)) {
    SCOPED_TRACE(each.name);
    const reaction seen = sent_in_the_clear(node.link, each);
    note("link", each, seen);
    EXPECT_TRUE(seen.is_closed);
    alone.wait_for_another();

    asio::io_context io;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    tls.use_certificate_chain_file(certificate("node1.crt"));
    tls.use_private_key_file(certificate("node1.key"), asio::ssl::context::pem);
    asio::ssl::stream<asio::ip::tcp::socket> stream{io, tls};
    stream.next_layer().connect({asio::ip::address_v4::loopback(), node.link});
    boost::system::error_code failed;
    stream.handshake(asio::ssl::stream_base::client, failed);
    ASSERT_FALSE(failed) << failed.message();
    asio::write(stream, asio::buffer(each.bytes),
                failed); // The node may have closed before its end.
    stream.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, failed);
    std::string answer(1 << 16, '\0');
    std::size_t size = 0;
    for (failed.clear(); !failed;)
      size += stream.read_some(asio::buffer(answer), failed);
    note("link, behind TLS", each, {.answer = std::string(size, 'x'), .is_closed = true});
    alone.wait_for_another();
  }
  EXPECT_THAT(alone.failures(), IsEmpty());
  EXPECT_EQ((*cluster)->readies(node.name), readies) << "the node was started again";
}

} // namespace
} // namespace ducat::bad_input
