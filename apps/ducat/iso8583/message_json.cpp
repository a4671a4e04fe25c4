#include "iso8583/message_json.hpp"

#include "iso8583/hex_text.hpp"

#include <ducat/iso8583/display.hpp>

#include <charconv>

namespace ducat::cli {

namespace {

using iso8583::exposure;
using iso8583::message;
using nlohmann::ordered_json;

using done = tl::expected<void, std::string>;

tl::unexpected<std::string> wrong(std::string why) {
  return tl::unexpected(std::move(why));
}

exposure exposure_of(const iso8583::dialect& with, int field) {
  const auto row = with.fields.find(field);
  return row == with.fields.end() ? iso8583::default_exposure(field) : row->second.shown;
}

bool is_bytes(const iso8583::dialect& with, int field) {
  const auto row = with.fields.find(field);
  return row != with.fields.end() && row->second.kind == iso8583::content::b;
}

done take_field(const iso8583::dialect& with, const std::string& key, const ordered_json& text,
                message& into) {
  int field = 0;
  std::from_chars(key.data(), key.data() + key.size(), field);
  if (std::to_string(field) != key)
    return wrong("\"fields\" has a key that is not the number of a field");
  if (!text.is_string())
    return wrong("field " + key + " must be a string");
  if (!is_bytes(with, field)) {
    into.set(field, text.get<std::string>());
    return {};
  }
  auto bytes = bytes_of_hex(text.get<std::string>());
  if (!bytes)
    return wrong("field " + key + " must be hexadecimal, two digits a byte");
  into.set_bytes(field, *std::move(bytes));
  return {};
}

done take_fields(const iso8583::dialect& with, const ordered_json& fields, message& into) {
  if (!fields.is_object())
    return wrong("\"fields\" must be an object");
  for (const auto& [key, text] : fields.items())
    if (auto taken = take_field(with, key, text, into); !taken)
      return taken;
  return {};
}

done take_tpdu(const ordered_json& text, message& into) {
  auto bytes = text.is_string() ? bytes_of_hex(text.get<std::string>()) : std::nullopt;
  if (!bytes)
    return wrong("\"tpdu\" must be a string of hexadecimal digits, two a byte");
  into.set_tpdu(*std::move(bytes));
  return {};
}

done take_member(const iso8583::dialect& with, const std::string& key, const ordered_json& value,
                 message& into) {
  if (key == "fields")
    return take_fields(with, value, into);
  if (key == "tpdu")
    return take_tpdu(value, into);
  if (key == "masked")
    return value == false ? done{}
                          : wrong("it is masked: decode it with --clear to encode it again");
  if (key != "mti")
    return wrong("it has a key that is not known; there are \"mti\", \"tpdu\" and \"fields\"");
  if (!value.is_string())
    return wrong("\"mti\" must be a string");
  into.set_mti(value.get<std::string>());
  return {};
}

} // namespace

ordered_json json_of(const iso8583::dialect& with, const message& shown, card_data how) {
  ordered_json document = {{"mti", shown.mti()}};
  if (!shown.tpdu().empty())
    document["tpdu"] = hex_text(shown.tpdu());
  ordered_json fields = ordered_json::object();
  bool is_masked = false;
  for (const auto& [field, value] : shown.fields()) {
    const exposure as = how == card_data::clear ? exposure::open : exposure_of(with, field);
    is_masked = is_masked || as != exposure::open;
    fields[std::to_string(field)] = iso8583::to_display(value, as);
  }
  if (is_masked)
    document["masked"] = true;
  document["fields"] = std::move(fields);
  return document;
}

tl::expected<message, std::string> message_of(const iso8583::dialect& with,
                                              const ordered_json& document) {
  if (!document.is_object())
    return wrong("it is not an object");
  if (!document.contains("mti") || !document.contains("fields"))
    return wrong("it needs \"mti\" and \"fields\"");
  message read;
  for (const auto& [key, value] : document.items())
    if (auto taken = take_member(with, key, value, read); !taken)
      return wrong(std::move(taken.error()));
  return read;
}

} // namespace ducat::cli
