/// Store and forward: in which order messages that must arrive are sent, and when again. Pure.
///
/// What is stored stands in the log, and belongs to the caller; here are only names. A step is
/// decide, commit, act: the caller commits that an item is being sent before it sends it.
#pragma once

#include <ducat/device/link_options.hpp>
#include <ducat/device/link_outcome.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iosfwd>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ducat::device {

struct saf_options {
  std::size_t window = 32;       ///< Items under way at a time; > 0.
  std::uint32_t tries_max = 100; ///< Sendings of an item; > 0.
  duration age_max = std::chrono::hours{24};
  backoff_options backoff{
      .initial = std::chrono::seconds{1}, .max = std::chrono::minutes{1}, .jitter_percent = 20};
};

/// Returns nothing if it can be used. Errors: invalid_argument, naming the field.
result<void> check(const saf_options& options);

/// As the log has it.
struct saf_item {
  request_id id;
  std::string key;            ///< Of one key one is under way, in the order of add(). No card data.
  duration age{};             ///< Since it was stored.
  std::uint32_t sendings = 0; ///< That may have gone out.
};

enum class saf_state : std::uint8_t {
  waiting = 1,
  under_way = 2,
  exhausted = 3, ///< Sent too often, or too old: it is not sent, until somebody decides.
};

enum class exhaustion : std::uint8_t { tries = 1, age = 2 };

std::string_view to_string(saf_state value) noexcept;
std::string_view to_string(exhaustion value) noexcept;
std::ostream& operator<<(std::ostream& out, saf_state value);
std::ostream& operator<<(std::ostream& out, exhaustion value);

/// Nothing is ever dropped: an item is listed until it is answered or somebody has discarded it. An
/// exhausted item holds up its key, for what comes after it may rest on it.
///
/// `now` never goes back. Not thread-safe.
class saf_core {
public:
  /// `options` has been accepted by check(). `seed`: of the jitter.
  saf_core(const saf_options& options, std::uint64_t seed);

  /// Returns whether it is new: one of that id that is listed is not taken again.
  bool add(saf_item item, time_point now);

  struct sending {
    request_id id;
    std::uint32_t number; ///< 1 is the first.
    bool is_repeat;       ///< An earlier one may have gone out: see as_repeat().
  };

  /// Returns what is to be sent now, each of which is then under way until one of the three below.
  std::vector<sending> take_sendings(time_point now);

  /// The host has taken it, or settled otherwise what it is about: it is done.
  void answered(request_id id);

  /// It was sent, or may have been, and nobody knows more: it is tried again.
  void unanswered(request_id id, time_point now);

  /// Proven: it was not sent. That counts as no sending, and it is tried again.
  void not_sent(request_id id, time_point now);

  /// The link is good again: what waits for its next try is sent at once.
  void hurry(time_point now);

  struct exhausted_item {
    request_id id;
    exhaustion why;
  };

  /// Returns what was exhausted since the last call, for the caller to make exceptions of.
  std::vector<exhausted_item> take_exhausted(time_point now);

  /// Somebody has decided that an exhausted item is settled without being sent. Returns whether
  /// there is one of that id.
  bool discard(request_id id);

  /// It was settled elsewhere: it is listed no more. Returns whether there is one of that id that
  /// is not under way; one that is has to be waited for.
  bool withdraw(request_id id);

  /// Somebody has decided that an exhausted item is sent again, as often and for as long as a new
  /// one. Returns whether there is one of that id.
  bool retry(request_id id, time_point now);

  /// Returns when take_sendings() or take_exhausted() may return something by waiting.
  std::optional<time_point> wake_at() const;

  std::optional<saf_state> state_of(request_id id) const;

  /// Returns how many items are listed, of whatever state.
  std::size_t size() const noexcept { return items_.size(); }

  std::size_t under_way() const noexcept { return under_way_; }

private:
  struct id_hash {
    std::size_t operator()(request_id id) const noexcept {
      return static_cast<std::size_t>(high_half(id.value) ^ low_half(id.value));
    }
  };

  struct record {
    std::string key;
    saf_state state = saf_state::waiting;
    std::uint64_t order = 0; // Of add().
    time_point due;          // Not to be sent before; only of the first of its key.
    time_point too_old_at;
    std::uint32_t sendings = 0; // That may have gone out.
    std::uint32_t tries = 0;    // Of those, since the last retry().
    std::uint32_t waits = 0;    // Since the last retry() or hurry().
  };

  using turn = std::pair<time_point, std::uint64_t>; // Due at, order.

  void make_ready(request_id id);
  void take_back(request_id id, bool was_sent, time_point now);
  void exhaust(request_id id, exhaustion why);
  void remove(request_id id);
  void exhaust_old(time_point now);
  duration backoff(record& of);

  saf_options options_;
  std::mt19937_64 chance_;
  std::unordered_map<request_id, record, id_hash> items_;
  std::map<std::string, std::deque<request_id>> queues_; // Invariant: none is empty.
  std::map<turn, request_id> ready_;                  // The first of each queue, if it is waiting.
  std::set<std::pair<time_point, request_id>> aging_; // Waiting items by too_old_at.
  std::vector<exhausted_item> exhausted_;
  std::size_t under_way_ = 0; // Invariant: <= options_.window.
  std::uint64_t next_order_ = 1;
};

/// Returns `stored` as it is sent: a repeat has the repeat's type, 0421 for 0420, and all else
/// alike. A message that wants no answer is returned as it is.
iso8583::message as_sent(iso8583::message stored, const saf_core::sending& how);

} // namespace ducat::device
