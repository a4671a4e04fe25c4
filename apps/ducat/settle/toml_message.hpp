/// A message from a TOML table, strictly: each key is a field of it.
#pragma once

#include "toml_fields.hpp"

#include <google/protobuf/message.h>

namespace ducat::cli {

/// Fills `into`. Returns what is wrong, and where: a key that is no field, or a value of another
/// type. A date stands for yyyymmdd, "HH:MM" for minutes of the day, and a name of an enumeration
/// may be in lower case.
complaint fill(const toml::table& from, const std::string& name, google::protobuf::Message& into);

} // namespace ducat::cli
