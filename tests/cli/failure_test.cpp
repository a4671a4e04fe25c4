#include "cli/fake_node.hpp"
#include "client/failure.hpp"

#include <gtest/gtest.h>

namespace ducat::testing {

using cli::failure_kind;
using cli::failure_of;
using grpc::StatusCode;

TEST(Failure, IsWhatTheTypedErrorSays) {
  EXPECT_EQ(failure_of(typed(v1::Error::UNAVAILABLE, "x")).kind, failure_kind::nothing_done);
  EXPECT_EQ(failure_of(typed(v1::Error::UNKNOWN_OUTCOME, "x")).kind, failure_kind::unknown);
  EXPECT_EQ(failure_of(typed(v1::Error::INTERNAL, "x")).kind, failure_kind::unknown);
  for (const auto type : {v1::Error::INVALID_REQUEST, v1::Error::IDEMPOTENCY, v1::Error::NOT_FOUND,
                          v1::Error::CONFLICT, v1::Error::PERMISSION})
    EXPECT_EQ(failure_of(typed(type, "x")).kind, failure_kind::refused);
  EXPECT_EQ(failure_of(typed(v1::Error::CONFLICT, "account_exists")).error.code(),
            "account_exists");
}

TEST(Failure, OfATypeThatIsNotKnownHereIsUnknown) {
  const auto later = static_cast<v1::Error::Type>(99);
  EXPECT_EQ(failure_of(typed(later, "x")).kind, failure_kind::unknown);
}

TEST(Failure, AlwaysSaysWhatTheCallerMayDo) {
  EXPECT_EQ(failure_of(typed(v1::Error::CONFLICT, "x")).error.retry(), v1::Error::NEW_ATTEMPT);
  EXPECT_EQ(failure_of({StatusCode::UNAVAILABLE, "Socket closed"}).error.retry(),
            v1::Error::SAME_KEY);
  EXPECT_EQ(failure_of({StatusCode::NOT_FOUND, "no"}).error.retry(), v1::Error::NEVER);
}

TEST(Failure, OfAConnectionThatNeverWasMeansNothingWasSent) {
  const grpc::Status refused{StatusCode::UNAVAILABLE, "failed to connect to all addresses"};
  EXPECT_EQ(failure_of(refused).kind, failure_kind::unreachable);
}

TEST(Failure, WithoutATypedErrorIsUnknownUnlessTheCodeIsARefusal) {
  for (const auto code :
       {StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED, StatusCode::CANCELLED,
        StatusCode::UNKNOWN, StatusCode::INTERNAL, StatusCode::ABORTED,
        StatusCode::RESOURCE_EXHAUSTED, StatusCode::DATA_LOSS})
    EXPECT_EQ(failure_of({code, "Socket closed"}).kind, failure_kind::unknown) << code;
  for (const auto code :
       {StatusCode::INVALID_ARGUMENT, StatusCode::NOT_FOUND, StatusCode::ALREADY_EXISTS,
        StatusCode::FAILED_PRECONDITION, StatusCode::PERMISSION_DENIED, StatusCode::UNAUTHENTICATED,
        StatusCode::UNIMPLEMENTED, StatusCode::OUT_OF_RANGE})
    EXPECT_EQ(failure_of({code, "no"}).kind, failure_kind::refused) << code;
}

TEST(Failure, WithDetailsThatAreNoErrorFallsBackToTheCode) {
  EXPECT_EQ(failure_of({StatusCode::NOT_FOUND, "no", "\xff\xff garbage"}).kind,
            failure_kind::refused);
  EXPECT_EQ(failure_of({StatusCode::UNAVAILABLE, "Socket closed", "\xff"}).kind,
            failure_kind::unknown);
}

} // namespace ducat::testing
