/// Card data is shown masked, or not at all.

#include <ducat/payment/card.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <sstream>

namespace ducat::payment {
namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& value) { out << value; };

// Whoever would log it finds that it does not compile.
static_assert(!printable<sensitive>);

TEST(Pan, ShowsItsFirstSixAndLastFourDigits) {
  const auto card = pan::parse("4111111111111111").value();
  EXPECT_EQ(card.masked(), "411111******1111");
  EXPECT_EQ(card.reveal(), "4111111111111111");
  std::ostringstream shown;
  shown << card;
  EXPECT_EQ(shown.str(), "411111******1111");
}

TEST(Pan, HasThirteenToNineteenDigitsOfWhichTheLastFitsTheOthers) {
  for (const char* good : {"4222222222222", "378282246310005", "6304000000000000000"})
    EXPECT_TRUE(pan::parse(good)) << good;
  for (const char* bad : {"", "411111111111", "4111111111111112", "4111 1111 1111 1111",
                          "41111111111111111111", "4111111111111i11"})
    EXPECT_EQ(pan::parse(bad).error().code, errc::invalid_argument) << bad;
}

TEST(Pan, IsNotInTheErrorThatRefusesIt) {
  EXPECT_EQ(pan::parse("4111111111111112").error().message.find("4111"), std::string::npos);
}

TEST(Sensitive, IsThereForWhoeverSendsIt) {
  const sensitive code{"123"};
  const sensitive copy = code;
  EXPECT_EQ(copy.reveal(), "123");
  EXPECT_TRUE(sensitive{}.is_empty());
}

} // namespace
} // namespace ducat::payment
