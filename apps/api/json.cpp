#include "api/json.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <set>

namespace ducat::api {

namespace {

using google::protobuf::FieldDescriptor;
using nlohmann::json;

tl::unexpected<v1::Error> wrong_type(const std::string& field) {
  return invalid("field_wrong_type", "`" + field + "` has a value of the wrong type or range",
                 field);
}

/// Reads one object, of plain values, lists of texts and maps of texts, and stops at the first
/// thing that is not strictly right.
class strict_object final : public json::json_sax_t {
public:
  explicit strict_object(const google::protobuf::Descriptor& schema) : schema_(schema) {}

  checked<void> outcome = {};

  bool null() override { return wrong_value(); }

  bool boolean(bool) override { return plain_value(); }

  bool number_integer(json::number_integer_t) override { return plain_value(); }

  bool number_unsigned(json::number_unsigned_t) override { return plain_value(); }

  bool number_float(json::number_float_t, const std::string&) override { return wrong_value(); }

  bool string(std::string&) override {
    return place_ == place::map || place_ == place::list || plain_value();
  }

  bool binary(json::binary_t&) override { return wrong_value(); }

  bool start_array(std::size_t) override {
    if (place_ != place::object || !is_list())
      return wrong_value();
    place_ = place::list;
    return true;
  }

  bool end_array() override {
    place_ = place::object;
    return true;
  }

  bool end_object() override {
    place_ = place::object;
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ != place::outside && !(place_ == place::object && is_map()))
      return wrong_value();
    place_ = place_ == place::outside ? place::object : place::map;
    seen_in_map_.clear();
    return true;
  }

  bool key(std::string& name) override {
    if (place_ == place::map)
      return seen_in_map_.insert(name).second ||
             stop(invalid("field_repeated", "a key in `" + key_ + "` is given twice", key_));
    key_ = name.substr(0, 64);
    field_ = schema_.FindFieldByName(name);
    if (field_ == nullptr)
      return stop(invalid("field_unknown", "there is no field of this name here", key_));
    if (!seen_.insert(name).second)
      return stop(invalid("field_repeated", "`" + key_ + "` is given twice", key_));
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return stop(invalid("json_malformed",
                        "the body is not JSON: error at byte " + std::to_string(position)));
  }

private:
  enum class place : std::uint8_t { outside, object, map, list };

  bool is_map() const { return field_ != nullptr && field_->is_map(); }

  bool is_list() const {
    return field_ != nullptr && field_->is_repeated() && !field_->is_map() &&
           field_->type() == FieldDescriptor::TYPE_STRING;
  }

  bool plain_value() {
    return (place_ == place::object && !field_->is_repeated()) || wrong_value();
  }

  bool stop(tl::unexpected<v1::Error> why) {
    outcome = std::move(why);
    return false;
  }

  bool not_an_object() {
    return stop(invalid("json_not_an_object", "the body must be one JSON object"));
  }

  bool wrong_value() { return place_ == place::outside ? not_an_object() : stop(wrong_type(key_)); }

  const google::protobuf::Descriptor& schema_;
  place place_ = place::outside;
  std::string key_;
  const FieldDescriptor* field_ = nullptr;
  std::set<std::string> seen_;
  std::set<std::string> seen_in_map_;
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

/// Returns `message` with the pairs of its maps by key, so that the same reply is the same text.
std::string canonical(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream{&bytes};
  google::protobuf::io::CodedOutputStream out{&stream};
  out.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&out);
  out.Trim();
  return bytes;
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

checked<std::string> to_json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  static const std::unique_ptr<google::protobuf::util::TypeResolver> types{
      google::protobuf::util::NewTypeResolverForDescriptorPool(
          "types", google::protobuf::DescriptorPool::generated_pool())};
  std::string text;
  const auto status = google::protobuf::util::BinaryToJsonString(
      types.get(), "types/" + message.GetDescriptor()->full_name(), canonical(message), &text,
      options);
  if (status.ok())
    return text;
  return tl::unexpected<v1::Error>(
      make_error(v1::Error::INTERNAL, "reply_unprintable", "the reply has no JSON form"));
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
