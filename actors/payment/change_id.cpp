#include <ducat/payment/change_id.hpp>

#include <charconv>

namespace ducat::payment {

namespace {

constexpr std::string_view id_prefix = "chg_";

} // namespace

std::string change_id(std::uint64_t number) {
  return std::string{id_prefix} + std::to_string(number);
}

std::optional<std::uint64_t> change_number_in(std::string_view id) {
  if (!id.starts_with(id_prefix))
    return std::nullopt;
  id.remove_prefix(id_prefix.size());
  std::uint64_t number = 0;
  const auto read = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool is_all = read.ec == std::errc{} && read.ptr == id.data() + id.size();
  return is_all && id.front() != '0' ? std::optional{number} : std::nullopt;
}

} // namespace ducat::payment
