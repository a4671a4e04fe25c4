/// A file of the page that a node serves of itself.
#pragma once

#include <string_view>

namespace ducat::api {

/// All of it lives as long as the program.
struct web_file {
  std::string_view path; ///< "/index.html", or "/assets/" and a name that changes with the content.
  std::string_view content_type;
  std::string_view gzipped;
};

} // namespace ducat::api
