/// Who of a redundancy group serves, and how what it does is fenced.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace ducat {

/// A group is granted to one node after another. The grants stand in the log.
struct grant {
  std::string node{};      ///< Who serves; empty: nobody.
  std::uint64_t epoch = 0; ///< The index of the log entry that granted it: each is larger than the
                           ///< one before. 0: the group was never granted.

  friend bool operator==(const grant&, const grant&) = default;
};

/// The newest grant of each group.
using grant_map = std::map<std::string, grant>;

/// Returns the bytes of grants, to be kept with a state. Names are 255 bytes at most.
std::string encode(const grant_map& grants);

/// Errors: corrupt (the bytes are no such grants).
result<grant_map> decode_grants(std::string_view bytes);

/// What a command shows to be committed for a group: it is refused unless the group's newest grant
/// has that epoch.
struct fencing_token {
  std::string group{};
  std::uint64_t epoch = 0;

  friend bool operator==(const fencing_token&, const fencing_token&) = default;
};

/// The newest grant of each group, as one node knows them. Any thread.
class grant_board {
public:
  explicit grant_board(std::string node) : node_{std::move(node)} {}

  /// Returns the node whose board this is.
  const std::string& node() const noexcept { return node_; }

  /// Returns the newest grant of the group.
  grant newest(const std::string& group) const {
    const std::lock_guard lock{guard_};
    const auto found = grants_.find(group);
    return found == grants_.end() ? grant{} : found->second;
  }

  /// Notes a grant; an older one than is known changes nothing.
  void note(const std::string& group, const grant& made) {
    const std::lock_guard lock{guard_};
    grant& known = grants_[group];
    if (made.epoch > known.epoch)
      known = made;
  }

private:
  const std::string node_;
  mutable std::mutex guard_;
  grant_map grants_; ///< Needs the guard.
};

} // namespace ducat
