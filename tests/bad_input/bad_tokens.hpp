/// Tokens that nobody should be let in by.
#pragma once

#include "bad_input/bad_bytes.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ducat::bad_input {

struct bad_token {
  std::string name;
  std::string authorization; ///< What stands in the header.
};

/// Returns one that is good, for the merchant "kiosk" of the cluster "test".
std::string good_token(const std::filesystem::path& key);

/// Those that are made of good ones, and others. `key` is one that the node knows, and the other
/// has the same name, and is not.
std::vector<bad_token> bad_tokens(const std::filesystem::path& key,
                                  const std::filesystem::path& strangers_key);

} // namespace ducat::bad_input
