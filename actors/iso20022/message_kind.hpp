/// A message that others wrote: which one it is, its header, and its items.
#pragma once

#include "iso20022/xml_reader.hpp"

#include <span>
#include <string>

namespace ducat::iso20022 {

struct message_kind {
  std::string_view root;   ///< The element below <Document>.
  std::string_view schema; ///< Its name without the version: "camt.053.001."
  std::string_view item;   ///< The element that repeats below the root; empty: the root itself.
};

/// Finds the message and gives the elements of its items, with paths below the item.
class message_reader : public element_visitor {
public:
  message_reader(std::span<const message_kind> kinds, import_report& report)
      : kinds_{kinds}, report_{report} {}

  /// Reads all of it; the report says how that went.
  void read(const byte_source& bytes);

protected:
  virtual void on_item_begin(std::string_view path, std::size_t line) = 0;
  virtual void on_item_end(std::string_view path, const element& ended) = 0;

  import_report& report() noexcept { return report_; }

  const std::string& message_id() const noexcept { return message_id_; }

  /// Returns the kind that was found; null before.
  const message_kind* kind() const noexcept { return kind_; }

private:
  void on_document(std::string_view name_space, std::size_t line) final;
  void on_begin(std::string_view path, std::size_t line) final;
  void on_end(const element& ended) final;
  void find_kind(std::string_view root, std::size_t line);
  std::optional<std::string_view> below_item(std::string_view path) const;

  std::span<const message_kind> kinds_;
  import_report& report_;
  const message_kind* kind_ = nullptr;
  std::string prefix_; ///< The path of an item.
  std::string name_space_;
  std::string message_id_;
};

} // namespace ducat::iso20022
