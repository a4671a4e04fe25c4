#include "client/console.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/retry.hpp>

#include <google/protobuf/util/json_util.h>

#include <ostream>

namespace ducat::cli {

namespace {

exit_code code_of(failure_kind kind) {
  switch (kind) {
  case failure_kind::refused:
    return exit_code::failed;
  case failure_kind::unknown:
    return exit_code::unknown;
  case failure_kind::nothing_done:
  case failure_kind::unreachable:
    return exit_code::unreachable;
  }
  return exit_code::failed;
}

std::string_view word_of(failure_kind kind) {
  switch (kind) {
  case failure_kind::refused:
    return "refused";
  case failure_kind::nothing_done:
    return "nothing was done; retry later";
  case failure_kind::unknown:
    return "unknown";
  case failure_kind::unreachable:
    return "no node answers";
  }
  return "failed";
}

std::string details_of(const v1::Error& error) {
  std::string text = error.message();
  if (!error.code().empty())
    text += " (" + error.code() + (error.param().empty() ? "" : ", " + error.param()) + ")";
  return text.append("; retry: ").append(payment::to_string(payment::retry_of(error)));
}

} // namespace

std::string painted(const console& io, colour shade, std::string text) {
  if (!io.colours || shade == colour::plain)
    return text;
  const char* start = shade == colour::green    ? "\x1b[32m"
                      : shade == colour::yellow ? "\x1b[33m"
                                                : "\x1b[31m";
  return start + std::move(text) + "\x1b[0m";
}

std::string json_of(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  DUCAT_CHECK(google::protobuf::util::MessageToJsonString(message, &text, options).ok());
  return text;
}

exit_code report(const console& io, const failure& failed, std::string_view retry) {
  const bool in_doubt = failed.kind == failure_kind::unknown;
  if (io.is_json())
    io.out << "{\"error\":" << json_of(failed.error) << "}\n";
  else
    io.err << "ducat: " << word_of(failed.kind) << ": " << details_of(failed.error) << '\n';
  if (in_doubt && !retry.empty())
    io.err << "unknown: retry with " << retry << '\n';
  return code_of(failed.kind);
}

} // namespace ducat::cli
