/// Replies as JSON, by protobuf's mapping of it (https://protobuf.dev/programming-guides/json). Its
/// own printer makes descriptions of types anew for each message, which took a fifth of the time
/// that HTTP takes: docs/decisions/replies-are-written-by-reflection.md.

#include "api/json.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace ducat::api {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool is_plain(char c) {
  return ' ' <= c && c <= '~' && c != '"' && c != '\\';
}

/// Throws nlohmann::json::type_error on what is not UTF-8.
void append_text(const std::string& text, std::string& to) {
  if (std::ranges::all_of(text, is_plain))
    to.append("\"").append(text).append("\"");
  else
    to += nlohmann::json(text).dump();
}

void append_base64(const std::string& bytes, std::string& to) {
  const auto at = to.size() + 1;
  to.append("\"").append(4 * ((bytes.size() + 2) / 3) + 1, '\0'); // With room for what ends it.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(to.data() + at),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  to.back() = '"';
}

template <class Number>
void append_number(Number number, std::string& to) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  to.append(digits.data(), end);
}

/// Numbers of 64 bits are texts: JavaScript would round them.
template <class Number>
void append_long(Number number, std::string& to) {
  to += '"';
  append_number(number, to);
  to += '"';
}

template <class Number>
void append_real(Number number, std::string& to) {
  if (std::isfinite(number))
    append_number(number, to);
  else
    to += std::isnan(number) ? R"("NaN")" : number > 0 ? R"("Infinity")" : R"("-Infinity")";
}

void append_enum(const google::protobuf::EnumDescriptor& of, int number, std::string& to) {
  if (const auto* const value = of.FindValueByNumber(number))
    to.append("\"").append(value->name()).append("\"");
  else
    append_number(number, to);
}

void append_message(const Message& message, std::string& to);

/// One value of a field: of a list, or the only one.
class field_value {
public:
  field_value(const Message& of, const FieldDescriptor& field, int at = 0)
      : of_{of}, reflection_{*of.GetReflection()}, field_{field}, at_{at} {}

  void append(std::string& to) const {
    switch (field_.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return append_number(get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32), to);
    case FieldDescriptor::CPPTYPE_UINT32:
      return append_number(get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32), to);
    case FieldDescriptor::CPPTYPE_INT64:
      return append_long(get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64), to);
    case FieldDescriptor::CPPTYPE_UINT64:
      return append_long(get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64), to);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return append_real(get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble), to);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return append_real(get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat), to);
    case FieldDescriptor::CPPTYPE_BOOL:
      to += get(&Reflection::GetBool, &Reflection::GetRepeatedBool) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      return append_enum(*field_.enum_type(),
                         get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue), to);
    case FieldDescriptor::CPPTYPE_STRING:
      return field_.type() == FieldDescriptor::TYPE_BYTES ? append_base64(text(), to)
                                                          : append_text(text(), to);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return append_message(message(), to);
    }
  }

private:
  template <class Value>
  Value get(Value (Reflection::*single)(const Message&, const FieldDescriptor*) const,
            Value (Reflection::*repeated)(const Message&, const FieldDescriptor*, int)
                const) const {
    return field_.is_repeated() ? (reflection_.*repeated)(of_, &field_, at_)
                                : (reflection_.*single)(of_, &field_);
  }

  const std::string& text() const {
    return field_.is_repeated() ? reflection_.GetRepeatedStringReference(of_, &field_, at_, nullptr)
                                : reflection_.GetStringReference(of_, &field_, nullptr);
  }

  const Message& message() const {
    return field_.is_repeated() ? reflection_.GetRepeatedMessage(of_, &field_, at_)
                                : reflection_.GetMessage(of_, &field_);
  }

  const Message& of_;
  const Reflection& reflection_;
  const FieldDescriptor& field_;
  int at_;
};

void append_list(const Message& message, const FieldDescriptor& field, std::string& to) {
  const int size = message.GetReflection()->FieldSize(message, &field);
  to += '[';
  for (int i = 0; i < size; ++i) {
    to += i == 0 ? "" : ",";
    field_value{message, field, i}.append(to);
  }
  to += ']';
}

/// By key: the same reply is the same text.
void append_map(const Message& message, const FieldDescriptor& field, std::string& to) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor& key = *field.message_type()->map_key();
  const FieldDescriptor& value = *field.message_type()->map_value();
  std::vector<std::pair<std::string, const Message*>> entries;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& each = reflection.GetRepeatedMessage(message, &field, i);
    entries.emplace_back(each.GetReflection()->GetString(each, &key), &each);
  }
  std::ranges::sort(entries);
  to += '{';
  for (const auto& [name, entry] : entries) {
    to += &name == &entries.front().first ? "" : ",";
    append_text(name, to);
    to += ':';
    field_value{*entry, value}.append(to);
  }
  to += '}';
}

/// Without presence a field is there also at zero; a message, or one of several, only if it is set.
bool is_shown(const Message& message, const FieldDescriptor& field) {
  return !field.has_presence() || message.GetReflection()->HasField(message, &field);
}

void append_message(const Message& message, std::string& to) {
  const auto& schema = *message.GetDescriptor();
  bool is_first = true;
  to += '{';
  for (int i = 0; i < schema.field_count(); ++i) {
    const FieldDescriptor& field = *schema.field(i);
    if (!is_shown(message, field))
      continue;
    to += std::exchange(is_first, false) ? "\"" : ",\"";
    to.append(field.name()).append("\":");
    if (field.is_map())
      append_map(message, field, to);
    else if (field.is_repeated())
      append_list(message, field, to);
    else
      field_value{message, field}.append(to);
  }
  to += '}';
}

} // namespace

checked<std::string> to_json(const Message& message) {
  std::string text;
  try {
    append_message(message, text);
  } catch (const nlohmann::json::exception&) {
    return tl::unexpected<v1::Error>(
        make_error(v1::Error::INTERNAL, "reply_unprintable", "the reply has no JSON form"));
  }
  return text;
}

} // namespace ducat::api
