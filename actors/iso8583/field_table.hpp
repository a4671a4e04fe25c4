/// The data elements of ISO 8583:1987.
#pragma once

#include <ducat/iso8583/dialect.hpp>

#include <map>

namespace ducat::iso8583 {

/// Returns the rows of all fields, in ASCII, bytes as they are.
std::map<int, field_spec> fields_of_1987();

} // namespace ducat::iso8583
