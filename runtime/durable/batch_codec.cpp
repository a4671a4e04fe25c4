#include "durable/batch_codec.hpp"

#include <ducat/check.hpp>

#include <cstdint>
#include <cstring>
#include <limits>

namespace ducat {

namespace {

constexpr std::size_t length_size = sizeof(std::uint32_t);

} // namespace

void batch_builder::add(std::string_view command) {
  DUCAT_CHECK(command.size() <= std::numeric_limits<std::uint32_t>::max());
  const auto length = static_cast<std::uint32_t>(command.size());
  bytes_.append(reinterpret_cast<const char*>(&length), length_size);
  bytes_ += command;
}

result<std::vector<std::string_view>> commands_of(std::string_view payload) {
  if (payload.empty())
    return fail(errc::corrupt, "a batch of commands is empty");
  if (payload.front() != batch_format_version)
    return fail(errc::newer_version,
                "a batch of commands has format " + std::to_string(payload.front()));
  std::vector<std::string_view> commands;
  for (payload.remove_prefix(1); !payload.empty();) {
    std::uint32_t length = 0;
    if (payload.size() < length_size)
      return fail(errc::corrupt, "a batch of commands is cut short");
    std::memcpy(&length, payload.data(), length_size);
    payload.remove_prefix(length_size);
    if (payload.size() < length)
      return fail(errc::corrupt, "a command is longer than its batch");
    commands.push_back(payload.substr(0, length));
    payload.remove_prefix(length);
  }
  return commands;
}

} // namespace ducat
