#include "iso20022/xml_writer.hpp"

namespace ducat::iso20022 {

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

std::string_view entity_of(char c) noexcept {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return {};
  }
}

} // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text)
    if (const auto entity = entity_of(c); entity.empty())
      safe += c;
    else
      safe += entity;
  return safe;
}

xml_writer::xml_writer(const byte_sink& sink) : sink_{sink} {
  held_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
}

void xml_writer::open(std::string_view name, std::string_view attributes) {
  indent();
  held_.append("<").append(name).append(attributes).append(">\n");
  open_.push_back(name);
}

void xml_writer::close() {
  const auto name = open_.back();
  open_.pop_back();
  indent();
  held_.append("</").append(name).append(">\n");
  if (held_.size() >= piece_bytes)
    give();
}

void xml_writer::leaf(std::string_view name, std::string_view text, std::string_view attributes) {
  indent();
  held_.append("<").append(name).append(attributes).append(">");
  held_.append(escaped(text)).append("</").append(name).append(">\n");
}

void xml_writer::optional_leaf(std::string_view name, std::string_view text) {
  if (!text.empty())
    leaf(name, text);
}

bool xml_writer::finish() {
  give();
  return good_;
}

void xml_writer::indent() {
  held_.append(2 * open_.size(), ' ');
}

void xml_writer::give() {
  good_ = good_ && sink_(held_);
  held_.clear();
}

} // namespace ducat::iso20022
