#include "settlement/bank_batches.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ducat::settlement::testing {
namespace {

using ::testing::ElementsAre;

std::string name_in(std::string_view text) {
  const auto found = batch_in(text, "north");
  return found ? found->text + " " + std::to_string(found->date) + " " +
                     std::to_string(found->currency)
               : "";
}

TEST(BatchName, IsFoundAsAWord) {
  EXPECT_EQ(name_in("north-20261129-978"), "north-20261129-978 20261129 978");
  EXPECT_EQ(name_in("REF north-20261129-978, card sales"), "north-20261129-978 20261129 978");
  EXPECT_EQ(name_in("north-old north-20261129-048"), "north-20261129-048 20261129 48");
}

TEST(BatchName, OfAnythingElseIsNone) {
  for (const char* each : {"", "north", "north-", "north-20261129", "north-20261129-97",
                           "north-20261129-9780", "north-20261129-978x", "far-north-20261129-978",
                           "north-2026112x-978", "north_20261129-978", "south-20261129-978"})
    EXPECT_EQ(name_in(each), "") << each;
}

struct read_file {
  std::vector<std::string> bookings{};
  std::string problem{};
};

read_file read(const std::string& bytes) {
  read_file made;
  const auto notes =
      read_bookings(iso20022::source_of(bytes), "north",
                    [&](const std::optional<batch_name>& batch, std::int64_t amount,
                        std::string_view currency) -> result<void> {
                      made.bookings.push_back((batch ? batch->text : "-") + " " +
                                              std::to_string(amount) + " " + std::string{currency});
                      return {};
                    });
  if (!notes)
    made.problem = to_string(notes.error().code);
  return made;
}

std::string entry(const std::string& inside) {
  return "<Ntry>" + inside + "<Sts>BOOK</Sts><BookgDt><Dt>2026-11-30</Dt></BookgDt></Ntry>";
}

std::string statement(const std::string& entries) {
  return "<?xml version=\"1.0\"?><Document "
         "xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"><BkToCstmrDbtCdtNtfctn><GrpHdr>"
         "<MsgId>m</MsgId><CreDtTm>2026-11-30T10:00:00</CreDtTm></GrpHdr><Ntfctn><Id>n</Id>"
         "<CreDtTm>2026-11-30T10:00:00</CreDtTm><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id>"
         "<Ccy>EUR</Ccy></Acct>" +
         entries + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>";
}

TEST(Bookings, AreReadFromCsv) {
  const auto file = read("booking_date,amount,currency,credit_debit,reference,remittance\n"
                         "2026-11-30,95.00,EUR,CRDT,north-20261129-978,\n"
                         "2026-11-30,5.00,EUR,DBIT,,x north-20261128-978\n"
                         "2026-11-30,7.00,EUR,CRDT,rent,\n");
  EXPECT_EQ(file.problem, "");
  EXPECT_THAT(file.bookings, ElementsAre("north-20261129-978 9500 EUR",
                                         "north-20261128-978 -500 EUR", "- 700 EUR"));
}

TEST(Bookings, AreReadFromXml) {
  const auto file = read(statement(
      entry("<NtryRef>north-20261129-978</NtryRef><Amt Ccy=\"EUR\">95.00</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd>") +
      entry("<Amt Ccy=\"EUR\">3.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><NtryDtls><TxDtls><Refs>"
            "<EndToEndId>north-20261128-978</EndToEndId></Refs></TxDtls></NtryDtls>")));
  EXPECT_EQ(file.problem, "");
  EXPECT_THAT(file.bookings,
              ElementsAre("north-20261129-978 9500 EUR", "north-20261128-978 300 EUR"));
}

// An entry that is left out may be the one that is missing: nothing of the file is used.
TEST(Bookings, OfAFileWithADoubtAreRefused) {
  EXPECT_EQ(read("booking_date,amount,currency,credit_debit\n2026-11-30,1,5,EUR,CRDT\n").problem,
            "corrupt");
  EXPECT_EQ(read("no,columns\n").problem, "corrupt");
  EXPECT_EQ(read("").problem, "corrupt");
  std::string torn = statement(entry("<Amt Ccy=\"EUR\">95.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"));
  torn.resize(torn.size() / 2);
  EXPECT_EQ(read(torn).problem, "corrupt");
}

} // namespace
} // namespace ducat::settlement::testing
