#include "settle/toml_message.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <limits>

namespace ducat::cli {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::optional<std::int64_t> minutes_in(const std::string& text) {
  unsigned hours = 0;
  unsigned minutes = 0;
  char rest = 0;
  if (text.size() != 5 || std::sscanf(text.c_str(), "%2u:%2u%c", &hours, &minutes, &rest) != 2 ||
      hours > 23 || minutes > 59)
    return std::nullopt;
  return hours * 60 + minutes;
}

std::optional<std::int64_t> number_in(const toml::node& value) {
  if (const auto* number = value.as_integer())
    return number->get();
  if (const auto* date = value.as_date())
    return (date->get().year * 100 + date->get().month) * 100 + date->get().day;
  if (const auto* text = value.as_string())
    return minutes_in(text->get());
  return std::nullopt;
}

/// Takes a whole number if it is within the type's range.
template <class Number>
complaint take_whole(const toml::node& value, const std::string& name,
                     const std::function<void(Number)>& put) {
  const auto number = number_in(value);
  const bool fits =
      number && (std::is_signed_v<Number> || *number >= 0) &&
      (sizeof(Number) == 8 ||
       *number <= static_cast<std::int64_t>(std::numeric_limits<std::uint32_t>::max()));
  if (!fits)
    return complain(value, name, "is no whole number that fits");
  put(static_cast<Number>(*number));
  return {};
}

complaint take_enum(const toml::node& value, const std::string& name, const FieldDescriptor& field,
                    const std::function<void(int)>& put) {
  std::string word = value.value_or(std::string{});
  std::ranges::transform(word, word.begin(), [](char c) {
    return 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto* found = field.enum_type()->FindValueByName(word);
  if (found == nullptr)
    return complain(value, name, "is no such word");
  put(found->number());
  return {};
}

/// Takes one value, which is the field's or one more of a list.
complaint take_one(const toml::node& value, const std::string& name, const FieldDescriptor& field,
                   Message& into) {
  const auto& access = *into.GetReflection();
  const bool is_list = field.is_repeated();
  switch (field.cpp_type()) {
  case FieldDescriptor::CPPTYPE_STRING:
    if (!value.is_string())
      return complain(value, name, "is no text");
    is_list ? access.AddString(&into, &field, value.value_or(std::string{}))
            : access.SetString(&into, &field, value.value_or(std::string{}));
    return {};
  case FieldDescriptor::CPPTYPE_BOOL:
    if (!value.is_boolean())
      return complain(value, name, "is not true or false");
    access.SetBool(&into, &field, value.value_or(false));
    return {};
  case FieldDescriptor::CPPTYPE_UINT32:
    return take_whole<std::uint32_t>(value, name, [&](std::uint32_t number) {
      is_list ? access.AddUInt32(&into, &field, number) : access.SetUInt32(&into, &field, number);
    });
  case FieldDescriptor::CPPTYPE_UINT64:
    return take_whole<std::uint64_t>(
        value, name, [&](std::uint64_t number) { access.SetUInt64(&into, &field, number); });
  case FieldDescriptor::CPPTYPE_INT64:
    return take_whole<std::int64_t>(
        value, name, [&](std::int64_t number) { access.SetInt64(&into, &field, number); });
  case FieldDescriptor::CPPTYPE_ENUM:
    return take_enum(value, name, field,
                     [&](int number) { access.SetEnumValue(&into, &field, number); });
  case FieldDescriptor::CPPTYPE_MESSAGE:
    if (!value.is_table())
      return complain(value, name, "is no table");
    return fill(*value.as_table(), name,
                is_list ? *access.AddMessage(&into, &field)
                        : *access.MutableMessage(&into, &field));
  default:
    return complain(value, name, "cannot be given here");
  }
}

} // namespace

complaint fill(const toml::table& from, const std::string& name, Message& into) {
  for (const auto& [key, value] : from) {
    const std::string field_name{key.str()};
    const std::string whole = name + "." + field_name;
    const FieldDescriptor* field = into.GetDescriptor()->FindFieldByName(field_name);
    if (field == nullptr)
      return misreading{key.source(), "`" + whole + "` is not known"};
    if (!field->is_repeated()) {
      if (auto wrong = take_one(value, whole, *field, into))
        return wrong;
      continue;
    }
    if (!value.is_array())
      return complain(value, whole, "is no list");
    for (const toml::node& each : *value.as_array())
      if (auto wrong = take_one(each, whole, *field, into))
        return wrong;
  }
  return {};
}

} // namespace ducat::cli
