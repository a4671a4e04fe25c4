#include "api/json.hpp"

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace ducat::api {

namespace {

using google::protobuf::FieldDescriptor;
using nlohmann::json;

tl::unexpected<v1::Error> wrong_type(const std::string& field) {
  return invalid("field_wrong_type", "`" + field + "` has a value of the wrong type or range",
                 field);
}

/// Reads one object, of plain values, objects, lists and maps of texts, and stops at the first
/// thing that is not strictly right. As deep as the schema is.
class strict_object final : public json::json_sax_t {
public:
  explicit strict_object(const google::protobuf::Descriptor& schema) : schema_(schema) {}

  checked<void> outcome = {};

  bool null() override { return wrong_value(); }

  bool boolean(bool) override { return plain_value(); }

  bool number_integer(json::number_integer_t) override { return plain_value(); }

  bool number_unsigned(json::number_unsigned_t) override { return plain_value(); }

  bool number_float(json::number_float_t, const std::string&) override { return wrong_value(); }

  bool string(std::string&) override { return is_in(place::map) || is_in_texts() || plain_value(); }

  bool binary(json::binary_t&) override { return wrong_value(); }

  bool start_array(std::size_t) override {
    if (!is_in(place::object) || !field()->is_repeated() || field()->is_map())
      return wrong_value();
    open_.push_back({.where = place::list, .field = field()});
    return true;
  }

  bool end_array() override { return close(); }

  bool end_object() override { return close(); }

  bool start_object(std::size_t) override {
    if (open_.empty())
      open_.push_back({.where = place::object, .schema = &schema_});
    else if (is_in(place::object) && field()->is_map())
      open_.push_back({.where = place::map});
    else if (is_message() && is_in(place::list) == field()->is_repeated() && !is_in(place::map))
      open_.push_back({.where = place::object, .schema = field()->message_type()});
    else
      return wrong_value();
    return true;
  }

  bool key(std::string& name) override {
    level& now = open_.back();
    const bool is_new = now.seen.insert(name).second;
    if (now.where == place::map)
      return is_new ||
             stop(invalid("field_repeated", "a key in `" + key_ + "` is given twice", key_));
    key_ = name.substr(0, 64);
    now.field = now.schema->FindFieldByName(name);
    if (now.field == nullptr)
      return stop(invalid("field_unknown", "there is no field of this name here", key_));
    return is_new || stop(invalid("field_repeated", "`" + key_ + "` is given twice", key_));
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return stop(invalid("json_malformed",
                        "the body is not JSON: error at byte " + std::to_string(position)));
  }

private:
  enum class place : std::uint8_t { object, map, list };

  /// What is open. Invariant: an object has a schema, and a field once a key was read; a list has
  /// the field whose values it holds.
  struct level {
    place where = place::object;
    const google::protobuf::Descriptor* schema = nullptr;
    const FieldDescriptor* field = nullptr;
    std::set<std::string> seen = {};
  };

  bool is_in(place where) const { return !open_.empty() && open_.back().where == where; }

  const FieldDescriptor* field() const { return open_.back().field; }

  bool is_message() const {
    return !is_in(place::map) && field()->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
           !field()->is_map();
  }

  bool is_in_texts() const {
    return is_in(place::list) && field()->type() == FieldDescriptor::TYPE_STRING;
  }

  bool plain_value() {
    const bool fits =
        (is_in(place::object) && !field()->is_repeated()) || (is_in(place::list) && !is_in_texts());
    return (fits && !is_message()) || wrong_value();
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool stop(tl::unexpected<v1::Error> why) {
    outcome = std::move(why);
    return false;
  }

  bool wrong_value() {
    return stop(open_.empty() ? invalid("json_not_an_object", "the body must be one JSON object")
                              : wrong_type(key_));
  }

  const google::protobuf::Descriptor& schema_;
  std::vector<level> open_;
  std::string key_;
};

/// Returns the field that protobuf's message `(field): invalid value ...` is about, or "".
std::string field_named_in(std::string_view text) {
  const auto open = text.find('(');
  const auto close = text.find(')');
  return open == 0 && close != std::string_view::npos ? std::string(text.substr(1, close - 1)) : "";
}

std::string type_name(v1::Error::Type type) {
  std::string name = v1::Error::Type_Name(type);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

} // namespace

checked<void> parse_json(std::string_view text, google::protobuf::Message& message) {
  strict_object strict(*message.GetDescriptor());
  json::sax_parse(text.begin(), text.end(), &strict);
  if (!strict.outcome)
    return strict.outcome;
  const auto status = google::protobuf::util::JsonStringToMessage(std::string(text), &message);
  if (status.ok())
    return {};
  const std::string field = field_named_in(std::string(status.message()));
  return field.empty() ? invalid("json_malformed", "the body is not JSON") : wrong_type(field);
}

std::string error_json(const v1::Error& what) {
  const nlohmann::ordered_json body = {{"error",
                                        {{"type", type_name(what.type())},
                                         {"code", what.code()},
                                         {"message", what.message()},
                                         {"param", what.param()},
                                         {"retry", payment::to_string(payment::retry_of(what))}}}};
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace ducat::api
