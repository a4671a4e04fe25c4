#include "inspect/dump.hpp"

#include "check/history.hpp"
#include "inspect/log_source.hpp"
#include "inspect/refusal.hpp"

#include <google/protobuf/util/json_util.h>

#include <ostream>

namespace ducat::cli {

namespace {

std::string json_of(const v1::Command& command) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(command, &text, options).ok())
    return "null";
  return text;
}

std::string json_of(const std::optional<std::vector<v1::Command>>& commands) {
  if (!commands)
    return "null";
  std::string text = "[";
  for (const v1::Command& command : *commands)
    text += (text.size() > 1 ? "," : "") + json_of(command);
  return text + "]";
}

void print(std::ostream& out, const entry& e) {
  out << "{\"index\":" << e.index << ",\"epoch\":" << e.writer << ",\"at\":" << e.at.nanoseconds
      << ",\"hash\":\"" << to_hex(e.hash) << "\",\"commands\":" << json_of(commands_in(e.payload))
      << "}\n";
}

} // namespace

exit_code dump_log(const std::filesystem::path& data, std::ostream& out, std::ostream& err) {
  const auto read = read_log(data, [&](const entry& e) {
    print(out, e);
    return out.good();
  });
  return read ? exit_code::done : refuse(err, read.error());
}

} // namespace ducat::cli
