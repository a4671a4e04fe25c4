/// JSON of replies, compared with protobuf's own: any message of the schema, with anything in it.
#include "api/json.hpp"

#include <ducat/v1/account.pb.h>
#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/alert.pb.h>
#include <ducat/v1/audit.pb.h>
#include <ducat/v1/change.pb.h>
#include <ducat/v1/event.pb.h>
#include <ducat/v1/exception.pb.h>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/node.pb.h>
#include <ducat/v1/payment.pb.h>
#include <ducat/v1/settlement_api.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <limits>
#include <memory>
#include <random>

namespace ducat::api {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

/// By protobuf's own printer.
std::string printed_by_protobuf(const Message& message) {
  static const std::unique_ptr<google::protobuf::util::TypeResolver> types{
      google::protobuf::util::NewTypeResolverForDescriptorPool(
          "types", google::protobuf::DescriptorPool::generated_pool())};
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream{&bytes};
    google::protobuf::io::CodedOutputStream out{&stream};
    out.SetSerializationDeterministic(true); // Maps by key.
    message.SerializePartialToCodedStream(&out);
  }
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  EXPECT_TRUE(
      google::protobuf::util::BinaryToJsonString(
          types.get(), "types/" + message.GetDescriptor()->full_name(), bytes, &text, options)
          .ok());
  return text;
}

/// Fills messages with anything.
class filler {
public:
  explicit filler(unsigned seed) : random_{seed} {}

  void fill(Message& message, int depth) {
    const auto& schema = *message.GetDescriptor();
    for (int i = 0; i < schema.field_count(); ++i)
      fill(message, *schema.field(i), depth);
  }

private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  void fill(Message& message, const FieldDescriptor& field, int depth) {
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (is_message && depth == 0)
      return;
    if (!field.is_repeated()) {
      if (below(3) != 0)
        set(message, field, depth);
      return;
    }
    for (std::uint64_t size = below(4); size > 0; --size)
      add(message, field, depth);
  }

  void set(Message& of, const FieldDescriptor& field, int depth) {
    const Reflection& r = *of.GetReflection();
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return r.SetInt32(&of, &field, static_cast<std::int32_t>(number()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return r.SetUInt32(&of, &field, static_cast<std::uint32_t>(number()));
    case FieldDescriptor::CPPTYPE_INT64:
      return r.SetInt64(&of, &field, static_cast<std::int64_t>(number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return r.SetUInt64(&of, &field, number());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return r.SetDouble(&of, &field, real());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return r.SetFloat(&of, &field, static_cast<float>(below(1'000)) / 8);
    case FieldDescriptor::CPPTYPE_BOOL:
      return r.SetBool(&of, &field, below(2) == 0);
    case FieldDescriptor::CPPTYPE_ENUM:
      return r.SetEnumValue(&of, &field, enum_number(*field.enum_type()));
    case FieldDescriptor::CPPTYPE_STRING:
      return r.SetString(&of, &field, text());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill(*r.MutableMessage(&of, &field), depth - 1);
    }
  }

  /// Those types that the schema has lists of.
  void add(Message& to, const FieldDescriptor& field, int depth) {
    const Reflection& r = *to.GetReflection();
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      return r.AddUInt32(&to, &field, static_cast<std::uint32_t>(number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return r.AddUInt64(&to, &field, number());
    case FieldDescriptor::CPPTYPE_ENUM:
      return r.AddEnumValue(&to, &field, enum_number(*field.enum_type()));
    case FieldDescriptor::CPPTYPE_STRING:
      return r.AddString(&to, &field, text());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill(*r.AddMessage(&to, &field), depth - 1);
    default:
      FAIL() << field.full_name() << " is a list of another type: add it here";
    }
  }

  std::uint64_t number() { return below(3) == 0 ? below(3) : random_() >> below(64); }

  double real() {
    const double some[] = {0,
                           -0.0,
                           1,
                           0.1,
                           1e22,
                           5e-324,
                           1.0 / 3,
                           -std::numeric_limits<double>::max(),
                           std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()};
    return some[below(std::size(some))];
  }

  int enum_number(const google::protobuf::EnumDescriptor& of) {
    return below(9) == 0
               ? 1'000
               : of.value(static_cast<int>(below(static_cast<std::uint64_t>(of.value_count()))))
                     ->number();
  }

  std::string text() {
    static const std::string some[] = {"",
                                       "a",
                                       "pay_0123456789abcdef",
                                       "\"quoted\" \\ back",
                                       "\x01\n\t\x7f",
                                       std::string{"a\0b", 3},
                                       "<b>&amp;</b>",
                                       "Br\xc3\xb6tchen \xe2\x82\xac \xf0\x9f\x92\xb6",
                                       "\xe2\x80\xa8\xe2\x80\xa9",
                                       std::string(500, 'x')};
    return some[below(std::size(some))] + (below(2) == 0 ? "" : std::to_string(below(99)));
  }

  std::mt19937_64 random_;
};

unsigned seed_of_run() {
  const char* const given = std::getenv("DUCAT_SEED");
  return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                          : std::random_device{}();
}

void compare(const google::protobuf::Descriptor& schema, filler& fill) {
  auto& factory = *google::protobuf::MessageFactory::generated_factory();
  const std::unique_ptr<Message> message{factory.GetPrototype(&schema)->New()};
  for (int depth = 0; depth < 4; ++depth) {
    fill.fill(*message, depth);
    const auto ours = to_json(*message);
    ASSERT_TRUE(ours) << message->DebugString();
    EXPECT_EQ(nlohmann::json::parse(*ours), nlohmann::json::parse(printed_by_protobuf(*message)))
        << schema.full_name();
    message->Clear();
  }
}

TEST(JsonText, IsWhatProtobufWritesOfAnyMessageOfTheSchema) {
  const unsigned seed = seed_of_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  filler fill{seed};
  int messages = 0;
  for (const auto* file :
       {v1::Account::descriptor()->file(), v1::ListAcquirersReply::descriptor()->file(),
        v1::Alert::descriptor()->file(), v1::AuditEntry::descriptor()->file(),
        v1::Change::descriptor()->file(), v1::Event::descriptor()->file(),
        v1::ListExceptionsReply::descriptor()->file(), v1::Command::descriptor()->file(),
        v1::StatusReply::descriptor()->file(), v1::Payment::descriptor()->file(),
        v1::SettlementReply::descriptor()->file(), v1::Webhook::descriptor()->file()})
    for (int i = 0; i < file->message_type_count(); ++i, ++messages)
      for (int round = 0; round < 5; ++round)
        compare(*file->message_type(i), fill);
  EXPECT_GT(messages, 150);
}

TEST(JsonText, OfATextThatIsNotUtf8ThereIsNone) {
  v1::Payment payment;
  payment.set_from("\xff");
  const auto text = to_json(payment);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code(), "reply_unprintable");
}

TEST(JsonText, IsTheShortestThatReadsTheSame) {
  v1::Event event;
  event.set_id("evt_1");
  const std::string text = to_json(event).value();
  EXPECT_EQ(text.find(' '), std::string::npos) << text;
}

} // namespace
} // namespace ducat::api
