/// Whom a link talks to, and whom it does not.

#include "device/link_tree.hpp"
#include "device/test_authority.hpp"

#include <gtest/gtest.h>

namespace ducat::device::test {
namespace {

link_config tls_config(std::uint16_t port, const test_authority& of) {
  link_config config = plain_config(port);
  config.plain = false;
  config.tls = {.ca = of.file()};
  return config;
}

host_tls shown(const security::issued_files& files) {
  return {.certificate = files.certificate, .key = files.key};
}

TEST(LinkTls, PaysOverTls) {
  const test_authority bank;
  scripted_host host{shown(bank.host("host"))};
  link_tree tree{tls_config(host.port(), bank)};
  host.let_sign_on();
  tree.wait_for("signed_on");
  auto paid = tree.pay(1);
  host.answer_next();
  EXPECT_EQ(paid.get(), "answered 0210");
}

TEST(LinkTls, RefusesAHostOfAnotherAuthority) {
  const test_authority bank;
  const test_authority other;
  scripted_host host{shown(other.host("host"))};
  link_tree tree{tls_config(host.port(), bank)};
  EXPECT_FALSE(host.accept());
  EXPECT_EQ(tree.wait_for("failed"), "no TLS: unable to get local issuer certificate");
  EXPECT_EQ(tree.pay(1).get().substr(0, 22), "not_sent not_signed_on");
}

TEST(LinkTls, SpeaksTls13UnlessTls12IsAllowed) {
  const test_authority bank;
  auto files = shown(bank.host("host"));
  files.only_tls_1_2 = true;
  scripted_host host{files};
  auto config = tls_config(host.port(), bank);
  {
    link_tree tree{config};
    EXPECT_FALSE(host.accept());
    EXPECT_EQ(tree.wait_for("failed").substr(0, 7), "no TLS:");
  }
  config.tls.allows_tls_1_2 = true;
  link_tree tree{std::move(config)};
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkTls, RefusesAnExpiredHost) {
  const test_authority bank;
  scripted_host host{shown(bank.expired_host("host"))};
  link_tree tree{tls_config(host.port(), bank)};
  EXPECT_FALSE(host.accept());
  EXPECT_EQ(tree.wait_for("failed"), "no TLS: certificate has expired");
}

TEST(LinkTls, RefusesAHostOfAnotherName) {
  const test_authority bank;
  scripted_host host{shown(bank.host("host"))};
  auto config = tls_config(host.port(), bank);
  config.tls.server_name = "other";
  link_tree tree{std::move(config)};
  EXPECT_FALSE(host.accept());
  EXPECT_EQ(tree.wait_for("failed").substr(0, 7), "no TLS:");
}

TEST(LinkTls, ChecksTheNameThatItIsGiven) {
  const test_authority bank;
  scripted_host host{shown(bank.host("host"))};
  auto config = tls_config(host.port(), bank);
  config.tls.server_name = "host";
  link_tree tree{std::move(config)};
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkTls, ShowsItsOwnCertificateToAHostThatWantsOne) {
  const test_authority bank;
  auto files = shown(bank.host("host"));
  files.client_ca = bank.file();
  scripted_host host{files};
  auto config = tls_config(host.port(), bank);
  const auto own = bank.client("link");
  config.tls.certificate = own.certificate;
  config.tls.key = own.key;
  link_tree tree{std::move(config)};
  host.let_sign_on();
  tree.wait_for("signed_on");
}

TEST(LinkTls, WithoutItsOwnCertificateSuchAHostRefusesIt) {
  const test_authority bank;
  auto files = shown(bank.host("host"));
  files.client_ca = bank.file();
  scripted_host host{files};
  link_tree tree{tls_config(host.port(), bank)};
  EXPECT_FALSE(host.accept());
  tree.wait_for("failed");
}

TEST(LinkTls, NeverTalksPlainlyUnlessItIsToldTo) {
  const test_authority bank;
  scripted_host host;
  link_tree tree{tls_config(host.port(), bank)};
  host.accept();
  host.write_bytes("hello");
  tree.wait_for("failed");
}

TEST(LinkTls, AKeyThatOthersMayReadIsNotUsed) {
  const test_authority bank;
  scripted_host host{shown(bank.host("host"))};
  auto config = tls_config(host.port(), bank);
  const auto own = bank.client("link");
  config.tls.certificate = own.certificate;
  config.tls.key = own.key;
  std::filesystem::permissions(own.key, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  link_tree tree{std::move(config)};
  EXPECT_NE(tree.wait_for("failed").find(own.key.string()), std::string::npos);
}

TEST(LinkTls, AMissingFileOfTheAuthorityFailsTheLinkAndNotTheTree) {
  auto config = plain_config(1);
  config.plain = false;
  config.tls = {.ca = "/nowhere/ca.crt"};
  link_tree tree{std::move(config)};
  EXPECT_EQ(tree.wait_for("failed").substr(0, 16), "/nowhere/ca.crt:");
}

// ---- check(link_config) -------------------------------------------------------------------------

TEST(LinkConfig, PlainHasToBeAskedFor) {
  auto config = plain_config(1);
  EXPECT_TRUE(check(config));
  config.plain = false;
  EXPECT_FALSE(check(config));
  config.tls.ca = "ca.crt";
  EXPECT_TRUE(check(config));
  config.plain = true;
  EXPECT_FALSE(check(config)) << "not both";
}

TEST(LinkConfig, ACertificateComesWithItsKey) {
  auto config = plain_config(1);
  config.plain = false;
  config.tls = {.ca = "ca.crt", .certificate = "own.crt"};
  EXPECT_FALSE(check(config));
  config.tls.key = "own.key";
  EXPECT_TRUE(check(config));
}

TEST(LinkConfig, ADialectHasALengthHeaderAndWhatTheLinkSends) {
  auto config = plain_config(1);
  config.dialect.header = iso8583::length_header::none;
  EXPECT_FALSE(check(config));
  config = plain_config(1);
  config.dialect.fields.erase(70);
  EXPECT_FALSE(check(config));
  config = plain_config(1);
  config.dialect = *iso8583::find_dialect("bcd87");
  EXPECT_FALSE(check(config)) << "it has a TPDU";
  config.tpdu = std::string{"\x60\0\3\0\0", 5};
  EXPECT_TRUE(check(config));
}

TEST(LinkConfig, ABadOneFailsTheStart) {
  caf::actor_system_config none;
  caf::actor_system system{none};
  auto config = plain_config(0);
  const supervisor_spec spec{
      .flags = {}, .children = {{.id = "link", .start = acquirer_link(std::move(config))}}};
  const auto started = start_tree(system, spec, {});
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("name, host and port"), std::string::npos);
}

} // namespace
} // namespace ducat::device::test
