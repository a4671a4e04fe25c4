/// Who a certificate is for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ducat::cluster {

struct identity {
  std::string cluster;
  bool is_node = false; ///< Else a client.
  std::string name;
};

/// Reads "ducat://CLUSTER/node/ID" and "ducat://CLUSTER/client/NAME"; nothing for anything else.
std::optional<identity> parse_identity(std::string_view uri);

} // namespace ducat::cluster
