#include "iso8583/bitmap.hpp"
#include "iso8583/field_codec.hpp"
#include "iso8583/mti_field.hpp"

#include <ducat/iso8583/codec.hpp>

namespace ducat::iso8583 {

namespace {

tl::unexpected<problem> wrong(std::optional<int> field, std::size_t offset, fault what,
                              std::string detail) {
  return tl::unexpected(
      problem{.what = what, .field = field, .offset = offset, .detail = std::move(detail)});
}

result<field_set> fields_of(const dialect& with, const message& what, std::size_t offset) {
  field_set present;
  for (const auto& [field, held] : what.fields()) {
    if (!with.fields.contains(field))
      return wrong(field, offset, fault::unknown_field,
                   "the message has it, and the dialect does not");
    present.set(static_cast<std::size_t>(field));
  }
  return present;
}

result<std::string> begin(const dialect& with, const message& what) {
  std::string bytes = what.tpdu();
  if (bytes.size() != with.tpdu.bytes)
    return wrong({}, 0, fault::wrong_length,
                 "the TPDU has " + std::to_string(bytes.size()) + " bytes, and must have " +
                     std::to_string(with.tpdu.bytes));
  if (!is_known_mti(with, what.mti()))
    return wrong(0, bytes.size(), fault::unknown_mti, "no message type of the dialect");
  bytes += write(mti_field(with), with.hex_digits, {.data = what.mti()}).value();
  return bytes;
}

} // namespace

result<std::string> encode(const dialect& with, const message& what) {
  auto bytes = begin(with, what);
  if (!bytes)
    return bytes;
  const auto present = fields_of(with, what, bytes->size());
  if (!present)
    return tl::unexpected(present.error());
  *bytes += write_fields_present(with, *present);
  for (const auto& [field, held] : what.fields()) {
    const auto written = write(with.fields.at(field), with.hex_digits, held);
    if (!written)
      return wrong(field, bytes->size(), written.error().what, written.error().detail);
    *bytes += *written;
  }
  return bytes;
}

} // namespace ducat::iso8583
