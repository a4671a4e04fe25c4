#include "routing/roster.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace ducat::routing {

namespace {

constexpr std::size_t word_bits = 64;
constexpr double never = std::numeric_limits<double>::infinity();

constexpr std::uint64_t bit_of(std::size_t index) {
  return std::uint64_t{1} << (index % word_bits);
}

} // namespace

roster::roster(std::vector<candidate> workers) : workers_{std::move(workers)} {
  build();
}

void roster::build() {
  eligible_count_ = 0;
  eligible_bits_.assign(workers_.size() / word_bits + 1, 0);
  leaves_ = std::bit_ceil(std::max<std::size_t>(workers_.size(), 1));
  loads_.assign(2 * leaves_, never);
  for (std::size_t index = 0; index < workers_.size(); ++index)
    if (std::exchange(workers_[index].eligible, false))
      set_eligible(index, true);
}

void roster::set_eligible(std::size_t index, bool eligible) {
  if (workers_[index].eligible == eligible)
    return;
  workers_[index].eligible = eligible;
  eligible_bits_[index / word_bits] ^= bit_of(index);
  eligible_count_ += eligible ? 1 : -1;
  note_load(index);
}

void roster::set_in_flight(std::size_t index, std::size_t in_flight) {
  workers_[index].in_flight = in_flight;
  note_load(index);
}

void roster::set_share(std::size_t index, double share) {
  workers_[index].share = share;
  note_load(index);
}

void roster::add(const candidate& worker) {
  workers_.push_back(worker);
  build();
}

std::optional<std::size_t> roster::next_eligible(std::size_t from) const {
  if (eligible_count_ == 0)
    return std::nullopt;
  std::size_t word = from < workers_.size() ? from / word_bits : 0;
  std::uint64_t bits = eligible_bits_[word];
  if (from < workers_.size())
    bits &= ~(bit_of(from) - 1);
  while (bits == 0) {
    word = (word + 1) % eligible_bits_.size();
    bits = eligible_bits_[word];
  }
  return word * word_bits + static_cast<std::size_t>(std::countr_zero(bits));
}

std::size_t roster::nth_eligible(std::size_t skip) const {
  if (eligible_count_ == workers_.size())
    return skip;
  std::size_t word = 0;
  for (std::size_t here = 0;; ++word, skip -= here) {
    here = static_cast<std::size_t>(std::popcount(eligible_bits_[word]));
    if (skip < here)
      break;
  }
  std::uint64_t bits = eligible_bits_[word];
  for (; skip > 0; --skip)
    bits &= bits - 1;
  return word * word_bits + static_cast<std::size_t>(std::countr_zero(bits));
}

std::optional<std::size_t> roster::least_loaded(std::size_t from) const {
  if (eligible_count_ == 0)
    return std::nullopt;
  const double least = loads_[1];
  const auto found = from < workers_.size() ? first_from(from, least) : std::nullopt;
  return found ? found : first_from(0, least);
}

void roster::note_load(std::size_t index) {
  std::size_t node = leaves_ + index;
  loads_[node] = workers_[index].eligible ? load_of(index) : never;
  for (node /= 2; node != 0; node /= 2) {
    const double least = std::min(loads_[2 * node], loads_[2 * node + 1]);
    if (std::exchange(loads_[node], least) == least)
      return;
  }
}

/// Returns the first worker from `from` on that is loaded `load` or less.
std::optional<std::size_t> roster::first_from(std::size_t from, double load) const {
  std::size_t node = leaves_ + from;
  while (loads_[node] > load) { // On to the tree that begins right of this one.
    while (node % 2 == 1)
      node /= 2;
    if (node == 0)
      return std::nullopt;
    ++node;
  }
  while (node < leaves_) {
    node *= 2;
    if (loads_[node] > load)
      ++node;
  }
  return node - leaves_;
}

} // namespace ducat::routing
