#include "webhook/json_body.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <cstdio>
#include <ctime>
#include <memory>

namespace ducat::webhook {

namespace {

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

/// With the pairs of its maps by key, so that a repetition is the same text.
std::string canonical(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream{&bytes};
  google::protobuf::io::CodedOutputStream out{&stream};
  out.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&out);
  out.Trim();
  return bytes;
}

std::string json_of(const v1::Event& event) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  static const std::unique_ptr<google::protobuf::util::TypeResolver> types{
      google::protobuf::util::NewTypeResolverForDescriptorPool(
          "types", google::protobuf::DescriptorPool::generated_pool())};
  std::string text;
  const auto status = google::protobuf::util::BinaryToJsonString(
      types.get(), "types/" + event.GetDescriptor()->full_name(), canonical(event), &text, options);
  return status.ok() ? text : "";
}

std::string rfc3339_of(std::uint64_t at_ns) {
  const auto seconds = static_cast<std::time_t>(at_ns / nanoseconds_per_second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%06lluZ",
                static_cast<unsigned long long>(at_ns % nanoseconds_per_second / 1'000));
  return std::string{text, size} + fraction;
}

} // namespace

std::string body_of(const v1::Event& event) {
  const std::string data = json_of(event);
  if (data.empty())
    return {};
  return R"({"type":")" + event.type() + R"(","timestamp":")" + rfc3339_of(event.occurred_at_ns()) +
         R"(","data":)" + data + "}";
}

} // namespace ducat::webhook
