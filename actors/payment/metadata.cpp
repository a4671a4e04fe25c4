#include "payment/metadata.hpp"

#include <algorithm>

namespace ducat::payment {

namespace {

constexpr int pairs_max = 50;
constexpr std::size_t key_length_max = 40;
constexpr std::size_t value_length_max = 500;

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= key_length_max && std::ranges::all_of(key, is_key_character);
}

} // namespace

refusal check_metadata(const v1::CreatePayment& command) {
  if (command.metadata_size() > pairs_max)
    return refusal::metadata_too_large;
  const std::string* before = nullptr;
  for (const v1::MetadataPair& pair : command.metadata()) {
    if (!is_key(pair.key()))
      return refusal::metadata_key_invalid;
    if (pair.value().size() > value_length_max)
      return refusal::metadata_value_too_long;
    if (before != nullptr && *before >= pair.key())
      return refusal::command_malformed;
    before = &pair.key();
  }
  return refusal::none;
}

metadata metadata_of(const v1::CreatePayment& command) {
  metadata pairs;
  for (const v1::MetadataPair& pair : command.metadata())
    pairs.emplace_back(pair.key(), pair.value());
  return pairs;
}

} // namespace ducat::payment
