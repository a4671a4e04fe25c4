/// `ducat settle reconcile`, end to end: a node, an acquirer in a process of its own, card
/// payments, and what the acquirer and the bank say of them, which is not what they should.

#include "acquirer/acquirer_process.hpp"
#include "command_line.hpp"
#include "exit_code.hpp"
#include "settlement_reconcile/altered_journal.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/settlement/acquirer_journal.hpp>
#include <ducat/v1/settlement_api.grpc.pb.h>

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ducat::cli {
namespace {

using nlohmann::json;
using settlement::testing::altered_journal;
using settlement::testing::noon_ms;
using settlement::testing::that_day;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr std::uint32_t two_days_later = 20'261'201;
static_assert(that_day == 20'261'129);

class ReconcileProgram : public ::testing::Test {
protected:
  ReconcileProgram() {
    std::ofstream{config_} << "node = \"node1\"\n"
                           << "data = \"" << (place_.path() / "data").string() << "\"\n"
                           << "[listen]\ngrpc = \"127.0.0.1:0\"\nhttp = \"127.0.0.1:0\"\n"
                           << "[[acquirer]]\nname = \"north\"\nplain = true\n"
                           << "address = \"127.0.0.1:" << host_.port() << "\"\n"
                           << "terminal = \"TERM0001\"\nmerchant = \"MERCHANT0000001\"\n";
    node_.emplace(testing::child_program_options{
        .words = {DUCAT_PROGRAM, "node", "--config", config_.string()},
        .error_file = place_.path() / "node.err"});
    const std::string ready = node_->read_line().value_or("");
    const auto at = ready.find("grpc=");
    if (at == std::string::npos)
      throw std::runtime_error("the node is not ready: " + ready);
    endpoint_ = ready.substr(at + 5, ready.find(' ', at) - at - 5);
    for (const char* account : {"world", "shop"})
      must({"account", "create", account, "--currency", "EUR", "--overdraft"});
    must({"settle", "configure", "--currency", "EUR", "--model", "NET_MULTILATERAL_DEFERRED",
          "--business-date", std::to_string(that_day), "--exception-hours", "24"});
    must({"settle", "merchant", "--id", "shop", "--bank-name", "Shop", "--bank-iban",
          "DE89370400440532013000"});
  }

  exit_code run(std::vector<std::string> arguments, const std::string& input = "") {
    for (const std::string& word : {endpoint_, std::string{"--endpoint"}})
      arguments.insert(arguments.begin(), word);
    std::istringstream in{input};
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::run(arguments, {.in = in, .out = out, .err = err});
    printed_ = out.str() + err.str();
    return static_cast<exit_code>(code);
  }

  void must(const std::vector<std::string>& arguments, const std::string& input = "") {
    ASSERT_EQ(run(arguments, input), exit_code::done) << arguments.at(0) << ": " << printed_;
  }

  /// Returns the payment as JSON; its link may not be up at once.
  json pay(const std::string& key, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "--output", "json", "pay",        "create", "--from", "world", "--to",        "shop",
        "--amount", "1000", "--currency", "EUR",    "--key",  key,     "--card-file", "-"};
    words.insert(words.end(), more.begin(), more.end());
    must(words, "4111111111111111\n123\n");
    return json::parse(printed_).at("payment");
  }

  void wait_until_link_is_up() {
    do
      must({"--output", "json", "links"});
    while (json::parse(printed_).at("acquirers").at(0).at("holder") != "north-link");
  }

  void wait_until_nothing_is_owed() {
    do
      must({"--output", "json", "acquirer", "list"});
    while (json::parse(printed_).at("data").at(0).at("owed") != "0");
  }

  /// Reads what the acquirer has written; all of it was done at noon of that day.
  altered_journal journal() const {
    std::vector<acquirer::effect> effects;
    std::ifstream in{place_.path() / "journal"};
    for (std::string line; std::getline(in, line);) {
      auto read = acquirer::parse_line(line);
      EXPECT_TRUE(read);
      read->at_ms = noon_ms;
      effects.push_back(std::move(*read));
    }
    return altered_journal{std::move(effects)};
  }

  /// Returns the place of a payment's capture in the journal.
  static std::size_t place_of(const json& payment, const altered_journal& in) {
    const auto& effects = in.effects();
    const std::string rrn = payment.at("attempts").at(0).at("rrn");
    for (std::size_t place = 0; place < effects.size(); ++place)
      if (effects[place].rrn == rrn && effects[place].kind == acquirer::effect_kind::captured)
        return place;
    ADD_FAILURE() << "the acquirer has no capture " << rrn;
    return 0;
  }

  std::string write(const std::string& name, const std::string& text) const {
    const auto path = place_.path() / name;
    std::ofstream{path, std::ios::binary} << text;
    return path.string();
  }

  /// Returns what the bank has of the day, and `more`.
  static std::string bank_file(const altered_journal& journal, std::int64_t more) {
    std::int64_t net = more;
    std::istringstream text{journal.text()};
    const auto read =
        settlement::read_journal(text, {.business_date = settlement::utc_date},
                                 [&](const settlement::reconciliation_item& each) -> result<void> {
                                   if (each.business_date == that_day && each.currency == 978)
                                     net += each.amount - each.fee.value_or(0);
                                   return {};
                                 });
    EXPECT_TRUE(read);
    char amount[32];
    std::snprintf(amount, sizeof amount, "%lld.%02lld", static_cast<long long>(net / 100),
                  static_cast<long long>(net % 100));
    return "booking_date,amount,currency,credit_debit,reference\n2026-11-30," +
           std::string{amount} + ",EUR,CRDT,north-20261129-978\n";
  }

  std::vector<std::string> reconcile(const std::string& journal,
                                     const std::vector<std::string>& more = {},
                                     const std::string& window = "1") const {
    std::vector<std::string> words{"--output",   "json",  "settle",    "reconcile",
                                   "--currency", "EUR",   "--window",  window,
                                   "--acquirer", "north", "--journal", journal,
                                   "--owner",    "anna",  "--scratch", place_.path().string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  json found() const { return json::parse(printed_.substr(0, printed_.find('\n'))); }

  std::vector<std::string> classes() const {
    std::vector<std::string> all;
    const json printed = found();
    for (const json& each : printed.at("new"))
      all.push_back(each.at("what").at("leg").get<std::string>() + " " +
                    each.at("what").at("what").get<std::string>());
    return all;
  }

  std::vector<v1::SettlementException> open_exceptions() const {
    grpc::ClientContext context;
    v1::ListSettlementExceptionsRequest asked;
    asked.set_only_open(true);
    v1::ListSettlementExceptionsReply reply;
    EXPECT_TRUE(stub()->ListExceptions(&context, asked, &reply).ok());
    return {reply.data().begin(), reply.data().end()};
  }

  void dispose_of(const std::string& id) const {
    grpc::ClientContext context;
    v1::DisposeOfSettlementException command;
    command.set_id(id);
    command.set_how(v1::WRITE_OFF);
    command.set_reason("too small");
    command.set_by("anna");
    v1::SettlementReply reply;
    EXPECT_TRUE(stub()->DisposeOfException(&context, command, &reply).ok());
  }

  std::unique_ptr<v1::Settlements::Stub> stub() const {
    return v1::Settlements::NewStub(
        grpc::CreateChannel(endpoint_, grpc::InsecureChannelCredentials()));
  }

  ducat::testing::temporary_directory place_;
  std::filesystem::path config_ = place_.path() / "node.toml";
  acquirer::testing::acquirer_process host_{place_.path() / "journal"};
  std::optional<ducat::testing::child_program> node_;
  std::string endpoint_;
  std::string printed_;
};

/// A day with a payment for each kind of difference, one that is refunded, and one that is captured
/// for less than the acquirer had captured.
class ReconcileADay : public ReconcileProgram {
protected:
  void SetUp() override {
    wait_until_link_is_up();
    for (const char* key : {"good", "amount", "currency", "fee", "missing", "twice", "late"})
      payments_[key] = pay(key);
    must({"pay", "refund", payments_["good"].at("id"), "--key", "back", "--amount", "300"});
    const json held = pay("less", {"--manual"});
    must({"pay", "capture", held.at("id"), "--key", "capture-less", "--amount", "600"});
    wait_until_nothing_is_owed();
    must({"settle", "cut", "--currency", "EUR", "--window", "1", "--next-business-date",
          std::to_string(that_day + 1)});
    must({"settle", "run", "--currency", "EUR", "--last-window", "1"});
  }

  altered_journal damaged() const {
    altered_journal made = journal();
    const auto place = [&](const char* key) { return place_of(payments_.at(key), made); };
    made.set_amount(place("amount"), 999);
    made.set_currency(place("currency"), "840");
    made.set_fee(place("fee"), 12);
    made.drop(place("missing"));
    made.duplicate(place("twice"));
    made.delay(place("late"), 1);
    made.set_rrn(made.duplicate(place("good")), "000000999999");
    return made;
  }

  std::map<std::string, json> payments_;
};

TEST_F(ReconcileADay, FindsNothingWhereAllAgree) {
  must(reconcile(write("good", journal().text()),
                 {"--bank", write("bank.csv", bank_file(journal(), 0))}));
  EXPECT_THAT(classes(), ::testing::IsEmpty()) << printed_;
  EXPECT_EQ(found().at("members").at("compared"), 9);
  EXPECT_EQ(found().at("members").at("given_back"), 1);
  EXPECT_EQ(found().at("bank_leg").at("classes").at("matched"), 1);
  EXPECT_EQ(found().at("totals").at("verdict"), "agree");
}

TEST_F(ReconcileADay, OpensEachDifferenceOnceUntilSomebodyHasDisposedOfIt) {
  const altered_journal altered = damaged();
  const std::string file = write("altered", altered.text());
  const std::vector<std::string> sources{"--bank", write("bank.csv", bank_file(altered, 100)),
                                         "--fee-fixed", "10"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), sources.begin(), sources.end());
    return reconcile(file, more);
  };
  const auto all = UnorderedElementsAre(
      "ACQUIRER AMOUNT", "ACQUIRER CURRENCY", "ACQUIRER FEE", "ACQUIRER MISSING_EXTERNAL",
      "ACQUIRER DUPLICATE_EXTERNAL", "ACQUIRER LATE", "ACQUIRER MISSING_INTERNAL", "BANK AMOUNT");
  must(with({"--dry-run"}));
  EXPECT_THAT(classes(), all) << printed_;
  EXPECT_TRUE(open_exceptions().empty());

  must(with({}));
  EXPECT_THAT(classes(), all);
  EXPECT_EQ(found().at("opened"), 8);
  EXPECT_EQ(found().at("disposed"), 1) << "what is only late has come";
  const auto open = open_exceptions();
  ASSERT_EQ(open.size(), 7u);
  EXPECT_EQ(open[0].owner(), "anna");
  EXPECT_EQ(open[0].due_at_ns() - open[0].opened_at_ns(), 24ull * 3600 * 1'000'000'000);

  EXPECT_EQ(run(with({"--finalize"})), exit_code::failed);
  EXPECT_THAT(printed_, HasSubstr("window_has_exceptions"));
  EXPECT_EQ(found().at("opened"), 0);
  EXPECT_EQ(found().at("known"), 8);
  EXPECT_EQ(open_exceptions().size(), 7u);

  for (const v1::SettlementException& each : open)
    dispose_of(each.id());
  must(with({"--finalize"}));
  EXPECT_EQ(found().at("final"), true);
  EXPECT_EQ(run(with({})), exit_code::failed);
  EXPECT_THAT(printed_, HasSubstr("window_final"));
}

TEST_F(ReconcileADay, SeesWhatCameLaterWhenTheNextWindowIsReconciled) {
  must(reconcile(write("altered", damaged().text())));
  const std::size_t before = open_exceptions().size();
  must({"settle", "cut", "--currency", "EUR", "--window", "2", "--next-business-date",
        std::to_string(two_days_later)});
  altered_journal next = damaged();
  const std::size_t missing = place_of(payments_.at("missing"), journal());
  next.restore(missing);
  must(reconcile(write("next", next.text()), {}, "2"));
  EXPECT_THAT(classes(), ::testing::IsEmpty()) << printed_;
  EXPECT_EQ(found().at("disposed"), 1) << printed_;
  EXPECT_EQ(open_exceptions().size(), before - 1);
}

TEST_F(ReconcileADay, OpensNothingIfAFileIsDamaged) {
  std::string text = damaged().text();
  text[text.size() / 2] ^= 1;
  EXPECT_EQ(run(reconcile(write("altered", text))), exit_code::usage);
  EXPECT_THAT(printed_, HasSubstr("file_damaged"));
  EXPECT_EQ(run(reconcile(write("good", damaged().text()), {"--bank", write("bank", "<Docu")})),
            exit_code::usage);
  EXPECT_THAT(printed_, HasSubstr("file_damaged"));
  EXPECT_EQ(run(reconcile("/nowhere")), exit_code::usage);
  EXPECT_THAT(printed_, HasSubstr("file_unreadable"));
  EXPECT_TRUE(open_exceptions().empty());
}

TEST_F(ReconcileADay, IsOnlyOfWindowsThatWereCut) {
  EXPECT_EQ(run(reconcile(write("good", journal().text()), {}, "2")), exit_code::failed);
  EXPECT_THAT(printed_, HasSubstr("window_not_cut"));
}

} // namespace
} // namespace ducat::cli
