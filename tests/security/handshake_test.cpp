/// What was issued, in the hands of a TLS library: both ends show a certificate, in memory.

#include "security/certificate_world.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace ducat::security {
namespace {

using namespace ducat::testing;

struct ssl_free {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }

  void operator()(SSL* end) const noexcept { SSL_free(end); }
};

using context_ptr = std::unique_ptr<SSL_CTX, ssl_free>;
using end_ptr = std::unique_ptr<SSL, ssl_free>;

/// Returns what an end with these files needs: it asks for the other's certificate, at noon.
context_ptr context_of(const SSL_METHOD* method, const credentials& files) {
  context_ptr context{SSL_CTX_new(method)};
  EXPECT_EQ(
      SSL_CTX_use_certificate_file(context.get(), files.certificate.c_str(), SSL_FILETYPE_PEM), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM), 1);
  EXPECT_EQ(SSL_CTX_load_verify_file(context.get(), files.ca.c_str()), 1);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  X509_VERIFY_PARAM* const rules = SSL_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(rules, noon.time_since_epoch().count());
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
  return context;
}

/// Returns whether `client`, which looks for `host`, and `server` accept each other.
bool shake_hands(const credentials& client, const credentials& server, const std::string& host) {
  const context_ptr client_context = context_of(TLS_client_method(), client);
  const context_ptr server_context = context_of(TLS_server_method(), server);
  const end_ptr caller{SSL_new(client_context.get())};
  const end_ptr called{SSL_new(server_context.get())};
  X509_VERIFY_PARAM* const rules = SSL_get0_param(caller.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1)
    X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size());
  BIO* one = nullptr;
  BIO* other = nullptr;
  EXPECT_EQ(BIO_new_bio_pair(&one, 0, &other, 0), 1);
  SSL_set_bio(caller.get(), one, one);
  SSL_set_bio(called.get(), other, other);
  int caller_is_done = 0;
  int called_is_done = 0;
  for (int i = 0; i < 10; ++i) {
    caller_is_done = SSL_connect(caller.get());
    called_is_done = SSL_accept(called.get());
  }
  return caller_is_done == 1 && called_is_done == 1;
}

class Handshake : public ::testing::Test {
protected:
  credentials node(const std::string& id, std::vector<std::string> hosts = {}) const {
    return ca_.credentials_of(ca_.node(id, std::move(hosts)));
  }

  cluster_ca ca_;
};

TEST_F(Handshake, NodesAcceptEachOtherByEveryNameTheyHave) {
  const auto caller = node("n1");
  const auto called = node("n2", {"n2.ducat.example", "10.0.0.7", "2001:db8::7"});
  for (const char* host :
       {"n2", "localhost", "127.0.0.1", "n2.ducat.example", "10.0.0.7", "2001:db8::7"})
    EXPECT_TRUE(shake_hands(caller, called, host)) << host;
}

TEST_F(Handshake, NobodyAcceptsANodeByAnotherName) {
  for (const char* host : {"n1", "n3", "10.0.0.7", "n2.example"})
    EXPECT_FALSE(shake_hands(node("n1"), node("n2"), host)) << host;
}

TEST_F(Handshake, ANodeAcceptsAClient) {
  EXPECT_TRUE(shake_hands(ca_.credentials_of(ca_.client("till")), node("n1"), "n1"));
}

TEST_F(Handshake, NobodyAcceptsAClientAsAServer) {
  // Without a name that is looked for: it must fail for what the certificate may be used for.
  const auto client = ca_.credentials_of(ca_.client("till"));
  EXPECT_TRUE(shake_hands(client, node("n1"), ""));
  EXPECT_FALSE(shake_hands(node("n1"), client, ""));
}

TEST_F(Handshake, NobodyAcceptsAnotherCluster) {
  const cluster_ca other{"other"};
  auto stranger = other.credentials_of(other.node("n2"));
  EXPECT_FALSE(shake_hands(node("n1"), stranger, "n2"));
  stranger.ca = ca_.file(); // It trusts this cluster, which does not help it.
  EXPECT_FALSE(shake_hands(node("n1"), stranger, "n2"));
  EXPECT_FALSE(shake_hands(stranger, node("n1"), "n1"));
}

} // namespace
} // namespace ducat::security
