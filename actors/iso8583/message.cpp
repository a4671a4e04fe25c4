#include <ducat/iso8583/display.hpp>
#include <ducat/iso8583/message.hpp>

#include <ostream>

namespace ducat::iso8583 {

std::optional<std::string_view> message::find(int field) const noexcept {
  const auto found = fields_.find(field);
  if (found == fields_.end())
    return std::nullopt;
  return found->second.data;
}

std::ostream& operator<<(std::ostream& out, const message& what) {
  return out << to_display(what);
}

} // namespace ducat::iso8583
