/// Bytes that nobody should send, to every port of a real node: each is answered with an error or
/// the connection is closed, the node stays, and a client that pays meanwhile sees nothing of it.

#include "api/raw_connection.hpp"
#include "bad_input/bad_bytes.hpp"
#include "bad_input/canary.hpp"
#include "bad_input/served_node.hpp"
#include "up/cluster_process.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>
#include <set>

namespace ducat::bad_input {
namespace {

using ::testing::IsEmpty;

std::uint64_t seed() {
  const char* const given = std::getenv("DUCAT_SEED");
  return given != nullptr ? std::stoull(given) : std::random_device{}();
}

#ifdef DUCAT_ADDRESS_SANITIZED
constexpr int passes = 1; // It keeps what was freed: memory is not looked at.
#else
constexpr int passes = 5;
#endif

/// What came of some bytes.
struct reaction {
  std::string answer;
  bool is_closed = false;
};

reaction send_to(int port, const bad_bytes& what) {
  testing::raw_connection connection{port};
  if (what.in_pieces)
    for (const char each : what.bytes)
      connection.send({&each, 1});
  else
    connection.send(what.bytes);
  connection.end();
  const std::string answer = connection.receive_all();
  return {.answer = answer, .is_closed = !connection.has_timed_out()};
}

/// Returns the status of an answer over HTTP/1.1; 0 if it is none.
int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

/// A line of the table of docs/security.md.
void note(const std::string& port, const bad_bytes& what, const reaction& seen) {
  std::ofstream{DUCAT_MATRIX, std::ios::app}
      << "| " << what.name << " | " << port << " | "
      << (seen.answer.empty()           ? "closed"
          : status_of(seen.answer) != 0 ? std::to_string(status_of(seen.answer))
                                        : std::to_string(seen.answer.size()) + " bytes, closed")
      << " |\n";
}

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

  /// Sends each class again and again: what an allocator keeps of the first times is no growth.
  void send_all(const std::string& port, const classes& all,
                const std::function<void(const bad_bytes&, const reaction&)>& check = {}) {
    for (const bad_bytes& each : all)
      send_one(port, each, check);
    for (int i = 0; i < passes; ++i)
      send_again(port, all);
    const long before = node_.memory_kib();
    const long open_before = node_.descriptors();
    for (int i = 0; i < passes; ++i)
      send_again(port, all);
    expect_no_growth(before, open_before);
  }

  void send_again(const std::string& port, const classes& all) {
    for (const bad_bytes& each : all)
      (void)send_to(node_.port(port), each);
    alone_.wait_for_another();
  }

  void send_one(const std::string& port, const bad_bytes& what,
                const std::function<void(const bad_bytes&, const reaction&)>& check) {
    SCOPED_TRACE(what.name);
    const reaction seen = send_to(node_.port(port), what);
    note(port, what, seen);
    EXPECT_TRUE(seen.is_closed) << "the node waits for more";
    if (check)
      check(what, seen);
    alone_.wait_for_another();
    ASSERT_TRUE(node_.program().is_running()) << node_.log();
  }

  void expect_no_growth(long before, long open_before) {
#ifndef DUCAT_ADDRESS_SANITIZED
    EXPECT_LT(node_.memory_kib(), before + (32 << 10)) << "KiB";
#else
    (void)before;
#endif
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (node_.descriptors() > open_before + 4 && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    EXPECT_LE(node_.descriptors(), open_before + 4) << "connections are left";
  }

  const std::uint64_t seed_ = seed();
  served_node node_;
  canary alone_{node_.address("grpc")};
};

/// Nothing wrong is ever done.
void expect_a_refusal(const bad_bytes& what, const reaction& seen) {
  const int status = status_of(seen.answer);
  EXPECT_TRUE(status == 0 || status >= 400) << what.name << ": " << seen.answer;
}

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
    const reaction seen = send_to(node.link, each);
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
