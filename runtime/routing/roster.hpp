/// The workers of one pool as its policy sees them: who may get something, and how loaded each is.
/// Each question is answered without going through all workers. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

namespace ducat::routing {

/// A worker as a policy sees it.
struct candidate {
  bool eligible = true;      ///< It may get something.
  std::size_t in_flight = 0; ///< Requests it has not answered yet.
  double share = 1; ///< Of what a healthy worker gets, this one gets that much; 0 < share <= 1.
};

class roster {
public:
  explicit roster(std::size_t size) : roster{std::vector<candidate>(size)} {}

  roster(std::vector<candidate> workers); // NOLINT: a list of workers is a roster.

  roster(std::initializer_list<candidate> workers) : roster{std::vector<candidate>{workers}} {}

  std::size_t size() const noexcept { return workers_.size(); }

  const candidate& at(std::size_t index) const { return workers_[index]; }

  /// Changes what is known of one worker.
  void set_eligible(std::size_t index, bool eligible);
  void set_in_flight(std::size_t index, std::size_t in_flight);
  void set_share(std::size_t index, double share);

  /// Adds a worker, as the last one.
  void add(const candidate& worker);

  std::size_t count_eligible() const noexcept { return eligible_count_; }

  /// Returns the first eligible worker from `from` on, going round; nothing if there is none.
  std::optional<std::size_t> next_eligible(std::size_t from) const;

  /// Returns the eligible worker that `skip` eligible ones come before. skip < count_eligible().
  std::size_t nth_eligible(std::size_t skip) const;

  /// Returns the least loaded of the eligible workers, of several the first from `from` on, going
  /// round; nothing if there is none.
  std::optional<std::size_t> least_loaded(std::size_t from) const;

  /// Returns how loaded a worker would be with one request more; a worker of a smaller share is
  /// loaded more by the same requests.
  double load_of(std::size_t index) const {
    return static_cast<double>(workers_[index].in_flight + 1) / workers_[index].share;
  }

private:
  void build();
  void note_load(std::size_t index);
  std::optional<std::size_t> first_from(std::size_t from, double load) const;

  std::vector<candidate> workers_;
  std::size_t eligible_count_ = 0;
  std::vector<std::uint64_t> eligible_bits_; // Bit i % 64 of word i / 64: worker i is eligible.
  // A tree of minima: the children of node n are 2n and 2n + 1, worker i is the leaf leaves_ + i.
  // A worker that is not eligible is infinitely loaded.
  std::vector<double> loads_;
  std::size_t leaves_ = 1;
};

} // namespace ducat::routing
