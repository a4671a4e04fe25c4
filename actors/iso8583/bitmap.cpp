#include "iso8583/bitmap.hpp"

#include "iso8583/charset.hpp"

namespace ducat::iso8583 {

namespace {

constexpr std::size_t secondary_bit = 1;
constexpr std::size_t tertiary_bit = 65;
constexpr std::size_t block_bits = 8 * bitmap_block_bytes;

field_spec block_field(const dialect& with) {
  return {.kind = content::b,
          .length = bitmap_block_bytes,
          .written = with.bitmap == bitmap_encoding::hex ? encoding::hex : encoding::raw};
}

/// Reads 64 bits at `at`; the first one is that of `first_field`.
part_result<std::size_t> read_block(const dialect& with, std::string_view rest, std::size_t at,
                                    std::size_t first_field, field_set& into) {
  const field_spec block = block_field(with);
  const std::size_t bytes = wire_bytes(block, bitmap_block_bytes);
  if (rest.size() - at < bytes)
    return wrong(fault::truncated, rest.size(), "the bitmap is cut off");
  const auto bits = read_value(block, with.hex_digits, rest.substr(at, bytes), bitmap_block_bytes);
  if (!bits)
    return wrong(bits.error().what, at + bits.error().at, bits.error().detail);
  for (std::size_t i = 0; i < block_bits; ++i)
    into[first_field + i] =
        ((static_cast<unsigned char>(bits->data[i / 8]) >> (7 - i % 8)) & 1U) != 0;
  return at + bytes;
}

bool has_secondary(const dialect& with, const field_set& present) {
  return with.bitmap_bytes == bitmap_size::always_16 || (present >> tertiary_bit).any();
}

} // namespace

part_result<read_bitmap> read_fields_present(const dialect& with, std::string_view rest) {
  field_set present;
  auto end = read_block(with, rest, 0, 1, present);
  if (end && present[secondary_bit])
    end = read_block(with, rest, *end, tertiary_bit, present);
  if (!end)
    return tl::unexpected(end.error());
  if (present[tertiary_bit])
    return wrong(fault::tertiary_bitmap, place_in_bitmap(with, tertiary_bit),
                 "fields from 129 on are not supported");
  if (!present[secondary_bit] && with.bitmap_bytes == bitmap_size::always_16)
    return wrong(fault::missing_secondary_bitmap, 0, "the dialect always has 128 bits");
  if (present[secondary_bit] && !has_secondary(with, present))
    return wrong(fault::empty_secondary_bitmap, 0,
                 "bit 1 is set, and no field from 65 on is there");
  present.reset(secondary_bit);
  return read_bitmap{.present = present, .bytes = *end};
}

std::string write_fields_present(const dialect& with, const field_set& present) {
  const bool is_long = has_secondary(with, present);
  std::string bits(is_long ? 2 * bitmap_block_bytes : bitmap_block_bytes, '\0');
  for (std::size_t i = 0; i < 8 * bits.size(); ++i)
    if (present[i + 1] || (i == 0 && is_long))
      bits[i / 8] = static_cast<char>(static_cast<unsigned char>(bits[i / 8]) | (0x80U >> i % 8));
  return with.bitmap == bitmap_encoding::hex ? to_hex(bits, with.hex_digits) : bits;
}

std::size_t place_in_bitmap(const dialect& with, int field) noexcept {
  const auto bit = static_cast<std::size_t>(field - 1);
  return with.bitmap == bitmap_encoding::hex ? bit / 4 : bit / 8;
}

} // namespace ducat::iso8583
