/// XML as a stream of elements that begin and end, in bounded memory.
#pragma once

#include <ducat/iso20022/import.hpp>

#include <optional>
#include <string_view>

namespace ducat::iso20022 {

/// Views are valid during the call.
struct element {
  std::string_view path{};     ///< Below <Document>, without prefixes: "BkToCstmrStmt/Stmt/Id".
  std::string_view text{};     ///< Without white space at its ends; empty if it has children.
  std::string_view currency{}; ///< Its attribute Ccy.
  std::size_t line = 0;        ///< Where it begins.
};

class element_visitor {
public:
  virtual ~element_visitor() = default;
  /// `name_space` is that of <Document>.
  virtual void on_document(std::string_view name_space, std::size_t line) = 0;
  virtual void on_begin(std::string_view path, std::size_t line) = 0;
  virtual void on_end(const element& ended) = 0;
};

/// Returns nothing if all was read; else not_well_formed or forbidden. A document type is refused
/// where it begins, so no entity is ever expanded and nothing else is read.
std::optional<note> read_elements(const byte_source& bytes, element_visitor& visitor);

constexpr std::size_t xml_depth_max = 64;
constexpr std::size_t xml_text_bytes_max = 64 * 1024;

} // namespace ducat::iso20022
