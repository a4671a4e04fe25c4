/// The ids of what waits for a second person. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::payment {

/// Returns chg_ and the number.
std::string change_id(std::uint64_t number);

/// Returns the number in such an id; nothing if it is none.
std::optional<std::uint64_t> change_number_in(std::string_view id);

} // namespace ducat::payment
