/// A package of npm, installed into the build folder when a test first needs it.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace ducat::test {

class installed_peer {
public:
  /// Returns the peer, or why it cannot be had here.
  static tl::expected<installed_peer, std::string> get(const std::string& package = "iso_8583");

  /// Returns what the peer makes of each line: `what` is "encode" or another word of its peer.js.
  std::vector<std::string> run(const std::string& what,
                               const std::vector<std::string>& lines) const;

private:
  explicit installed_peer(std::string directory) : directory_{std::move(directory)} {}

  std::string directory_;
};

} // namespace ducat::test
