#include "iso8583/random_message.hpp"

#include <array>

namespace ducat::test {

using namespace iso8583;

namespace {

template <class T, std::size_t N>
T one_of(randomness& random, const std::array<T, N>& all) {
  return all[up_to(random, N - 1)];
}

std::string_view characters(const field_spec& field) {
  switch (field.kind) {
    using enum content;
  case a:
    return "AZaz";
  case n:
    return "0123456789";
  case an:
    return "AZaz09";
  case anp:
    return "AZaz09 ";
  case as:
    return "AZaz !~#@";
  case ns:
    return "0123456789 !~#@";
  case ans:
    return "AZaz09 !~#@\\\"'{}|^";
  case z:
    return field.written == encoding::bcd ? "0123456789=" : "0123456789=D";
  case xn:
  case b:
    break;
  }
  return "0123456789";
}

std::size_t random_length(randomness& random, const field_spec& field) {
  if (field.prefix_digits == 0)
    return field.length;
  const bool is_long = up_to(random, 9) == 0;
  const std::size_t length =
      up_to(random, is_long ? field.length : std::min<std::size_t>(field.length, 20));
  const bool must_be_even = field.counts == counting::wire && field.written == encoding::bcd &&
                            field.filled != padding::right_f;
  return must_be_even ? length & ~std::size_t{1} : length;
}

std::string random_text(randomness& random, const field_spec& field, std::size_t length) {
  const std::string_view allowed = characters(field);
  std::string text;
  while (text.size() < length)
    text += allowed[up_to(random, allowed.size() - 1)];
  if (field.kind == content::xn)
    text[0] = up_to(random, 1) == 0 ? 'C' : 'D';
  return text;
}

field_spec random_field(randomness& random) {
  using enum content;
  field_spec field;
  field.kind = one_of(random, std::array{a, n, an, anp, as, ns, ans, z, xn, b});
  field.written = one_of(random, std::array{encoding::ascii, encoding::ebcdic, encoding::bcd,
                                            encoding::raw, encoding::hex});
  field.prefix_digits = static_cast<std::uint32_t>(up_to(random, 4));
  field.length = static_cast<std::uint32_t>(1 + up_to(random, 40));
  field.prefix = one_of(random, std::array{prefix_encoding::ascii, prefix_encoding::ebcdic,
                                           prefix_encoding::bcd, prefix_encoding::binary});
  field.counts = one_of(random, std::array{counting::value, counting::wire});
  field.filled =
      one_of(random, std::array{padding::left_zero, padding::right_zero, padding::right_f});
  return field;
}

} // namespace

std::size_t up_to(randomness& random, std::size_t most) {
  return std::uniform_int_distribution<std::size_t>{0, most}(random);
}

std::string random_bytes(randomness& random, std::size_t count) {
  std::string bytes;
  while (bytes.size() < count)
    bytes += static_cast<char>(up_to(random, 255));
  return bytes;
}

message random_message(randomness& random, const dialect& with) {
  message what{one_of(random, std::array{"0100", "0110", "0120", "0130", "0200", "0201", "0210",
                                         "0220", "0230", "0400", "0410", "0420", "0421", "0430",
                                         "0500", "0510", "0520", "0530", "0800", "0810"})};
  what.set_tpdu(random_bytes(random, with.tpdu.bytes));
  const std::size_t density = 1 + up_to(random, 15);
  const int last = up_to(random, 1) == 0 ? 64 : 128;
  for (const auto& [number, field] : with.fields) {
    if (number > last || up_to(random, density) != 0)
      continue;
    const std::size_t length = random_length(random, field);
    if (field.kind == content::b)
      what.set_bytes(number, random_bytes(random, length));
    else
      what.set(number, random_text(random, field, length));
  }
  return what;
}

dialect random_dialect(randomness& random) {
  dialect made{.name = "random"};
  made.header = one_of(random, std::array{length_header::none, length_header::binary2,
                                          length_header::ascii4, length_header::bcd2});
  made.tpdu = {.bytes = static_cast<std::uint32_t>(up_to(random, 6)),
               .counted = up_to(random, 1) == 0};
  made.mti = one_of(random, std::array{encoding::ascii, encoding::ebcdic, encoding::bcd});
  made.bitmap = one_of(random, std::array{bitmap_encoding::raw, bitmap_encoding::hex});
  made.bitmap_bytes = one_of(random, std::array{bitmap_size::as_needed, bitmap_size::always_16});
  made.hex_digits = one_of(random, std::array{hex_case::upper, hex_case::lower});
  for (int number = field_number_min; number <= field_number_max; ++number) {
    made.fields[number] = random_field(random);
    if (check(made))
      made.fields.erase(number);
  }
  return made;
}

} // namespace ducat::test
