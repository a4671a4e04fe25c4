/// A list for millions of elements.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace ducat::cli {

/// Elements stay where they are when more are added: nothing is ever copied, and no more memory is
/// touched than they need.
template <class T>
class steady_list {
public:
  steady_list() = default;
  steady_list(const steady_list&) = delete;
  steady_list& operator=(const steady_list&) = delete;

  T& add(T element) {
    if (size_ == pieces_.size() * piece_size)
      pieces_.emplace_back().reserve(piece_size);
    ++size_;
    return pieces_.back().emplace_back(std::move(element));
  }

  T& operator[](std::size_t place) { return pieces_[place / piece_size][place % piece_size]; }

  const T& operator[](std::size_t place) const {
    return pieces_[place / piece_size][place % piece_size];
  }

  std::size_t size() const noexcept { return size_; }

private:
  static constexpr std::size_t piece_size = 4'096; ///< Of elements.

  std::vector<std::vector<T>> pieces_;
  std::size_t size_ = 0;
};

} // namespace ducat::cli
