/// JSON of requests, replies and errors. Pure; any thread.
#pragma once

#include "api/errors.hpp"

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace ducat::api {

/// Fills `message`, whose fields must all be plain values, or lists or maps of texts, from one JSON
/// object. Field names are those of the schema, each at most once; 64-bit integers may be numbers
/// or strings. Stricter than protobuf's own mapping: no null, no fraction or exponent, no lenient
/// syntax. Errors: json_malformed (also for invalid UTF-8), json_not_an_object, field_unknown,
/// field_repeated, field_wrong_type (also for overflow); the last three name the field. Texts of
/// errors never repeat a value of the request.
checked<void> parse_json(std::string_view text, google::protobuf::Message& message);

/// Returns `message`, whose maps must have texts as keys, by protobuf's mapping, with the schema's
/// field names and all of its fields, also those at zero; maps by key. Errors: reply_unprintable,
/// of type INTERNAL (such as a string that is not UTF-8).
checked<std::string> to_json(const google::protobuf::Message& message);

/// Returns `{"error":{"type","code","message","param","retry"}}`, type and retry in
/// lower case.
std::string error_json(const v1::Error& what);

} // namespace ducat::api
