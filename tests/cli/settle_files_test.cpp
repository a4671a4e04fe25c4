/// The commands of `ducat settle` that take and make files, against a real machine behind the real
/// API.

#include "iso20022/samples.hpp"
#include "settle/files.hpp"
#include "settlement/settlement_world.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/v1/settlement_api.grpc.pb.h>

#include <gmock/gmock.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <fstream>
#include <mutex>
#include <sstream>

namespace ducat::cli::test {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The machine as a service: what of it these commands call.
class machine_service final : public v1::Settlements::Service {
public:
  machine_service() {
    v1::SettlementCommand command;
    command.mutable_configure()->set_currency("EUR");
    command.mutable_configure()->set_model(v1::NET_MULTILATERAL_DEFERRED);
    command.mutable_configure()->mutable_own()->set_name("Ducat");
    command.mutable_configure()->mutable_own()->set_iban("DE89370400440532013000");
    EXPECT_FALSE(world.settle(command).has_error());
  }

  settlement::test::settlement_world world;
  std::size_t presents = 0;

private:
  using context = grpc::ServerContext;

  template <class Request, class Reply>
  grpc::Status answer(const Request& asked, Request* (v1::SettlementQuestion::*part)(),
                      const Reply& (v1::SettlementAnswer::*told)() const, Reply* reply) {
    const std::lock_guard lock{guard_};
    v1::SettlementQuestion question;
    *(question.*part)() = asked;
    *reply = (world.ask_settlement(question).*told)();
    return grpc::Status::OK;
  }

  v1::Outcome done(const v1::SettlementCommand& command) {
    const std::lock_guard lock{guard_};
    return world.settle(command);
  }

  static grpc::Status status_of(const v1::Outcome& outcome) {
    return outcome.has_error() ? grpc::Status{grpc::StatusCode::UNKNOWN, "see the details",
                                              outcome.error().SerializeAsString()}
                               : grpc::Status::OK;
  }

  grpc::Status PresentCaptures(context*, const v1::PresentCaptures* request,
                               v1::SettlementReply* reply) override {
    ++presents;
    v1::SettlementCommand command;
    *command.mutable_present() = *request;
    const v1::Outcome outcome = done(command);
    *reply->mutable_presented() = outcome.settlement().presented();
    return status_of(outcome);
  }

  grpc::Status ResolvePayouts(context*, const v1::ResolvePayouts* request,
                              v1::SettlementReply* reply) override {
    v1::SettlementCommand command;
    *command.mutable_resolve() = *request;
    const v1::Outcome outcome = done(command);
    *reply->mutable_batches() = outcome.settlement().batches();
    return status_of(outcome);
  }

  grpc::Status ListLedgers(context*, const v1::ListLedgersRequest* request,
                           v1::ListLedgersReply* reply) override {
    return answer(*request, &v1::SettlementQuestion::mutable_ledgers,
                  &v1::SettlementAnswer::ledgers, reply);
  }

  grpc::Status ListWindows(context*, const v1::ListWindowsRequest* request,
                           v1::ListWindowsReply* reply) override {
    return answer(*request, &v1::SettlementQuestion::mutable_windows,
                  &v1::SettlementAnswer::windows, reply);
  }

  grpc::Status ListMerchants(context*, const v1::ListMerchantsRequest* request,
                             v1::ListMerchantsReply* reply) override {
    return answer(*request, &v1::SettlementQuestion::mutable_merchants,
                  &v1::SettlementAnswer::merchants, reply);
  }

  grpc::Status ListMerchantWindows(context*, const v1::ListMerchantWindowsRequest* request,
                                   v1::ListMerchantWindowsReply* reply) override {
    return answer(*request, &v1::SettlementQuestion::mutable_merchant_windows,
                  &v1::SettlementAnswer::merchant_windows, reply);
  }

  grpc::Status ListMembers(context*, const v1::ListMembersRequest* request,
                           v1::ListMembersReply* reply) override {
    return answer(*request, &v1::SettlementQuestion::mutable_members,
                  &v1::SettlementAnswer::members, reply);
  }

  grpc::Status ListPayouts(context*, const v1::ListPayoutsRequest* request,
                           v1::ListPayoutsReply* reply) override {
    return answer(*request, &v1::SettlementQuestion::mutable_payouts,
                  &v1::SettlementAnswer::payouts, reply);
  }

  grpc::Status ListPayoutBatches(context*, const v1::ListPayoutBatchesRequest* request,
                                 v1::ListPayoutBatchesReply* reply) override {
    return answer(*request, &v1::SettlementQuestion::mutable_batches,
                  &v1::SettlementAnswer::batches, reply);
  }

  std::mutex guard_;
};

class SettleFiles : public ::testing::Test {
protected:
  SettleFiles() {
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(64 * 1024); // As a node does.
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    server_ = builder.BuildAndStart();
    node_.emplace("127.0.0.1:" + std::to_string(port));
  }

  ~SettleFiles() override { server_->Shutdown(); }

  /// Runs a command with what it prints in out and err.
  template <class Command>
  exit_code run(Command command, output_format format = output_format::table) {
    std::ostringstream out_now;
    std::ostringstream err_now;
    const console io{out_now, err_now, format};
    const exit_code code = command(session{*node_, io});
    out = out_now.str();
    err = err_now.str();
    return code;
  }

  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }

  std::string path(const std::string& name) const { return folder_.path() / name; }

  exit_code present(const std::string& text) {
    const std::string given = file("captures.csv", text);
    return run([&](const session& with) { return present_from(with, given); });
  }

  exit_code resolve(const std::string& text, bool is_dry = false, bool despite = false,
                    output_format format = output_format::table) {
    const resolve_options options{
        .path = file("bank.xml", text), .is_dry = is_dry, .despite_differences = despite};
    return run([&](const session& with) { return resolve_from(with, options); }, format);
  }

  exit_code statement(const std::string& merchant, std::uint64_t window, const std::string& to) {
    const statement_options options{
        .merchant = merchant, .currency = "EUR", .window = window, .out = to};
    return run([&](const session& with) { return write_statement(with, options); });
  }

  /// Books is paid 15.00 by pob_EUR_1.
  void pay_out() {
    service.world.pay_to_the_end("a", "world", "books", 1'500);
    service.world.cut_and_settle(1);
    service.world.batch(1);
  }

  static std::string notification() {
    return iso20022::test::replaced(iso20022::test::sample("camt.054.001.08"), ">PO-3<",
                                    ">po-EUR-1-1<");
  }

  machine_service service;
  std::string out;
  std::string err;

private:
  testing::temporary_directory folder_;
  std::unique_ptr<grpc::Server> server_;
  std::optional<connection> node_;
};

std::string captures_csv(int count) {
  std::string text = "reference,from,to,amount,business_date\n";
  for (int i = 0; i < count; ++i)
    text += "reference-" + std::to_string(i) + ",world,books,100,\n";
  return text;
}

} // namespace

TEST_F(SettleFiles, PresentCapturesInSeveralRequestsOnce) {
  EXPECT_EQ(present(captures_csv(5'000)), exit_code::done) << err;
  EXPECT_EQ(out, "taken 5000, known 0, refused 0\n");
  EXPECT_GT(service.presents, 1u);
  EXPECT_EQ(present(captures_csv(5'001)), exit_code::done);
  EXPECT_EQ(out, "taken 1, known 5000, refused 0\n");
  EXPECT_EQ(service.world.accrual_of("books", 1).captures().count(), 5'001u);
}

TEST_F(SettleFiles, PresentNothingOfAFileWithAWrongLine) {
  EXPECT_EQ(present(captures_csv(3) + "x,world,books,1.50,\n" + "y,world,,1,\n"), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("line 5, amount: bad_amount"));
  EXPECT_THAT(err, HasSubstr("line 6, to: bad_code"));
  EXPECT_EQ(service.presents, 0u);
  EXPECT_EQ(run([&](const session& with) { return present_from(with, path("none.csv")); }),
            exit_code::usage);
  EXPECT_EQ(run([&](const session& with) { return present_from(with, path("")); }),
            exit_code::usage);
}

TEST_F(SettleFiles, SayWhichLinesANodeRefuses) {
  EXPECT_EQ(present(captures_csv(2) + "z,world,nobody,1,\n"), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("lines 2 to 4 "));
  EXPECT_THAT(err, HasSubstr("account_not_found"));
}

TEST_F(SettleFiles, ResolveWhatABankHasBookedOnce) {
  pay_out();
  EXPECT_EQ(resolve(notification(), true), exit_code::done);
  EXPECT_THAT(out, HasSubstr("would be paid 1, returned 0"));
  EXPECT_EQ(service.world.balance("settlement.bank.EUR"), 0);
  EXPECT_EQ(resolve(notification()), exit_code::done) << err;
  EXPECT_THAT(out, HasSubstr("statement: 1 read, 0 left out, 0 of no payout\npaid 1, returned 0"));
  EXPECT_EQ(service.world.balance("settlement.bank.EUR"), 1'500);
  EXPECT_EQ(resolve(notification()), exit_code::done);
  EXPECT_THAT(out, HasSubstr("paid 0, returned 0, known before 1"));
}

TEST_F(SettleFiles, ResolveNothingOfAFileThatIsNotComplete) {
  pay_out();
  const std::string whole = notification();
  for (const std::string& text :
       {whole.substr(0, whole.find("</Ntfctn>")), std::string{}, std::string{"PK\3\4"},
        iso20022::test::replaced(whole, "<Document", "<!DOCTYPE d [<!ENTITY e 'e'>]><Document")}) {
    EXPECT_EQ(resolve(text), exit_code::usage) << out;
    EXPECT_THAT(err, HasSubstr("nothing was resolved"));
  }
  EXPECT_EQ(service.world.balance("settlement.bank.EUR"), 0);
}

TEST_F(SettleFiles, ResolveNothingOfAFileThatContradictsItself) {
  pay_out();
  const std::string text = iso20022::test::replaced(
      notification(), "<Ntry>",
      "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry><Ntry>");
  EXPECT_EQ(resolve(text), exit_code::usage);
  EXPECT_THAT(out, HasSubstr("count_differs"));
  EXPECT_EQ(service.world.balance("settlement.bank.EUR"), 0);
  EXPECT_EQ(resolve(text, false, true), exit_code::done);
  EXPECT_EQ(service.world.balance("settlement.bank.EUR"), 1'500);
}

TEST_F(SettleFiles, SayWhereABankAndAPayoutDiffer) {
  pay_out();
  EXPECT_EQ(resolve(iso20022::test::replaced(notification(), ">15.00<", ">14.99<")),
            exit_code::failed);
  EXPECT_THAT(out, HasSubstr("po_EUR_1_1: amount_differs: 1499 minor units of EUR, and it is of "
                             "1500 minor units of EUR"));
  EXPECT_THAT(out, HasSubstr("to look at 1"));
  EXPECT_EQ(service.world.balance("settlement.bank.EUR"), 0);
  resolve(iso20022::test::replaced(notification(), ">15.00<", ">14.99<"), false, false,
          output_format::json);
  EXPECT_THAT(out, HasSubstr("\"amount_differs\":1"));
}

TEST_F(SettleFiles, ReturnWhatABankRejects) {
  pay_out();
  const std::string text = iso20022::test::replaced(
      iso20022::test::replaced(iso20022::test::sample("pain.002.001.10"), ">PO-1<", ">po-EUR-1-1<"),
      ">PO-2<", ">order-2<");
  EXPECT_EQ(resolve(text), exit_code::done) << err;
  EXPECT_THAT(out, HasSubstr("returned 1"));
  EXPECT_EQ(service.world.account("books.available").available(), 1'500);
}

TEST_F(SettleFiles, PrintAStatementWithEveryMember) {
  for (int i = 0; i < 1'200; ++i)
    service.world.pay_to_the_end("k" + std::to_string(i), "world", "books", 1'000 + i);
  service.world.refund(service.world.pay_to_the_end("r", "world", "books", 50).payment().id(),
                       "refund", 20);
  service.world.cut_and_settle(1);
  service.world.batch(1);
  EXPECT_EQ(statement("books", 1, path("books.html")), exit_code::done) << err;
  std::ostringstream page;
  page << std::ifstream{path("books.html")}.rdbuf();
  EXPECT_THAT(page.str(), HasSubstr("Payments (1202)"));
  EXPECT_THAT(page.str(), HasSubstr("Sum of 1202"));
  EXPECT_THAT(page.str(), HasSubstr("<td>po_EUR_1_1</td><td>DE89370400440532013000</td>"
                                    "<td>2026-11-04</td><td>Batched</td>"));
  EXPECT_THAT(page.str(), HasSubstr("\u22120.20"));
  EXPECT_FALSE(std::filesystem::exists(path("books.html.new")));
  EXPECT_EQ(statement("books", 1, ""), exit_code::done);
  EXPECT_EQ(out, page.str());
}

TEST_F(SettleFiles, PrintNoStatementOfWhatThereIsNot) {
  EXPECT_EQ(statement("nobody", 1, path("a.html")), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("merchant_not_found"));
  EXPECT_EQ(statement("books", 9, path("a.html")), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("window_not_found"));
  EXPECT_FALSE(std::filesystem::exists(path("a.html")));
  EXPECT_EQ(statement("books", 1, path("no/such/folder.html")), exit_code::failed);
}

} // namespace ducat::cli::test
