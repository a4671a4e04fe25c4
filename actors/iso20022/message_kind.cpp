#include "iso20022/message_kind.hpp"

#include "iso20022/import_text.hpp"

#include <algorithm>

namespace ducat::iso20022 {

namespace {

constexpr std::string_view schema_prefix = "urn:iso:std:iso:20022:tech:xsd:";

/// The versions whose elements are known here.
constexpr std::array known_versions = std::to_array<std::string_view>(
    {"camt.052.001.02", "camt.052.001.08", "camt.053.001.02", "camt.053.001.08", "camt.054.001.02",
     "camt.054.001.08", "pain.002.001.03", "pain.002.001.10", "pacs.002.001.10"});

bool is_known(std::string_view name_space, std::string_view schema) {
  if (!name_space.starts_with(schema_prefix))
    return false;
  name_space.remove_prefix(schema_prefix.size());
  return name_space.starts_with(schema) &&
         std::ranges::find(known_versions, name_space) != known_versions.end();
}

} // namespace

void message_reader::read(const byte_source& bytes) {
  if (auto failure = read_elements(bytes, *this))
    return report_.add(*std::move(failure));
  report_.complete = kind_ != nullptr;
  if (!report_.complete)
    report_.add({.what = remark::not_understood, .detail = "none of the messages asked for"});
}

void message_reader::on_document(std::string_view name_space, std::size_t) {
  name_space_ = name_space;
}

void message_reader::on_begin(std::string_view path, std::size_t line) {
  if (path.find('/') == path.npos)
    find_kind(path, line);
  if (const auto below = below_item(path))
    on_item_begin(*below, line);
}

void message_reader::on_end(const element& ended) {
  if (kind_ != nullptr && ended.path.ends_with("GrpHdr/MsgId") &&
      ended.path.size() == kind_->root.size() + 13)
    message_id_ = ended.text;
  if (const auto below = below_item(ended.path))
    on_item_end(*below, ended);
}

void message_reader::find_kind(std::string_view root, std::size_t line) {
  const auto found = std::ranges::find(kinds_, root, &message_kind::root);
  kind_ = found == kinds_.end() ? nullptr : &*found;
  if (kind_ == nullptr)
    return;
  prefix_ = std::string{root};
  if (!kind_->item.empty())
    prefix_.append("/").append(kind_->item);
  if (!is_known(name_space_, kind_->schema))
    report_.add({.what = remark::other_version,
                 .line = line,
                 .where = std::string{root},
                 .detail = quoted(name_space_)});
}

std::optional<std::string_view> message_reader::below_item(std::string_view path) const {
  if (kind_ == nullptr || !path.starts_with(prefix_))
    return std::nullopt;
  path.remove_prefix(prefix_.size());
  if (path.starts_with('/'))
    return path.substr(1);
  return path.empty() ? std::optional{path} : std::nullopt;
}

} // namespace ducat::iso20022
