#include "device/match_table.hpp"

#include <algorithm>

namespace ducat::device {

namespace {

/// Returns the values of the required fields, told apart whatever is in them.
std::optional<std::string> key_of(const iso8583::message& what, const match_options& options) {
  std::string key;
  for (const int field : options.required) {
    const auto value = what.find(field);
    if (!value)
      return std::nullopt;
    key += std::to_string(value->size()) + ':';
    key += *value;
  }
  return key;
}

/// Who began and whether it is a repeat is left out: hosts answer 0421 with 0430 and 0431.
bool is_same_kind(const iso8583::mti& a, const iso8583::mti& b) {
  return a.version == b.version && a.kind == b.kind && a.function == b.function;
}

bool echoes(const iso8583::message& answer, const answer_form& form) {
  return std::ranges::all_of(form.echoed, [&](const auto& each) {
    const auto value = answer.find(each.first);
    return !value || *value == each.second;
  });
}

/// Returns whether no field tells the two apart.
bool may_be_one(const answer_form& a, const answer_form& b) {
  if (!is_same_kind(a.type, b.type) || a.key != b.key)
    return false;
  return std::ranges::none_of(a.echoed, [&](const auto& mine) {
    return std::ranges::any_of(b.echoed, [&](const auto& theirs) {
      return mine.first == theirs.first && mine.second != theirs.second;
    });
  });
}

} // namespace

std::optional<answer_form> answer_form_of(const iso8583::message& request,
                                          const match_options& options) {
  const auto type = iso8583::parse_mti(request.mti());
  const auto expected = type ? iso8583::response_to(*type) : std::nullopt;
  auto key = key_of(request, options);
  if (!expected || !key)
    return std::nullopt;
  answer_form form{.type = *expected, .key = std::move(*key), .echoed = {}};
  for (const int field : options.if_echoed)
    if (const auto value = request.find(field))
      form.echoed.emplace_back(field, *value);
  return form;
}

match_table::place match_table::add(request_id id, answer_form form) {
  const place where = next_++;
  by_key_.emplace(form.key, where);
  entries_.emplace(where, entry{id, std::move(form)});
  return where;
}

void match_table::erase(place where) {
  const auto found = entries_.find(where);
  if (found == entries_.end())
    return;
  const auto [first, last] = by_key_.equal_range(found->second.form.key);
  by_key_.erase(std::find_if(first, last, [&](const auto& each) { return each.second == where; }));
  entries_.erase(found);
}

std::vector<request_id> match_table::find(const iso8583::message& answer) const {
  std::vector<request_id> found;
  const auto type = iso8583::parse_mti(answer.mti());
  const auto key = key_of(answer, options_);
  if (!type || !key)
    return found;
  const auto [first, last] = by_key_.equal_range(*key);
  for (auto each = first; each != last; ++each) {
    const entry& candidate = entries_.at(each->second);
    if (is_same_kind(candidate.form.type, *type) && echoes(answer, candidate.form) &&
        std::ranges::find(found, candidate.id) == found.end())
      found.push_back(candidate.id);
  }
  return found;
}

bool match_table::has_equal(const answer_form& form) const {
  const auto [first, last] = by_key_.equal_range(form.key);
  return std::any_of(first, last, [&](const auto& each) {
    return may_be_one(entries_.at(each.second).form, form);
  });
}

void remembered::add(request_id id, answer_form form, time_point now) {
  if (by_age_.size() >= limits_.count_max)
    drop_oldest();
  by_age_.emplace_back(now, table_.add(id, std::move(form)));
}

void remembered::forget_old(time_point now) {
  while (!by_age_.empty() && now - by_age_.front().first > limits_.kept)
    drop_oldest();
}

void remembered::drop_oldest() {
  table_.erase(by_age_.front().second);
  by_age_.pop_front();
}

} // namespace ducat::device
