/// Which files an end of a connection may use, and what it is told about others.

#include "security/certificate_world.hpp"
#include "security/sign.hpp"

#include <gmock/gmock.h>

namespace ducat::security {
namespace {

using namespace ducat::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::chrono::days day{1};

class CheckCredentials : public ::testing::Test {
protected:
  result<certificate_info> check(calendar_time now = noon) const {
    return check_credentials(files_, now);
  }

  cluster_ca ca_;
  issued_files node_ = ca_.node("n1");
  credentials files_ = ca_.credentials_of(node_);
};

TEST_F(CheckCredentials, ReturnsWhoseTheyAreAndUntilWhen) {
  const auto info = check();
  ASSERT_TRUE(info) << info.error();
  EXPECT_EQ(info->who, (identity{.cluster = "test", .kind = role::node, .name = "n1"}));
  EXPECT_EQ(info->not_after, noon + 365 * day);
}

TEST_F(CheckCredentials, AcceptsAClient) {
  EXPECT_TRUE(check_credentials(ca_.credentials_of(ca_.client("till")), noon));
}

TEST_F(CheckCredentials, AcceptsThemFromTheirFirstSecondToTheirLast) {
  EXPECT_FALSE(check(noon - 1h - 1s));
  EXPECT_TRUE(check(noon - 1h));
  EXPECT_TRUE(check(noon + 365 * day - 1s));
}

TEST_F(CheckCredentials, SaysThatACertificateExpired) {
  const auto refused = check(noon + 365 * day);
  EXPECT_EQ(code_of(refused), errc::not_permitted);
  EXPECT_THAT(message_of(refused), AllOf(HasSubstr("the certificate " + node_.certificate.string()),
                                         HasSubstr("expired at 2032-04-30T12:00:00Z")));
}

TEST_F(CheckCredentials, SaysThatACertificateIsNotValidYet) {
  (void)issue_node(ca_.path(), {.id = "n1"}, noon + 2 * day).value();
  const auto refused = check(noon);
  EXPECT_EQ(code_of(refused), errc::not_permitted);
  EXPECT_THAT(message_of(refused), AllOf(HasSubstr("the certificate " + node_.certificate.string()),
                                         HasSubstr("not valid before 2031-05-03T11:00:00Z")));
}

TEST_F(CheckCredentials, SaysThatTheCaExpired) {
  const cluster_ca brief{"test", 10 * day};
  const auto node = brief.node("n1");
  EXPECT_THAT(message_of(check_credentials(brief.credentials_of(node), noon + 11 * day)),
              HasSubstr("the CA in " + brief.file().string() + " expired"));
}

TEST_F(CheckCredentials, SaysThatAnotherCaSignedACertificate) {
  const cluster_ca other{"other"};
  const cluster_ca same_name{"test"};
  for (const auto& file : {other.file(), same_name.file()}) {
    files_.ca = file;
    const auto refused = check();
    EXPECT_EQ(code_of(refused), errc::not_permitted);
    EXPECT_THAT(message_of(refused),
                HasSubstr("was signed by another CA than that in " + file.string()));
  }
}

TEST_F(CheckCredentials, RefusesACertificateThatIsGivenAsItsOwnCa) {
  files_.ca = files_.certificate;
  EXPECT_EQ(code_of(check()), errc::not_permitted);
}

TEST_F(CheckCredentials, RefusesWhatANodeSigned) {
  const auto node = std::move(load_certificates(node_.certificate).value().front());
  const auto node_key = load_key(node_.key).value();
  const auto key = load_key(ca_.node("n2").key).value();
  const auto forged = sign({.organization = "test",
                            .common_name = "n2",
                            .not_before = noon - 1h,
                            .not_after = noon + 1h,
                            .extensions = {},
                            .uri = "ducat://test/node/n2"},
                           *key, *node_key, node.get());
  write_text(ca_.path() / "n2.crt", pem_of(*forged));
  // Even for somebody who takes the node for a CA.
  write_text(ca_.path() / "both.crt", text_of(ca_.file()) + text_of(node_.certificate));
  const auto refused = check_credentials({.ca = ca_.path() / "both.crt",
                                          .certificate = ca_.path() / "n2.crt",
                                          .key = ca_.path() / "n2.key"},
                                         noon);
  EXPECT_EQ(code_of(refused), errc::not_permitted);
}

TEST_F(CheckCredentials, AcceptsOneOfSeveralCas) {
  const cluster_ca next;
  write_text(ca_.path() / "both.crt", text_of(next.file()) + text_of(ca_.file()));
  files_.ca = ca_.path() / "both.crt";
  EXPECT_EQ(error_of(check()), std::nullopt);
}

TEST_F(CheckCredentials, SaysThatAKeyBelongsToAnotherCertificate) {
  files_.key = ca_.node("n2").key;
  const auto refused = check();
  EXPECT_EQ(code_of(refused), errc::not_permitted);
  EXPECT_THAT(message_of(refused), HasSubstr("belongs to another certificate"));
}

TEST_F(CheckCredentials, SaysThatOthersMayReadTheKey) {
  std::filesystem::permissions(files_.key, std::filesystem::perms{0644});
  const auto refused = check();
  EXPECT_EQ(code_of(refused), errc::not_permitted);
  EXPECT_THAT(message_of(refused), HasSubstr("chmod 600 " + files_.key.string()));
}

TEST_F(CheckCredentials, RefusesTheFilesOfTheCaItself) {
  files_.certificate = ca_.file();
  files_.key = ca_.path() / "ca.key";
  const auto refused = check();
  EXPECT_EQ(code_of(refused), errc::not_permitted);
  EXPECT_THAT(message_of(refused), HasSubstr("names neither a node nor a client"));
}

TEST_F(CheckCredentials, SaysWhichFileIsMissing) {
  for (const auto file : {&credentials::ca, &credentials::certificate, &credentials::key}) {
    credentials files = files_;
    files.*file = ca_.path() / "missing";
    const auto refused = check_credentials(files, noon);
    EXPECT_EQ(code_of(refused), errc::not_found);
    EXPECT_THAT(message_of(refused), HasSubstr((ca_.path() / "missing").string()));
  }
}

TEST_F(CheckCredentials, SaysWhichFileIsDamaged) {
  for (const auto file : {&credentials::ca, &credentials::certificate, &credentials::key}) {
    const std::string whole = text_of(files_.*file);
    for (const std::string& damaged : {std::string{}, whole.substr(0, whole.size() / 2)}) {
      write_text(files_.*file, damaged);
      const auto refused = check();
      EXPECT_EQ(code_of(refused), errc::invalid_argument);
      EXPECT_THAT(message_of(refused), HasSubstr((files_.*file).string()));
    }
    write_text(files_.*file, whole);
  }
  EXPECT_TRUE(check());
}

TEST_F(CheckCredentials, RefusesAChangedCertificate) {
  // A character of the signature, which is at the end.
  std::string text = text_of(files_.certificate);
  const std::size_t at = text.rfind("\n-----END") - 12;
  text[at] = text[at] == 'A' ? 'B' : 'A';
  write_text(files_.certificate, text);
  EXPECT_FALSE(check());
}

} // namespace
} // namespace ducat::security
