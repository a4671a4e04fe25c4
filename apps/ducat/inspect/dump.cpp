#include "inspect/dump.hpp"

#include "check/history.hpp"
#include "inspect/log_source.hpp"
#include "inspect/refusal.hpp"
#include "ledger/script_line.hpp"

#include <ducat/v1/machine.pb.h>

#include <google/protobuf/util/json_util.h>

#include <ostream>

namespace ducat::cli {

namespace {

/// Returns the command as JSON: one of payments as its message, one of the ledger as a line of a
/// script; nothing if it is neither. (No message begins with the kind of a ledger's command.)
std::optional<std::string> json_of(std::string_view bytes) {
  if (const auto of_ledger = ledger::decode_command(bytes))
    return script_line_of(*of_ledger)
        .dump(-1, ' ', false,
              nlohmann::json::error_handler_t::replace); // Metadata may be any bytes.
  v1::Command command;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const bool is_read = command.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!command.put_endpoint().secret().empty())
    command.mutable_put_endpoint()->set_secret("whsec_***");
  if (!is_read || !google::protobuf::util::MessageToJsonString(command, &text, options).ok())
    return std::nullopt;
  return text;
}

/// Returns an array of the commands in the payload, or null if it is no batch of them.
std::string json_of_batch(std::string_view payload) {
  const auto batch = batch_in(payload);
  if (!batch)
    return "null";
  std::string text = "[";
  for (const std::string_view each : *batch) {
    const auto command = json_of(each);
    if (!command)
      return "null";
    text += (text.size() > 1 ? "," : "") + *command;
  }
  return text + "]";
}

void print(std::ostream& out, const entry& e) {
  out << "{\"index\":" << e.index << ",\"epoch\":" << e.writer << ",\"at\":" << e.at.nanoseconds
      << ",\"hash\":\"" << to_hex(e.hash) << "\",\"commands\":" << json_of_batch(e.payload)
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
