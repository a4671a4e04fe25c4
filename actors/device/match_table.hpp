/// Which request a message answers. Pure.
#pragma once

#include <ducat/device/link_options.hpp>
#include <ducat/device/link_outcome.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/iso8583/mti.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ducat::device {

/// What the answer to a request has to look like.
struct answer_form {
  iso8583::mti type;
  std::string key; ///< The values of match_options::required.
  std::vector<std::pair<int, std::string>> echoed;
};

/// Returns the form; nothing if nobody owes `request` an answer, or a required field is missing.
std::optional<answer_form> answer_form_of(const iso8583::message& request,
                                          const match_options& options);

/// Requests by the answers that they wait for. Not thread-safe.
class match_table {
public:
  using place = std::uint64_t;

  explicit match_table(match_options options) : options_{std::move(options)} {}

  place add(request_id id, answer_form form);
  void erase(place where);

  /// Returns the form of what is there.
  const answer_form& form(place where) const { return entries_.at(where).form; }

  /// Returns the ids of all requests that `answer` may be the answer to, each once.
  std::vector<request_id> find(const iso8583::message& answer) const;

  /// Returns whether some answer would fit a request there and one of that form, whatever it
  /// echoes of what they have.
  bool has_equal(const answer_form& form) const;

  std::size_t size() const noexcept { return entries_.size(); }

private:
  struct entry {
    request_id id;
    answer_form form;
  };

  match_options options_;
  std::map<place, entry> entries_;
  std::multimap<std::string, place> by_key_; // Invariant: one for each entry.
  place next_ = 1;
};

/// A match_table of what is over, for a time, and of at most so many.
class remembered {
public:
  struct limits {
    duration kept;
    std::size_t count_max;
  };

  remembered(match_options options, limits most) : table_{std::move(options)}, limits_{most} {}

  void add(request_id id, answer_form form, time_point now);
  void forget_old(time_point now);

  std::vector<request_id> find(const iso8583::message& answer) const { return table_.find(answer); }

private:
  void drop_oldest();

  match_table table_;
  limits limits_;
  std::deque<std::pair<time_point, match_table::place>> by_age_;
};

} // namespace ducat::device
