/// `ducat settle exceptions|assign|dispose` against a real node in the test's process.

#include "api/grpc_server.hpp"
#include "api/node_service.hpp"
#include "cli/program_world.hpp"
#include "node_command.hpp"

#include <ducat/testing.hpp>
#include <ducat/v1/settlement_api.grpc.pb.h>

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

namespace ducat::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class ExceptionsCommand : public ::testing::Test {
protected:
  ExceptionsCommand() {
    const auto done = settle({"configure", "--currency", "EUR", "--model",
                              "net_multilateral_deferred", "--business-date", "20261102"});
    EXPECT_EQ(done.code, 0) << done.err;
  }

  program_result settle(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--endpoint", address_, "--timeout", "5", "settle"});
    return run_program(std::move(arguments));
  }

  /// Opens an exception of 100 EUR that the acquirer does not know, and returns its id.
  std::string open_missing(const std::string& reference, std::uint32_t due_hours = 0) {
    v1::OpenSettlementExceptions request;
    request.set_currency("EUR");
    request.set_due_hours(due_hours);
    v1::SettlementDifference& what = *request.add_differences();
    what.set_leg(v1::SettlementDifference::ACQUIRER);
    what.set_what(v1::SettlementDifference::MISSING_EXTERNAL);
    what.set_reference(reference);
    what.set_window(1);
    what.mutable_internal()->set_amount(100);
    what.mutable_internal()->set_currency("EUR");
    what.mutable_internal()->set_fee(2);
    const auto stub =
        v1::Settlements::NewStub(grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    v1::SettlementReply reply;
    const auto status = stub->OpenExceptions(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply.exceptions().data(0).id();
  }

  local_node node_{[](node& n) { cli::describe_payment_node(n, {.size = 1}); }};
  std::unique_ptr<api::service> service_ = api::make_node_service(node_.get(), {});
  std::unique_ptr<api::grpc_server> server_ =
      api::grpc_server::start(*service_, {.address = "127.0.0.1:0"}).value();
  std::string address_ = "127.0.0.1:" + std::to_string(server_->port());
};

} // namespace

TEST_F(ExceptionsCommand, ListsThemWithBothAmountsAndWhatIsInSuspense) {
  const std::string id = open_missing("r1", 24);
  const auto listed = settle({"exceptions", "--currency", "EUR"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, ContainsRegex(id + " +ACQUIRER +MISSING_EXTERNAL +r1 +1 +100 EUR +- "
                                             "+-98 EUR +0m +20..-..-..T[^ ]*Z +OPEN"));
  open_missing("r2");
  EXPECT_THAT(settle({"exceptions", "--limit", "1"}).out, HasSubstr("more: --starting-after exc_"));
  EXPECT_THAT(settle({"exceptions", "--window", "2"}).out, Not(HasSubstr("exc_")));
}

TEST_F(ExceptionsCommand, ShowsAllOfOne) {
  const std::string id = open_missing("r1");
  const auto shown = settle({"exceptions", "--id", id});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const std::string& line :
       {id, std::string{"window +1 of EUR"}, std::string{"internal +100 EUR, fee 2"},
        std::string{"external +says nothing of it"}, std::string{"borne by +the hub's fees"},
        std::string{"owner +nobody"}, std::string{"due +never"}})
    EXPECT_THAT(shown.out, ContainsRegex(line));
  EXPECT_THAT(shown.out, Not(HasSubstr("disposed")));
  const auto none = settle({"exceptions", "--id", "exc_0"});
  EXPECT_NE(none.code, 0);
  EXPECT_THAT(none.err, HasSubstr("exception_not_found"));
}

TEST_F(ExceptionsCommand, AreDueAfterTheHoursOfTheirLedger) {
  EXPECT_THAT(settle({"ledgers"}).out, HasSubstr("never"));
  EXPECT_EQ(settle({"configure", "--currency", "EUR", "--model", "net_multilateral_deferred",
                    "--exception-hours", "48"})
                .code,
            0);
  EXPECT_THAT(settle({"ledgers"}).out, HasSubstr("48h"));
  EXPECT_THAT(settle({"exceptions", "--id", open_missing("r1")}).out, ContainsRegex("due +20"));
}

TEST_F(ExceptionsCommand, GivesThemToSomebodyAndToNobody) {
  const std::string id = open_missing("r1");
  EXPECT_THAT(settle({"assign", "--id", id, "--owner", "ann"}).out, HasSubstr(" ann "));
  EXPECT_EQ(settle({"assign", "--id", id, "--owner", ""}).code, 0);
  EXPECT_THAT(settle({"exceptions", "--id", id}).out, HasSubstr("nobody"));
  EXPECT_THAT(settle({"assign", "--id", id}).err, HasSubstr("--owner is required"));
}

TEST_F(ExceptionsCommand, DisposesOfThemOnce) {
  const std::string id = open_missing("r1");
  std::vector<std::string> how = {"dispose",  "--id",       id,     "--how", "corrected",
                                  "--reason", "sent again", "--by", "ann"};
  const auto disposed = settle(how);
  EXPECT_EQ(disposed.code, 0) << disposed.err;
  EXPECT_THAT(disposed.out, HasSubstr("CORRECTED"));
  EXPECT_EQ(settle(how).code, 0) << "the same again";
  how[4] = "accepted";
  EXPECT_THAT(settle(how).err, HasSubstr("exception_disposed"));
  how[4] = "mended";
  EXPECT_EQ(settle(how).code, 64);
  EXPECT_THAT(settle({"exceptions", "--only-open"}).out, Not(HasSubstr(id)));
  EXPECT_THAT(settle({"exceptions", "--id", id}).out, ContainsRegex("reason +sent again"));
}

} // namespace ducat::testing
