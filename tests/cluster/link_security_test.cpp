/// Who may use a link, and who is believed to be the node at its other end.

#include "api/raw_connection.hpp"
#include "cluster/tls.hpp"
#include "link.grpc.pb.h"
#include "link_world.hpp"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>

#include <fstream>
#include <sstream>

namespace ducat::cluster {
namespace {

using namespace ducat::testing;
namespace pb = ducat::link::v1;

/// Node "n2" is served, and answers with what it is asked.
class LinkSecurity : public ::testing::Test {
protected:
  LinkSecurity() { server_.answer_with_body(); }

  link_authority ca_;
  test_server server_{ca_.node("n2")};
};

/// Returns whether a link comes up, and carries asks, or breaks before it ever was up.
::testing::AssertionResult is_let_in(const security::credentials& tls, int port) {
  test_link link{tls, port};
  if (!link.becomes(link_state::up))
    return ::testing::AssertionFailure() << "it did not come up";
  const auto done = link.ask_and_wait("x");
  if (!done)
    return ::testing::AssertionFailure() << done.error();
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult is_kept_out(const security::credentials& tls, int port) {
  test_link link{tls, port};
  if (!link.becomes(link_state::broken))
    return ::testing::AssertionFailure() << "it did not break";
  if (link.was(link_state::up))
    return ::testing::AssertionFailure() << "it was up";
  if (const auto done = link.ask_and_wait("x"); done)
    return ::testing::AssertionFailure() << "it was answered";
  return ::testing::AssertionSuccess();
}

// Who calls --------------------------------------------------------------------------------------

TEST_F(LinkSecurity, LetsNodesOfTheClusterIn) {
  EXPECT_TRUE(is_let_in(ca_.node("n1"), server_.port()));
}

TEST_F(LinkSecurity, KeepsClientsOut) {
  EXPECT_TRUE(is_kept_out(ca_.client("till"), server_.port()));
  EXPECT_EQ(server_.count(), 0u);
}

TEST_F(LinkSecurity, KeepsNodesOfAnotherAuthorityOut) {
  const link_authority other;
  security::credentials stranger = other.node("n1");
  stranger.ca = ca_.file(); // It trusts this cluster, which does not help it.
  EXPECT_TRUE(is_kept_out(stranger, server_.port()));
  EXPECT_EQ(server_.count(), 0u);
}

TEST_F(LinkSecurity, KeepsNodesOfAnotherClusterOut) {
  const link_authority other{"toys"};
  security::credentials stranger = other.node("n1");
  stranger.ca = ca_.file();
  EXPECT_TRUE(is_kept_out(stranger, server_.port()));
  EXPECT_EQ(server_.count(), 0u);
}

TEST_F(LinkSecurity, KeepsNodesOutWhoseCertificateHasExpired) {
  EXPECT_TRUE(is_kept_out(ca_.expired_node("n1"), server_.port()));
  EXPECT_EQ(server_.count(), 0u);
}

// Who is called ----------------------------------------------------------------------------------

TEST_F(LinkSecurity, DoesNotTalkToAnotherNodeThanItCalls) {
  test_server other{ca_.node("n3")};
  other.answer_with_body();
  EXPECT_TRUE(is_kept_out(ca_.node("n1"), other.port()));
  EXPECT_EQ(other.count(), 0u);
}

TEST_F(LinkSecurity, DoesNotTalkToAClientThatListens) {
  const link_authority ca;
  const test_server there{ca.client("n2")};
  EXPECT_TRUE(is_kept_out(ca.node("n1"), there.port()));
}

TEST_F(LinkSecurity, DoesNotTalkToANodeOfAnotherAuthority) {
  const link_authority other;
  security::credentials stranger = other.node("n2");
  stranger.ca = ca_.file();
  const test_server there{stranger};
  EXPECT_TRUE(is_kept_out(ca_.node("n1"), there.port()));
}

TEST_F(LinkSecurity, DoesNotTalkToANodeWhoseCertificateHasExpired) {
  const test_server there{ca_.expired_node("n2")};
  EXPECT_TRUE(is_kept_out(ca_.node("n1"), there.port()));
}

// How it is called -------------------------------------------------------------------------------

/// How a call ended that sent one ask.
struct raw_outcome {
  grpc::Status status;
  std::optional<pb::Answer> answer;
};

struct raw_call {
  std::optional<std::string> version = "1"; ///< Of the link; nothing: it is not said.
  pb::Ask ask;
};

raw_outcome call(const std::shared_ptr<grpc::ChannelCredentials>& how, int port,
                 const raw_call& what) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("n2");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto stub = pb::Link::NewStub(
      grpc::CreateCustomChannel("ipv4:127.0.0.1:" + std::to_string(port), how, arguments));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + patience);
  if (what.version)
    context.AddMetadata("ducat-link-version", *what.version);
  const auto stream = stub->Carry(&context);
  stream->Write(what.ask);
  raw_outcome outcome;
  if (pb::Answer answer; stream->Read(&answer))
    outcome.answer = std::move(answer);
  stream->WritesDone();
  outcome.status = stream->Finish();
  return outcome;
}

raw_call call_of_version(std::optional<std::string> version) {
  raw_call made;
  made.version = std::move(version);
  made.ask.set_id(7);
  made.ask.set_body("x");
  made.ask.set_timeout_ms(1'000);
  return made;
}

TEST_F(LinkSecurity, SpeaksOneVersionOfTheLinkOnly) {
  const auto how = channel_credentials(ca_.node("n1"));
  const auto known = call(how, server_.port(), call_of_version("1"));
  ASSERT_TRUE(known.answer);
  EXPECT_EQ(known.answer->id(), 7u);
  EXPECT_EQ(known.answer->body(), "x");
  EXPECT_TRUE(known.status.ok()) << known.status.error_message();
  for (const auto& version : {std::optional<std::string>{"2"}, {""}, {"1.0"}, {std::nullopt}}) {
    const auto refused = call(how, server_.port(), call_of_version(version));
    EXPECT_FALSE(refused.answer);
    EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(refused.status.error_message(), "this node speaks version 1 of the link");
  }
  EXPECT_EQ(server_.count(), 1u);
}

TEST_F(LinkSecurity, TellsAClientThatOnlyNodesMayUseLinks) {
  const auto refused =
      call(channel_credentials(ca_.client("till")), server_.port(), call_of_version("1"));
  EXPECT_FALSE(refused.answer);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(refused.status.error_message(), "not_permitted: only nodes may use links");
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  std::ofstream{path, std::ios::binary} << text;
}

// An operator may trust a second authority, while the first one is replaced.
TEST_F(LinkSecurity, TellsANodeOfAnotherClusterSoIfItTrustsItsAuthority) {
  const link_authority other{"toys"};
  const temporary_directory home;
  security::credentials both = ca_.node("n2");
  both.ca = home.path() / "both.crt";
  write_text(both.ca, text_of(ca_.file()) + text_of(other.file()));
  const test_server server{both};
  security::credentials stranger = other.node("n1");
  stranger.ca = both.ca;
  EXPECT_TRUE(is_kept_out(stranger, server.port()));
  const auto refused = call(channel_credentials(stranger), server.port(), call_of_version("1"));
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(refused.status.error_message(), "other_cluster: this is a node of cluster shop");
  EXPECT_EQ(server.count(), 0u);
}

// A deadline beyond all clocks is as good as the longest.
TEST_F(LinkSecurity, BoundsTheDeadlineThatItIsTold) {
  const auto how = channel_credentials(ca_.node("n1"));
  for (const std::uint64_t timeout : {std::uint64_t{60'001}, std::uint64_t{1} << 62,
                                      ~std::uint64_t{0} / 1'000'000, ~std::uint64_t{0}}) {
    test_server server{ca_.node("n2")};
    raw_call what = call_of_version("1");
    what.ask.set_timeout_ms(timeout);
    auto calling = std::async(std::launch::async, [&] { return call(how, server.port(), what); });
    const auto taken = server.next();
    const auto left = taken.ask.deadline - std::chrono::steady_clock::now();
    EXPECT_GT(left, 0s) << timeout;
    EXPECT_LE(left, 60s) << timeout;
    taken.respond("");
    calling.get();
  }
}

TEST_F(LinkSecurity, SaysNothingWithoutTls) {
  const auto refused =
      call(grpc::InsecureChannelCredentials(), server_.port(), call_of_version("1"));
  EXPECT_FALSE(refused.answer);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(server_.count(), 0u);
  raw_connection plain{server_.port()};
  plain.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  plain.send(std::string(9, '\0'));
  plain.end();
  const std::string said = plain.receive_all();
  EXPECT_TRUE(said.empty() || said[0] == '\x15') << "no more than an alert of TLS";
  EXPECT_LE(said.size(), 7u);
}

TEST_F(LinkSecurity, SaysNothingToWhoShowsNoCertificate) {
  const security::credentials own = ca_.node("n2");
  const auto refused =
      call(grpc::SslCredentials(
               {.pem_root_certs = text_of(own.ca), .pem_private_key = {}, .pem_cert_chain = {}}),
           server_.port(), call_of_version("1"));
  EXPECT_FALSE(refused.answer);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(server_.count(), 0u);
}

// Renewal ----------------------------------------------------------------------------------------

TEST_F(LinkSecurity, ShowsARenewedCertificateWithoutARestart) {
  test_link link{ca_.expired_node("n1"), server_.port()};
  ASSERT_TRUE(link.becomes(link_state::broken));
  ca_.node("n1");
  EXPECT_TRUE(link.becomes(link_state::up));
  EXPECT_EQ(link.ask_and_wait("x").value(), "x");
}

TEST_F(LinkSecurity, ServesWithARenewedCertificateWithoutARestart) {
  test_server server{ca_.expired_node("n2")};
  server.answer_with_body();
  test_link link{ca_.node("n1"), server.port()};
  ASSERT_TRUE(link.becomes(link_state::broken));
  ca_.node("n2");
  EXPECT_TRUE(link.becomes(link_state::up));
  EXPECT_EQ(link.ask_and_wait("x").value(), "x");
}

TEST_F(LinkSecurity, TrustsAnotherAuthorityWithoutARestart) {
  const link_authority next;
  const temporary_directory home;
  security::credentials own = ca_.node("n2");
  own.ca = home.path() / "ca.crt";
  write_text(own.ca, text_of(ca_.file()));
  test_server server{own};
  server.answer_with_body();
  security::credentials renewed = next.node("n1");
  renewed.ca = ca_.file();
  test_link link{renewed, server.port()};
  ASSERT_TRUE(link.becomes(link_state::broken));
  write_text(own.ca, text_of(ca_.file()) + text_of(next.file()));
  EXPECT_TRUE(link.becomes(link_state::up));
}

// A connection is checked when it is made.
TEST_F(LinkSecurity, KeepsAConnectionWhileItsFilesAreRenewed) {
  test_link link{ca_.node("n1"), server_.port()};
  ASSERT_TRUE(link.becomes(link_state::up));
  ca_.node("n1");
  ca_.node("n2");
  test_link other{ca_.node("n4"), server_.port()};
  ASSERT_TRUE(other.becomes(link_state::up));
  EXPECT_EQ(link.ask_and_wait("x").value(), "x");
  EXPECT_FALSE(link.was(link_state::broken));
}

} // namespace
} // namespace ducat::cluster
