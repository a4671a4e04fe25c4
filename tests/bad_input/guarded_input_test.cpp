/// Bytes that nobody should send, to the ports of a node that asks who calls: to its TLS, and
/// behind it as nobody and as a merchant.

#include "api/authority.hpp"
#include "api/tls_connection.hpp"
#include "bad_input/bad_bytes.hpp"
#include "bad_input/bad_tokens.hpp"
#include "bad_input/canary.hpp"
#include "bad_input/reaction.hpp"
#include "bad_input/served_node.hpp"

#include <ducat/token.hpp>
#include <ducat/v1/account.grpc.pb.h>

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>

#include <algorithm>
#include <functional>
#include <iostream>

namespace ducat::bad_input {
namespace {

using api::test::authority;
using security::role;
using testing::tls_papers;
using sender = std::function<reaction(const bad_bytes&)>;
using checker = std::function<void(const bad_bytes&, const reaction&)>;

std::filesystem::path keys_of(const authority& by) {
  return by.path() / "keys";
}

std::string access_table(const authority& by) {
  const auto own = by.node("node1");
  EXPECT_TRUE(security::make_token_key(keys_of(by), "k1"));
  return "[access]\nca = \"" + by.ca().string() + "\"\ncertificate = \"" +
         own.certificate.string() + "\"\nkey = \"" + own.key.string() + "\"\ntoken_keys = \"" +
         keys_of(by).string() + "\"\n";
}

std::shared_ptr<grpc::ChannelCredentials> papers_of(const authority& by, role who,
                                                    const std::string& name) {
  const auto own = by.of(who, name);
  return grpc::SslCredentials({.pem_root_certs = api::test::text_of(by.ca()),
                               .pem_private_key = api::test::text_of(own.key),
                               .pem_cert_chain = api::test::text_of(own.certificate)});
}

class GuardedInput : public ::testing::Test {
protected:
  void SetUp() override {
    std::cout << "DUCAT_SEED=" << seed_ << '\n';
    alone_.wait_for_another();
  }

  /// Nobody but the canary has moved any money.
  void TearDown() override {
    alone_.wait_for_another();
    alone_.stop();
    EXPECT_THAT(alone_.failures(), ::testing::IsEmpty());
    EXPECT_EQ(alone_.received(), static_cast<std::int64_t>(alone_.paid()));
    EXPECT_TRUE(node_.program().is_running());
  }

  /// Sends each class and looks what comes of it.
  void send_each(const std::string& way, const classes& all, const sender& sent,
                 const checker& check) {
    for (const bad_bytes& each : all) {
      SCOPED_TRACE(way + ": " + each.name);
      const reaction seen = sent(each);
      note(way, each, seen);
      EXPECT_TRUE(seen.is_closed) << "the node waits for more";
      if (check)
        check(each, seen);
      alone_.wait_for_another();
      ASSERT_TRUE(node_.program().is_running()) << node_.log();
    }
  }

  /// The same, and all of them again.
  void send_all(const std::string& way, const classes& all, const sender& sent,
                const checker& check = {}) {
    send_each(way, all, sent, check);
    expect_no_growth(node_, [&] {
      for (const bad_bytes& each : all)
        (void)sent(each);
    });
  }

  sender to_tls(const std::string& port) const {
    return [to = node_.port(port)](const bad_bytes& what) { return sent_in_the_clear(to, what); };
  }

  sender behind_tls(const std::string& port, const tls_papers& shown) const {
    return [to = node_.port(port), shown](const bad_bytes& what) {
      testing::tls_connection connection{to, shown};
      return send_to(connection, what);
    };
  }

  /// Returns what the merchant shows who owns the accounts of the canary.
  tls_papers merchant(const std::string& protocol) const {
    const auto own = ours_.of(role::merchant, "kiosk");
    return {.certificate = own.certificate.string(), .key = own.key.string(), .protocol = protocol};
  }

  const std::uint64_t seed_ = seed();
  const authority ours_;
  served_node node_{access_table(ours_)};
  canary alone_{node_.address("grpc"),
                {.to_open = papers_of(ours_, role::admin, "root"),
                 .to_pay = papers_of(ours_, role::merchant, "kiosk"),
                 .owner = "kiosk"}};
};

classes both(classes all, const classes& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Returns whether it is a request whose head is good.
bool has_a_good_head(const bad_bytes& what) {
  const auto kinds = {"body: ", "amount: ", "currency: ", "accounts: "};
  return std::ranges::any_of(kinds, [&](const char* kind) { return what.name.starts_with(kind); });
}

const bad_bytes good_request{"a good request",
                             "GET /v1/payments HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"};

TEST_F(GuardedInput, ToTheTlsOfHttpAndGrpc) {
  send_all("http, TLS", plain_bytes(seed_), to_tls("http"));
  send_all("grpc, TLS", plain_bytes(seed_), to_tls("grpc"));
}

TEST_F(GuardedInput, ToHttpBehindTlsAsNobody) {
  const auto sent = behind_tls("http", {});
  EXPECT_EQ(status_of(sent(good_request).answer), 401);
  send_all("http, nobody", plain_bytes(seed_), sent);
  send_all("http, nobody", bytes_of_http("/v1/payments"), sent,
           [](const bad_bytes& what, const reaction& seen) {
             expect_a_refusal(what, seen);
             if (has_a_good_head(what)) {
               EXPECT_EQ(status_of(seen.answer), 401) << seen.answer;
             }
           });
}

TEST_F(GuardedInput, ToHttpBehindTlsAsAMerchant) {
  const auto sent = behind_tls("http", merchant(""));
  EXPECT_EQ(status_of(sent(good_request).answer), 200) << "the others are wrong in all";
  send_all("http, merchant", plain_bytes(seed_), sent);
  send_all("http, merchant", bytes_of_http("/v1/payments"), sent,
           [](const bad_bytes& what, const reaction& seen) {
             expect_a_refusal(what, seen);
             EXPECT_NE(status_of(seen.answer), 401) << seen.answer;
           });
}

TEST_F(GuardedInput, ToHttpAndGrpcWithBadTokensBesideAGoodCertificate) {
  const testing::temporary_directory strangers;
  ASSERT_TRUE(security::make_token_key(strangers.path(), "k1"));
  const auto key = keys_of(ours_) / "k1.key";
  const auto by_http = behind_tls("http", merchant(""));
  const auto request = [](const std::string& fields) {
    return bad_bytes{"", "GET /v1/accounts HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"};
  };
  const auto channel =
      grpc::CreateChannel(node_.address("grpc"), papers_of(ours_, role::merchant, "kiosk"));
  const auto by_grpc = [&](const std::vector<std::string>& values) {
    grpc::ClientContext context;
    for (const std::string& each : values)
      context.AddMetadata("authorization", each);
    v1::ListAccountsReply reply;
    return v1::Accounts::NewStub(channel)->ListAccounts(&context, {}, &reply).error_code();
  };
  const std::string good = "Bearer " + good_token(key);
  const std::string header = "Authorization: ";
  EXPECT_EQ(status_of(by_http(request(header + good + "\r\nConnection: close\r\n")).answer), 200);
  EXPECT_EQ(by_grpc({good}), grpc::StatusCode::OK) << "the others are wrong";
  for (const bad_token& each : bad_tokens(key, strangers.path() / "k1.key")) {
    SCOPED_TRACE(each.name);
    const reaction seen = by_http(request(header + each.authorization + "\r\n"));
    note("http, token", {each.name, ""}, seen);
    EXPECT_EQ(status_of(seen.answer), 401) << seen.answer;
    EXPECT_EQ(by_grpc({each.authorization}), grpc::StatusCode::UNAUTHENTICATED);
  }
  const auto twice = request(header + good + "\r\n" + header + good + "\r\n");
  EXPECT_EQ(status_of(by_http(twice).answer), 400) << "which of them counts?";
  EXPECT_EQ(by_grpc({good, good}), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(GuardedInput, ToGrpcBehindTlsAsNobodyAndAsAMerchant) {
  const classes all = both(plain_bytes(seed_), bytes_of_http2());
  send_each("grpc, nobody", all, behind_tls("grpc", {.protocol = "h2"}), {});
  send_all("grpc, merchant", all, behind_tls("grpc", merchant("h2")));
}

} // namespace
} // namespace ducat::bad_input
