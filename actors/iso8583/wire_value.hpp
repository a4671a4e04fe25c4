/// The value of one field, as it is written, without its length prefix.
#pragma once

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/iso8583/problem.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace ducat::iso8583 {

/// A problem of a part of a message: `at` counts from where the part begins.
struct part_problem {
  fault what;
  std::size_t at;
  std::string detail;
};

inline tl::unexpected<part_problem> wrong(fault what, std::size_t at, std::string detail) {
  return tl::unexpected(part_problem{what, at, std::move(detail)});
}

template <class T>
using part_result = tl::expected<T, part_problem>;

/// Returns how many bytes a value of `length` characters (bytes of kind b) takes.
std::size_t wire_bytes(const field_spec& field, std::size_t length) noexcept;

/// Returns the length of the value in `wire`, the reverse of wire_bytes().
std::size_t value_length(const field_spec& field, std::string_view wire) noexcept;

/// Returns the value of that length in `wire`, which has wire_bytes(field, length) bytes.
part_result<value> read_value(const field_spec& field, hex_case digits, std::string_view wire,
                              std::size_t length);

/// Returns the bytes of `what`, whose length fits `field`.
part_result<std::string> write_value(const field_spec& field, hex_case digits, const value& what);

} // namespace ducat::iso8583
