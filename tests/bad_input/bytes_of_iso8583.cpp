#include "bad_input/bad_bytes.hpp"

namespace ducat::bad_input {

namespace {

using namespace std::string_literals;

/// Behind its length in four digits.
std::string framed(const std::string& payload) {
  const std::string size = std::to_string(payload.size());
  return std::string(4 - size.size(), '0') + size + payload;
}

// A purchase: PAN, processing code, amount, time, STAN, and who asks where.
// It is taken as it is: what is wrong with the others is what their names say.
const std::string bitmap = "7238000100C08000"; // 2, 3, 4, 7, 11, 12, 13, 32, 41, 42, 49
const std::string fields = "164111111111111111"
                           "000000"
                           "000000001000"
                           "1130063000"
                           "000001"
                           "063000"
                           "1130"
                           "06123456"
                           "TERM0001"
                           "MERCHANT0000001"
                           "978";

} // namespace

std::string good_iso8583() {
  return framed("0200" + bitmap + fields);
}

classes bytes_of_iso8583() {
  const std::string good = "0200" + bitmap + fields;
  const auto replaced = [&](const std::string& old, const std::string& by) {
    std::string made = good;
    return framed(made.replace(made.find(old), old.size(), by));
  };
  return {
      {"frame: a length of 0", "0000"},
      {"frame: a length of letters", "00zz" + good},
      {"frame: a length of 9,999", "9999" + good},
      {"frame: shorter than the message", "0020" + good},
      {"frame: longer than the message", framed(good + "junk")},
      {"frame: cut", framed(good).substr(0, 60)},
      {"frame: two, the second cut", framed(good) + framed(good).substr(0, 30)},
      {"frame: 500 wrong ones", repeated(framed("xxxx"), 500)},
      {"message: nothing but its type", framed("0200")},
      {"message: byte by byte", framed("9" + good.substr(1)), true},
      {"type: letters", replaced("0200", "02A0")},
      {"type: unknown", replaced("0200", "9999")},
      {"type: an answer that nobody asked for", replaced("0200", "0210")},
      {"type: of an issuer", replaced("0200", "0620")},
      {"bitmap: no hex", replaced(bitmap, "723800010ZC08000")},
      {"bitmap: cut", framed("0200" + bitmap.substr(0, 7))},
      {"bitmap: all of 64", replaced(bitmap, "FFFFFFFFFFFFFFFF")},
      {"bitmap: none", replaced(bitmap, "0000000000000000")},
      {"bitmap: a third one", replaced(bitmap, "F238000100C080008000000000000000")},
      {"PAN: a length of letters", replaced("1641111", "xx41111")},
      {"PAN: a length of 99", replaced("1641111", "9941111")},
      {"PAN: of letters", replaced("4111111111111111", "41111111111111AB")},
      {"PAN: a wrong check digit", replaced("4111111111111111", "4111111111111112")},
      {"PAN: in another field", replaced("MERCHANT0000001", "411111111111111")},
      {"amount: of letters", replaced("000000001000", "00000000I000")},
      {"amount: below zero", replaced("000000001000", "-00000001000")},
      {"amount: 0", replaced("000000001000", "000000000000")},
      {"amount: the largest", replaced("000000001000", "999999999999")},
      {"currency: unknown", replaced("MERCHANT0000001978", "MERCHANT0000001000")},
      {"date: the 99th month", replaced("1130063000", "9999999999")},
      {"terminal: unknown", replaced("TERM0001", "TERM9999")},
      {"terminal: escapes", replaced("TERM0001", "\x1b[2J\x1b[1m"s)},
      {"terminal: NUL", replaced("TERM0001", "TERM\0\0\0\0"s)},
  };
}

} // namespace ducat::bad_input
