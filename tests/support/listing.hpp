/// Listings of documents: each is the part of a source file that stands between its markers.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace ducat::test {

/// `name` is relative to the root of the tree.
inline std::string content_of(const std::string& name) {
  std::ifstream file{std::string{DUCAT_SOURCE_DIR "/"} + name};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Returns what stands between the first two places of the marker; empty if there are no two.
inline std::string listing_of(const std::string& name) {
  static const std::string marker = "// [listing]\n";
  const std::string text = content_of(name);
  const auto begin = text.find(marker);
  const auto end = text.find(marker, begin + 1);
  return end == std::string::npos ? ""
                                  : text.substr(begin + marker.size(), end - begin - marker.size());
}

/// `document` and `name` are relative to the root of the tree.
inline ::testing::AssertionResult is_printed_in(const std::string& document,
                                                const std::string& name) {
  const std::string listing = listing_of(name);
  if (!listing.empty() &&
      content_of(document).find("```cpp\n" + listing + "```\n") != std::string::npos)
    return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << document << " does not print the listing of " << name << ":\n"
         << listing;
}

inline ::testing::AssertionResult is_printed_in_the_readme(const std::string& name) {
  return is_printed_in("README.md", name);
}

} // namespace ducat::test
