/// Files that are no certificates.

#include "security/certificate_world.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <time.h>

namespace ducat::security {
namespace {

using namespace ducat::testing;
using ::testing::HasSubstr;

TEST(ReadCertificate, SaysThatThereIsNoFile) {
  const temporary_directory home;
  EXPECT_EQ(code_of(read_certificate(home.path() / "n1.crt")), errc::not_found);
}

TEST(ReadCertificate, RefusesAnEmptyFile) {
  const temporary_directory home;
  write_text(home.path() / "n1.crt", "");
  const auto refused = read_certificate(home.path() / "n1.crt");
  EXPECT_EQ(code_of(refused), errc::invalid_argument);
  EXPECT_THAT(message_of(refused), HasSubstr("n1.crt is no certificate in PEM, or is damaged"));
}

TEST(ReadCertificate, RefusesAFileThatIsCutOffAnywhere) {
  const cluster_ca ca;
  const auto issued = ca.node("n1");
  const std::string whole = text_of(issued.certificate);
  // Without the end of its last line it is still whole.
  for (std::size_t size = 0; size + 1 < whole.size(); size += 7) {
    write_text(issued.certificate, whole.substr(0, size));
    ASSERT_EQ(code_of(read_certificate(issued.certificate)), errc::invalid_argument) << size;
  }
}

TEST(ReadCertificate, RefusesAKey) {
  const cluster_ca ca;
  EXPECT_EQ(code_of(read_certificate(ca.path() / "ca.key")), errc::invalid_argument);
}

TEST(ReadCertificate, RefusesADamagedOneBehindAGoodOne) {
  const cluster_ca ca;
  const std::string good = text_of(ca.file());
  write_text(ca.file(), good + good.substr(0, good.size() / 2));
  EXPECT_EQ(code_of(read_certificate(ca.file())), errc::invalid_argument);
}

TEST(ReadCertificate, RefusesWhatIsNoFile) {
  const temporary_directory home;
  const auto pipe = home.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(code_of(read_certificate(home.path())), errc::invalid_argument);
  EXPECT_EQ(code_of(read_certificate(pipe)), errc::invalid_argument);
}

TEST(ReadCertificate, RefusesAFileThatIsTooLarge) {
  const temporary_directory home;
  const auto file = home.path() / "large.crt";
  write_text(file, "");
  std::filesystem::resize_file(file, (std::uintmax_t{1} << 20) + 1);
  EXPECT_THAT(message_of(read_certificate(file)), HasSubstr("is larger than"));
}

TEST(ReadCertificate, KnowsNoTimeButUtc) {
  ASSERT_EQ(::setenv("TZ", "EST5", 1), 0);
  ::tzset();
  const cluster_ca ca;
  EXPECT_EQ(read_certificate(ca.file()).value().not_before, noon - 1h);
  EXPECT_EQ(utc(noon), "2031-05-01T12:00:00Z");
  EXPECT_EQ(utc(calendar_time{}), "1970-01-01T00:00:00Z");
  ASSERT_EQ(::unsetenv("TZ"), 0);
  ::tzset();
}

} // namespace
} // namespace ducat::security
