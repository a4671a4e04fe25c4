/// Which operations of an import may be sent now, and which have to wait for earlier ones.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ducat::cli {

/// Operations are named by numbers. One that needs what an earlier, unfinished one touches waits
/// for it; all others are ready at once, in the order of admission. For one thread.
class operation_order {
public:
  void admit(std::uint64_t id, const std::vector<std::string>& needs,
             std::vector<std::string> touches);

  /// Takes the next operation that may be sent, or nothing if all that are left have to wait.
  std::optional<std::uint64_t> take_ready();

  /// Operation `id` is over: what waited only for it becomes ready.
  void finish(std::uint64_t id);

  /// Returns how many are admitted and not finished.
  std::size_t unfinished() const noexcept { return operations_.size(); }

private:
  struct waiting {
    std::vector<std::string> touches;
    std::size_t blockers = 0;
    std::vector<std::uint64_t> blocked{}; ///< Once for each reason.
  };

  std::unordered_map<std::uint64_t, waiting> operations_;
  std::unordered_map<std::string, std::vector<std::uint64_t>> touching_; ///< Unfinished only.
  std::deque<std::uint64_t> ready_;
};

} // namespace ducat::cli
