/// Gives this node's state to another node that is to begin with it.
#pragma once

#include "cluster/state_copy.hpp"

#include <ducat/error.hpp>
#include <ducat/state_store.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace ducat::cluster {

/// Makes a copy beside the state, one at a time, and reads from it. A copy that nobody has asked
/// for in a while, or that an earlier life of the node left, is removed. Owned by one thread.
class state_lender {
public:
  static constexpr std::chrono::seconds idle_max{30};

  explicit state_lender(std::shared_ptr<const state_store> store,
                        clock_function now = std::chrono::steady_clock::now);
  ~state_lender();

  state_lender(const state_lender&) = delete;
  state_lender& operator=(const state_lender&) = delete;

  /// Answers an ask: see state_copy.hpp. Errors: overloaded (another node has the copy: ask later,
  /// or another node), not_found (there is no such copy, file or part any more), invalid_argument,
  /// io.
  result<std::string> answer(std::string_view type, const std::string& body);

  /// Removes the copy if it is idle. To be called now and then.
  void tidy();

private:
  struct lent {
    state_offer offer;
    time_point asked_at;
  };

  result<std::string> make_offer();
  result<std::string> read(const state_read& what);
  void remove();

  std::shared_ptr<const state_store> store_;
  clock_function now_;
  std::filesystem::path place_; ///< Of the copy.
  std::optional<lent> lent_;
  std::uint64_t copies_ = 0;
};

} // namespace ducat::cluster
