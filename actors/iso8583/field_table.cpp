#include "iso8583/field_table.hpp"

#include <array>

namespace ducat::iso8583 {

namespace {

struct row {
  int field;
  content kind;
  std::uint32_t length;
  std::uint32_t prefix_digits;
  exposure shown;
  const char* name;
};

// clang-format off
/// A row a line. Spaces are common in 37 and 38, and other characters in 44 to 48, which the
/// standard calls an; track 1 has letters and separators. 55 is what chip cards made of a reserved
/// field. 65 is a third bitmap, and not here.
constexpr std::array rows = {
  row{2, content::n, 19, 2, exposure::pan, "Primary account number"},
  row{3, content::n, 6, 0, exposure::open, "Processing code"},
  row{4, content::n, 12, 0, exposure::open, "Amount, transaction"},
  row{5, content::n, 12, 0, exposure::open, "Amount, settlement"},
  row{6, content::n, 12, 0, exposure::open, "Amount, cardholder billing"},
  row{7, content::n, 10, 0, exposure::open, "Transmission date and time"},
  row{8, content::n, 8, 0, exposure::open, "Amount, cardholder billing fee"},
  row{9, content::n, 8, 0, exposure::open, "Conversion rate, settlement"},
  row{10, content::n, 8, 0, exposure::open, "Conversion rate, cardholder billing"},
  row{11, content::n, 6, 0, exposure::open, "System trace audit number"},
  row{12, content::n, 6, 0, exposure::open, "Time, local transaction"},
  row{13, content::n, 4, 0, exposure::open, "Date, local transaction"},
  row{14, content::n, 4, 0, exposure::open, "Date, expiration"},
  row{15, content::n, 4, 0, exposure::open, "Date, settlement"},
  row{16, content::n, 4, 0, exposure::open, "Date, conversion"},
  row{17, content::n, 4, 0, exposure::open, "Date, capture"},
  row{18, content::n, 4, 0, exposure::open, "Merchant type"},
  row{19, content::n, 3, 0, exposure::open, "Acquiring institution country code"},
  row{20, content::n, 3, 0, exposure::open, "Primary account number extended, country code"},
  row{21, content::n, 3, 0, exposure::open, "Forwarding institution country code"},
  row{22, content::n, 3, 0, exposure::open, "Point of service entry mode"},
  row{23, content::n, 3, 0, exposure::open, "Card sequence number"},
  row{24, content::n, 3, 0, exposure::open, "Network international identifier"},
  row{25, content::n, 2, 0, exposure::open, "Point of service condition code"},
  row{26, content::n, 2, 0, exposure::open, "Point of service PIN capture code"},
  row{27, content::n, 1, 0, exposure::open, "Authorization identification response length"},
  row{28, content::xn, 9, 0, exposure::open, "Amount, transaction fee"},
  row{29, content::xn, 9, 0, exposure::open, "Amount, settlement fee"},
  row{30, content::xn, 9, 0, exposure::open, "Amount, transaction processing fee"},
  row{31, content::xn, 9, 0, exposure::open, "Amount, settlement processing fee"},
  row{32, content::n, 11, 2, exposure::open, "Acquiring institution identification code"},
  row{33, content::n, 11, 2, exposure::open, "Forwarding institution identification code"},
  row{34, content::ns, 28, 2, exposure::pan, "Primary account number, extended"},
  row{35, content::z, 37, 2, exposure::secret, "Track 2 data"},
  row{36, content::z, 104, 3, exposure::secret, "Track 3 data"},
  row{37, content::anp, 12, 0, exposure::open, "Retrieval reference number"},
  row{38, content::anp, 6, 0, exposure::open, "Authorization identification response"},
  row{39, content::an, 2, 0, exposure::open, "Response code"},
  row{40, content::an, 3, 0, exposure::open, "Service restriction code"},
  row{41, content::ans, 8, 0, exposure::open, "Card acceptor terminal identification"},
  row{42, content::ans, 15, 0, exposure::open, "Card acceptor identification code"},
  row{43, content::ans, 40, 0, exposure::open, "Card acceptor name and location"},
  row{44, content::ans, 25, 2, exposure::secret, "Additional response data"},
  row{45, content::ans, 76, 2, exposure::secret, "Track 1 data"},
  row{46, content::ans, 999, 3, exposure::secret, "Additional data, ISO"},
  row{47, content::ans, 999, 3, exposure::secret, "Additional data, national"},
  row{48, content::ans, 999, 3, exposure::secret, "Additional data, private"},
  row{49, content::an, 3, 0, exposure::open, "Currency code, transaction"},
  row{50, content::an, 3, 0, exposure::open, "Currency code, settlement"},
  row{51, content::an, 3, 0, exposure::open, "Currency code, cardholder billing"},
  row{52, content::b, 8, 0, exposure::secret, "Personal identification number data"},
  row{53, content::n, 16, 0, exposure::secret, "Security related control information"},
  row{54, content::an, 120, 3, exposure::open, "Additional amounts"},
  row{55, content::b, 999, 3, exposure::secret, "Chip card data"},
  row{56, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{57, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{58, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{59, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{60, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{61, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{62, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{63, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{64, content::b, 8, 0, exposure::open, "Message authentication code"},
  row{66, content::n, 1, 0, exposure::open, "Settlement code"},
  row{67, content::n, 2, 0, exposure::open, "Extended payment code"},
  row{68, content::n, 3, 0, exposure::open, "Receiving institution country code"},
  row{69, content::n, 3, 0, exposure::open, "Settlement institution country code"},
  row{70, content::n, 3, 0, exposure::open, "Network management information code"},
  row{71, content::n, 4, 0, exposure::open, "Message number"},
  row{72, content::n, 4, 0, exposure::open, "Message number, last"},
  row{73, content::n, 6, 0, exposure::open, "Date, action"},
  row{74, content::n, 10, 0, exposure::open, "Credits, number"},
  row{75, content::n, 10, 0, exposure::open, "Credits, reversal number"},
  row{76, content::n, 10, 0, exposure::open, "Debits, number"},
  row{77, content::n, 10, 0, exposure::open, "Debits, reversal number"},
  row{78, content::n, 10, 0, exposure::open, "Transfers, number"},
  row{79, content::n, 10, 0, exposure::open, "Transfers, reversal number"},
  row{80, content::n, 10, 0, exposure::open, "Inquiries, number"},
  row{81, content::n, 10, 0, exposure::open, "Authorizations, number"},
  row{82, content::n, 12, 0, exposure::open, "Credits, processing fee amount"},
  row{83, content::n, 12, 0, exposure::open, "Credits, transaction fee amount"},
  row{84, content::n, 12, 0, exposure::open, "Debits, processing fee amount"},
  row{85, content::n, 12, 0, exposure::open, "Debits, transaction fee amount"},
  row{86, content::n, 16, 0, exposure::open, "Credits, amount"},
  row{87, content::n, 16, 0, exposure::open, "Credits, reversal amount"},
  row{88, content::n, 16, 0, exposure::open, "Debits, amount"},
  row{89, content::n, 16, 0, exposure::open, "Debits, reversal amount"},
  row{90, content::n, 42, 0, exposure::open, "Original data elements"},
  row{91, content::an, 1, 0, exposure::open, "File update code"},
  row{92, content::an, 2, 0, exposure::open, "File security code"},
  row{93, content::an, 5, 0, exposure::open, "Response indicator"},
  row{94, content::an, 7, 0, exposure::open, "Service indicator"},
  row{95, content::an, 42, 0, exposure::open, "Replacement amounts"},
  row{96, content::b, 8, 0, exposure::secret, "Message security code"},
  row{97, content::xn, 17, 0, exposure::open, "Amount, net settlement"},
  row{98, content::ans, 25, 0, exposure::open, "Payee"},
  row{99, content::n, 11, 2, exposure::open, "Settlement institution identification code"},
  row{100, content::n, 11, 2, exposure::open, "Receiving institution identification code"},
  row{101, content::ans, 17, 2, exposure::open, "File name"},
  row{102, content::ans, 28, 2, exposure::pan, "Account identification 1"},
  row{103, content::ans, 28, 2, exposure::pan, "Account identification 2"},
  row{104, content::ans, 100, 3, exposure::secret, "Transaction description"},
  row{105, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{106, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{107, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{108, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{109, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{110, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{111, content::ans, 999, 3, exposure::secret, "Reserved, ISO"},
  row{112, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{113, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{114, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{115, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{116, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{117, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{118, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{119, content::ans, 999, 3, exposure::secret, "Reserved, national"},
  row{120, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{121, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{122, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{123, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{124, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{125, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{126, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{127, content::ans, 999, 3, exposure::secret, "Reserved, private"},
  row{128, content::b, 8, 0, exposure::open, "Message authentication code"},
};
// clang-format on

} // namespace

std::map<int, field_spec> fields_of_1987() {
  std::map<int, field_spec> fields;
  for (const row& one : rows)
    fields[one.field] = {.name = one.name,
                         .kind = one.kind,
                         .length = one.length,
                         .prefix_digits = one.prefix_digits,
                         .written = one.kind == content::b ? encoding::raw : encoding::ascii,
                         .shown = one.shown};
  return fields;
}

exposure default_exposure(int field) noexcept {
  for (const row& one : rows)
    if (one.field == field)
      return one.shown;
  return exposure::secret;
}

bool is_card_data(int field) noexcept {
  switch (field) {
  case 2:
  case 34:
  case 35:
  case 36:
  case 45:
  case 52:
  case 55:
    return true;
  default:
    return false;
  }
}

} // namespace ducat::iso8583
