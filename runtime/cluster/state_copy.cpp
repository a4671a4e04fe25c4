#include "cluster/state_copy.hpp"

#include "link.pb.h"

#include <algorithm>
#include <utility>

namespace ducat::cluster {

namespace {

namespace pb = ducat::link::v1;

tl::unexpected<error> unreadable() {
  return fail(errc::invalid_argument, "what another node says of its state cannot be read");
}

bool is_file_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos &&
         name.find('\0') == name.npos;
}

} // namespace

digest hash_after(const digest& before, std::string_view part) {
  return sha256({bytes_of(before), part});
}

std::uint64_t parts_of(const state_file& file, std::uint32_t part_bytes) {
  return (file.size + part_bytes - 1) / part_bytes;
}

std::string encode(const state_offer& what) {
  pb::StateOffer message;
  message.set_copy(what.copy);
  message.set_part_bytes(what.part_bytes);
  for (const state_file& each : what.files) {
    pb::StateOffer::File& file = *message.add_files();
    file.set_name(each.name);
    file.set_size(each.size);
    file.set_hash(std::string{bytes_of(each.hash)});
  }
  return message.SerializeAsString();
}

std::string encode(const state_read& what) {
  pb::StateRead message;
  message.set_copy(what.copy);
  message.set_file(what.file);
  message.set_part(what.part);
  return message.SerializeAsString();
}

std::string encode(const state_return& what) {
  pb::StateReturn message;
  message.set_copy(what.copy);
  return message.SerializeAsString();
}

result<state_offer> decode_state_offer(const std::string& body) {
  pb::StateOffer message;
  if (!message.ParseFromString(body) || message.part_bytes() == 0 ||
      message.part_bytes() > state_part_bytes)
    return unreadable();
  state_offer made{.copy = message.copy(), .files = {}, .part_bytes = message.part_bytes()};
  for (const pb::StateOffer::File& each : message.files()) {
    state_file file{.name = each.name(), .size = each.size(), .hash = {}};
    if (!is_file_name(file.name) || each.hash().size() != file.hash.size())
      return unreadable();
    std::copy(each.hash().begin(), each.hash().end(), reinterpret_cast<char*>(file.hash.data()));
    made.files.push_back(std::move(file));
  }
  return made;
}

result<state_read> decode_state_read(const std::string& body) {
  pb::StateRead message;
  if (!message.ParseFromString(body))
    return unreadable();
  return state_read{.copy = message.copy(), .file = message.file(), .part = message.part()};
}

result<state_return> decode_state_return(const std::string& body) {
  pb::StateReturn message;
  if (!message.ParseFromString(body))
    return unreadable();
  return state_return{message.copy()};
}

} // namespace ducat::cluster
