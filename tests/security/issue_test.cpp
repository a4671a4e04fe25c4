/// What a CA issues, and to whom it does not.

#include "security/certificate_world.hpp"
#include "security/pem.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ducat::security {
namespace {

using namespace ducat::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::chrono::days day{1};

TEST(Issue, GivesANodeItsNamesAndAYear) {
  const cluster_ca ca;
  const auto issued = ca.node("n1");
  EXPECT_EQ(issued.certificate, ca.path() / "n1.crt");
  EXPECT_EQ(issued.key, ca.path() / "n1.key");
  const auto info = read_certificate(issued.certificate).value();
  EXPECT_EQ(info.common_name, "n1");
  EXPECT_EQ(info.who, (identity{.cluster = "test", .kind = role::node, .name = "n1"}));
  EXPECT_FALSE(info.is_authority);
  EXPECT_THAT(info.alternative_names,
              ElementsAre("URI:ducat://test/node/n1", "DNS:n1", "DNS:localhost", "IP:127.0.0.1"));
  EXPECT_EQ(info.not_before, noon - 1h);
  EXPECT_EQ(info.not_after, noon + 365 * day);
}

TEST(Issue, GivesANodeTheHostsThatItIsReachedAtOnceEach) {
  const cluster_ca ca;
  const auto issued =
      ca.node("n1", {"n1.ducat.example", "10.0.0.7", "localhost", "2001:db8::7", "10.0.0.7"});
  EXPECT_THAT(issued.info.alternative_names,
              ElementsAre("URI:ducat://test/node/n1", "DNS:n1", "DNS:localhost", "IP:127.0.0.1",
                          "DNS:n1.ducat.example", "IP:10.0.0.7", "IP:2001:db8::7"));
}

TEST(Issue, LeavesAnIdOutOfTheHostsThatIsNone) {
  const cluster_ca ca;
  EXPECT_THAT(ca.node("n..1").info.alternative_names,
              ElementsAre("URI:ducat://test/node/n..1", "DNS:localhost", "IP:127.0.0.1"));
}

TEST(Issue, RefusesAHostThatIsNeitherANameNorAnAddress) {
  const cluster_ca ca;
  const std::string long_label(64, 'x');
  for (const std::string& host :
       {std::string{}, std::string{"a,DNS:b"}, std::string{"a b"}, std::string{"https://a"},
        std::string{"a:7411"}, std::string{"a..b"}, std::string{".a"}, std::string{"a."},
        long_label + ".example", std::string{"*.example"}})
    EXPECT_EQ(code_of(issue_node(ca.path(), {.id = "n1", .hosts = {host}}, noon)),
              errc::invalid_argument)
        << host;
  EXPECT_FALSE(std::filesystem::exists(ca.path() / "n1.crt"));
}

TEST(Issue, GivesAClientNoHosts) {
  const cluster_ca ca;
  const auto issued = ca.client("till");
  EXPECT_EQ(issued.info.who, (identity{.cluster = "test", .kind = role::client, .name = "till"}));
  EXPECT_THAT(issued.info.alternative_names, ElementsAre("URI:ducat://test/client/till"));
  EXPECT_EQ(issued.info.not_after, noon + 365 * day);
}

TEST(Issue, MarksWhatEachMayBeUsedFor) {
  const cluster_ca ca;
  const auto load = [](const std::filesystem::path& file) {
    return std::move(load_certificates(file).value().front());
  };
  const auto authority = load(ca.file());
  const auto node = load(ca.node("n1").certificate);
  const auto client = load(ca.client("till").certificate);
  EXPECT_EQ(X509_get_pathlen(authority.get()), 0);
  EXPECT_EQ(X509_get_key_usage(authority.get()), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
  for (X509* const leaf : {node.get(), client.get()}) {
    EXPECT_EQ(X509_get_key_usage(leaf), KU_DIGITAL_SIGNATURE);
    EXPECT_EQ(ASN1_OCTET_STRING_cmp(X509_get0_authority_key_id(leaf),
                                    X509_get0_subject_key_id(authority.get())),
              0);
    EXPECT_EQ(X509_get_signature_nid(leaf), NID_ecdsa_with_SHA256);
    EXPECT_EQ(EVP_PKEY_get_bits(X509_get0_pubkey(leaf)), 256);
  }
  EXPECT_EQ(X509_get_extended_key_usage(node.get()), XKU_SSL_SERVER | XKU_SSL_CLIENT);
  EXPECT_EQ(X509_get_extended_key_usage(client.get()), XKU_SSL_CLIENT);
}

TEST(Issue, LetsNothingOutliveTheCa) {
  const cluster_ca ca{"test", 100 * day};
  const auto later = noon + 40 * day;
  EXPECT_EQ(issue_node(ca.path(), {.id = "n1"}, later).value().info.not_after, noon + 100 * day);
  EXPECT_EQ(issue_node(ca.path(), {.id = "n2", .valid = 60 * day}, later).value().info.not_after,
            noon + 100 * day);
  EXPECT_EQ(issue_node(ca.path(), {.id = "n3", .valid = 59 * day}, later).value().info.not_after,
            noon + 99 * day);
}

TEST(Issue, LetsNothingBeValidBeforeTheCa) {
  const cluster_ca ca;
  EXPECT_EQ(issue_node(ca.path(), {.id = "n1"}, noon - 30min).value().info.not_before, noon - 1h);
}

TEST(Issue, MakesEverySerialNumberAnew) {
  const cluster_ca ca;
  std::set<std::string> serials;
  for (int i = 0; i < 8; ++i)
    serials.insert(ca.node("n1").info.serial);
  EXPECT_EQ(serials.size(), 8u);
  for (const std::string& each : serials) {
    EXPECT_LE(each.size(), 32u);
    EXPECT_GE(each.size(), 24u); // A shorter one comes once in two thousand million times.
    // 127 bits: positive in DER, without a byte before it.
    EXPECT_TRUE(each.size() < 32 || each.front() < '8') << each;
  }
}

TEST(Issue, ReplacesBothFilesAtARenewal) {
  const cluster_ca ca;
  const auto before = ca.node("n1");
  const std::string certificate = text_of(before.certificate);
  const std::string key = text_of(before.key);
  const auto after = issue_node(ca.path(), {.id = "n1"}, noon + 300 * day).value();
  EXPECT_NE(text_of(after.certificate), certificate);
  EXPECT_NE(text_of(after.key), key);
  EXPECT_TRUE(check_credentials(ca.credentials_of(after), noon + 600 * day));
  EXPECT_THAT(files_in(ca.path()), ElementsAre("ca.crt", "ca.key", "n1.crt", "n1.key"));
}

TEST(Issue, MakesKeysThatOnlyTheOwnerReadsAgainAtARenewal) {
  const cluster_ca ca;
  const auto issued = ca.node("n1");
  std::filesystem::permissions(issued.key, std::filesystem::perms{0644});
  std::filesystem::permissions(issued.certificate, std::filesystem::perms{0600});
  ca.node("n1");
  EXPECT_EQ(mode_of(issued.key), 0600u);
  EXPECT_EQ(mode_of(issued.certificate), 0644u);
}

TEST(Issue, LeavesTheFilesOfSomebodyElseAlone) {
  const cluster_ca ca;
  const std::string key = text_of(ca.node("alice").key);
  const auto refused = issue_client(ca.path(), {.name = "alice"}, noon);
  EXPECT_EQ(code_of(refused), errc::not_permitted);
  EXPECT_THAT(message_of(refused), HasSubstr("but of ducat://test/node/alice"));
  EXPECT_EQ(text_of(ca.path() / "alice.key"), key);
}

TEST(Issue, ReplacesADamagedCertificate) {
  const cluster_ca ca;
  const auto issued = ca.node("n1");
  write_text(issued.certificate, "");
  ca.node("n1");
  EXPECT_TRUE(check_credentials(ca.credentials_of(issued), noon));
}

TEST(Issue, NeverTakesTheNameOfTheCa) {
  const cluster_ca ca;
  const std::string key = text_of(ca.path() / "ca.key");
  EXPECT_EQ(code_of(issue_node(ca.path(), {.id = "ca"}, noon)), errc::invalid_argument);
  EXPECT_EQ(code_of(issue_client(ca.path(), {.name = "ca"}, noon)), errc::invalid_argument);
  EXPECT_EQ(text_of(ca.path() / "ca.key"), key);
}

TEST(Issue, NeedsANameAndAValidity) {
  const cluster_ca ca;
  for (const char* name : {"", "../n1", "n 1", "n1/n2"}) {
    EXPECT_EQ(code_of(issue_node(ca.path(), {.id = name}, noon)), errc::invalid_argument);
    EXPECT_EQ(code_of(issue_client(ca.path(), {.name = name}, noon)), errc::invalid_argument);
  }
  for (const int days : {-1, 0, 36501})
    EXPECT_EQ(code_of(issue_node(ca.path(), {.id = "n1", .valid = days * day}, noon)),
              errc::invalid_argument);
}

TEST(Issue, NeedsACa) {
  const temporary_directory home;
  EXPECT_EQ(code_of(issue_node(home.path(), {.id = "n1"}, noon)), errc::not_found);
  const cluster_ca ca;
  std::filesystem::remove(ca.path() / "ca.key");
  EXPECT_EQ(code_of(issue_node(ca.path(), {.id = "n1"}, noon)), errc::not_found);
}

TEST(Issue, NeedsACaThatIsValidNow) {
  const cluster_ca ca{"test", 10 * day};
  EXPECT_THAT(message_of(issue_node(ca.path(), {.id = "n1"}, noon + 10 * day)),
              HasSubstr("expired at 2031-05-11T12:00:00Z"));
  EXPECT_THAT(message_of(issue_node(ca.path(), {.id = "n1"}, noon - 1h - 1s)),
              HasSubstr("is not valid before 2031-05-01T11:00:00Z"));
}

TEST(Issue, NeedsAKeyOfTheCaThatNobodyElseReads) {
  const cluster_ca ca;
  std::filesystem::permissions(ca.path() / "ca.key", std::filesystem::perms{0640});
  EXPECT_EQ(code_of(issue_node(ca.path(), {.id = "n1"}, noon)), errc::not_permitted);
}

TEST(Issue, NeedsTheKeyOfThisCa) {
  const cluster_ca ca;
  const cluster_ca other;
  std::filesystem::copy_file(other.path() / "ca.key", ca.path() / "ca.key",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(message_of(issue_node(ca.path(), {.id = "n1"}, noon)),
              HasSubstr("the key of the CA is not that of"));
}

TEST(Issue, DoesNotSignWithWhatIsNoCa) {
  const cluster_ca ca;
  const auto node = ca.node("n1");
  std::filesystem::rename(node.certificate, ca.path() / "ca.crt");
  std::filesystem::rename(node.key, ca.path() / "ca.key");
  const auto refused = issue_node(ca.path(), {.id = "n2"}, noon);
  EXPECT_EQ(code_of(refused), errc::invalid_argument);
  EXPECT_THAT(message_of(refused), HasSubstr("is no CA of a cluster"));
}

} // namespace
} // namespace ducat::security
