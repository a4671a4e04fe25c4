/// XML, one element a line, written in pieces.
#pragma once

#include <ducat/iso20022/initiation.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ducat::iso20022 {

/// Returns `text` with &, <, > and quotes as entities.
std::string escaped(std::string_view text);

/// Names are literals and live on. Bytes are held back until there are many of them, or finish().
class xml_writer {
public:
  explicit xml_writer(const byte_sink& sink);

  void open(std::string_view name, std::string_view attributes = {});
  void close();
  void leaf(std::string_view name, std::string_view text, std::string_view attributes = {});
  /// Writes leaf() if there is a text.
  void optional_leaf(std::string_view name, std::string_view text);

  /// Returns whether the sink took everything so far.
  bool good() const noexcept { return good_; }

  /// Returns whether the sink took everything. Precondition: all that was opened is closed.
  bool finish();

private:
  void indent();
  void give();

  const byte_sink& sink_;
  std::string held_;
  std::vector<std::string_view> open_;
  bool good_ = true;
};

} // namespace ducat::iso20022
