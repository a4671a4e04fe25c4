/// The requests that a router has accepted and not answered. Pure.
#pragma once

#include <ducat/breaker.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ducat::routing {

/// One try of one request: the place it has for as long as it is unanswered, and how often that
/// place has been used. So an answer to an earlier try, or to an earlier request, is known as such.
/// Never 0, and fits into the 60 bits of a caf::message_id.
using request_id = std::uint64_t;

inline constexpr std::uint64_t place_bits = 24;
inline constexpr std::uint64_t use_bits = 36;

/// Returns the place of the request. It stays while the request is tried again.
constexpr std::size_t place_of(request_id id) noexcept {
  return id & ((std::uint64_t{1} << place_bits) - 1);
}

struct request {
  time_point deadline;
  std::uint64_t key = 0;
  time_point sent_at{};      // Of this try.
  std::size_t worker = 0;    // Of this try.
  std::uint64_t life = 0;    // Of that worker; 0: it waits for one.
  breaker::round round = 0;  // Of the breaker of that worker.
  std::uint32_t crashes = 0; // At which it was in hand.
};

class request_table {
public:
  std::size_t size() const noexcept { return size_; }

  bool is_full() const noexcept { return free_.empty() && places_.size() >= places_max; }

  /// Returns the id of `what`. Not if is_full().
  request_id add(const request& what) {
    if (free_.empty()) {
      free_.push_back(places_.size());
      places_.emplace_back();
    }
    const std::size_t at = free_.back();
    free_.pop_back();
    places_[at].what = what;
    places_[at].used = true;
    size_ += 1;
    return next_id(at);
  }

  /// Returns the request; nullptr if `id` is not, or no longer, the id of one.
  request* find(request_id id) {
    return const_cast<request*>(std::as_const(*this).find(id)); // NOLINT: this one is not const.
  }

  const request* find(request_id id) const {
    const std::size_t at = place_of(id);
    return at < places_.size() && places_[at].used && id_at(at) == id ? &places_[at].what : nullptr;
  }

  /// The request of `id`, which there is, gets another id.
  request_id renew(request_id id) { return next_id(place_of(id)); }

  /// Forgets the request of `id`, which there is.
  void remove(request_id id) {
    places_[place_of(id)].used = false;
    free_.push_back(place_of(id));
    size_ -= 1;
  }

  /// Returns the ids of the requests that `wanted` is true of.
  template <class Predicate>
  std::vector<request_id> ids_where(Predicate wanted) const {
    std::vector<request_id> ids;
    for (std::size_t at = 0; at < places_.size(); ++at)
      if (places_[at].used && wanted(places_[at].what))
        ids.push_back(id_at(at));
    return ids;
  }

private:
  static constexpr std::size_t places_max = (std::size_t{1} << place_bits) - 1;

  struct place {
    request what{};
    std::uint64_t uses = 0;
    bool used = false; // Now.
  };

  request_id id_at(std::size_t at) const { return places_[at].uses << place_bits | at; }

  request_id next_id(std::size_t at) {
    places_[at].uses = places_[at].uses % ((std::uint64_t{1} << use_bits) - 1) + 1;
    return id_at(at);
  }

  std::vector<place> places_;
  std::vector<std::size_t> free_;
  std::size_t size_ = 0; // Places that are used.
};

} // namespace ducat::routing
