/// Files as banks write them.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace ducat::iso20022::test {

/// Returns the bytes of samples/NAME.xml.
inline std::string sample(const std::string& name) {
  std::ifstream file{std::string{DUCAT_SAMPLES} + '/' + name + ".xml", std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Returns the text with its first `before` replaced.
inline std::string replaced(std::string text, const std::string& before, const std::string& after) {
  const auto at = text.find(before);
  return at == std::string::npos ? std::string{} : text.replace(at, before.size(), after);
}

} // namespace ducat::iso20022::test
