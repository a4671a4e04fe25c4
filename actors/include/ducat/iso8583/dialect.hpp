/// How one peer writes ISO 8583: all of it is data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::iso8583 {

/// The characters of a field.
enum class content : std::uint8_t {
  a,   ///< Letters.
  n,   ///< Digits.
  an,  ///< Letters and digits.
  anp, ///< Letters, digits and spaces.
  as,  ///< Letters and special characters, among them the space.
  ns,  ///< Digits and special characters.
  ans, ///< Printable ASCII.
  z,   ///< Track 2 and 3: digits, and = or D as separator.
  xn,  ///< C (credit) or D (debit), then digits. Its length counts the letter.
  b,   ///< Bytes.
};

/// How the characters are written.
enum class encoding : std::uint8_t {
  ascii,
  ebcdic, ///< Code page 037.
  bcd,    ///< Two digits a byte; the letter of xn is an ASCII byte, the separator of z is 0xD.
  raw,    ///< Bytes as they are; of kind b.
  hex,    ///< Bytes as two hexadecimal digits, ASCII; of kind b.
};

enum class prefix_encoding : std::uint8_t {
  ascii,
  ebcdic,
  bcd,    ///< Two digits a byte, with a zero in front of an odd number of digits.
  binary, ///< Big-endian, as many bytes as bcd has.
};

/// What a length prefix counts.
enum class counting : std::uint8_t {
  value, ///< Characters of the value, or bytes of kind b.
  wire,  ///< Bytes as they are sent: half as many as digits in bcd, twice as many as bytes in hex.
};

/// Where an odd number of bcd digits is filled up, and with what.
enum class padding : std::uint8_t { left_zero, right_zero, right_f };

/// What may be shown of a field to whoever looks at messages.
enum class exposure : std::uint8_t {
  open,
  pan,    ///< The first six and the last four characters.
  secret, ///< Its length.
};

/// What stands in front of each message on a stream: the number of bytes that follow.
enum class length_header : std::uint8_t {
  none,
  binary2, ///< Two bytes, big-endian.
  ascii4,  ///< Four ASCII digits.
  bcd2,    ///< Four digits in two bytes.
};

enum class bitmap_size : std::uint8_t {
  as_needed, ///< 64 bits, or 128 if there is a field from 65 on.
  always_16, ///< 128 bits.
};

enum class bitmap_encoding : std::uint8_t {
  raw,
  hex, ///< Two ASCII digits a byte.
};

/// Of the digits a to f of hexadecimal, wherever a dialect has it.
enum class hex_case : std::uint8_t { upper, lower };

std::string_view to_string(content kind) noexcept;
std::string_view to_string(encoding written) noexcept;
std::string_view to_string(prefix_encoding written) noexcept;
std::string_view to_string(counting counted) noexcept;
std::string_view to_string(padding filled) noexcept;
std::string_view to_string(exposure shown) noexcept;
std::string_view to_string(length_header header) noexcept;
std::string_view to_string(bitmap_size size) noexcept;
std::string_view to_string(bitmap_encoding written) noexcept;
std::string_view to_string(hex_case digits) noexcept;

struct field_spec {
  std::string name{}; ///< For people.
  content kind = content::ans;
  std::uint32_t length = 0;        ///< In characters, or bytes of kind b; at most, with a prefix.
  std::uint32_t prefix_digits = 0; ///< Of its length prefix: 2 is LL. 0: it has a fixed length.
  encoding written = encoding::ascii;
  prefix_encoding prefix = prefix_encoding::ascii;
  counting counts = counting::value;
  padding filled = padding::left_zero;
  exposure shown = exposure::secret;

  friend bool operator==(const field_spec&, const field_spec&) = default;
};

struct tpdu_spec {
  std::uint32_t bytes = 0;
  bool counted = true; ///< The length header counts it.

  friend bool operator==(const tpdu_spec&, const tpdu_spec&) = default;
};

struct dialect {
  std::string name{};
  std::string about{}; ///< One line, for people.
  length_header header = length_header::none;
  tpdu_spec tpdu{};
  encoding mti = encoding::ascii;
  std::string versions = "0"; ///< First digits that an MTI may have: 0 is ISO 8583:1987.
  bitmap_encoding bitmap = bitmap_encoding::raw;
  bitmap_size bitmap_bytes = bitmap_size::as_needed;
  hex_case hex_digits = hex_case::upper;
  std::map<int, field_spec> fields{}; ///< By number, 2 to 128. What is not here is refused.

  friend bool operator==(const dialect&, const dialect&) = default;
};

constexpr std::uint32_t tpdu_bytes_max = 64;

/// Why a dialect is none.
struct misfit {
  std::optional<int> field{}; ///< Nothing: not a field's row.
  std::string what{};
};

/// Returns the first thing that is wrong with `with`; nothing if it can be used.
std::optional<misfit> check(const dialect& with);

/// Returns what may be shown of a field if a dialect does not say: secret, unless ISO 8583:1987
/// gives the field a meaning that bears nothing of a card.
exposure default_exposure(int field) noexcept;

/// Returns whether a field always holds data of a card, so that no dialect may open it: the
/// numbers (2, 34), the tracks (35, 36, 45), the PIN (52) and the chip's data (55).
bool is_card_data(int field) noexcept;

/// The dialects that come with ducat. They live as long as the program.
const std::vector<dialect>& shipped_dialects();

/// Returns the shipped dialect of that name; null if there is none.
const dialect* find_dialect(std::string_view name);

} // namespace ducat::iso8583
