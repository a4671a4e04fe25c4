/// Fields of fixed size, as they are in memory.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace ducat {

template <class T>
void put(std::string& out, const T& field) {
  out.append(reinterpret_cast<const char*>(&field), sizeof(T));
}

/// Returns the field at `offset`, all of which is in `bytes`.
template <class T>
T get(std::string_view bytes, std::size_t offset) {
  T field{};
  std::memcpy(&field, bytes.substr(offset, sizeof(T)).data(), sizeof(T));
  return field;
}

} // namespace ducat
