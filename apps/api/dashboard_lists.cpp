#include "api/dashboard_lists.hpp"

#include "api/dashboard_views.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace ducat::api {

namespace {

constexpr std::size_t recent_max = 40;
constexpr std::size_t candidates_max = 100;
constexpr std::uint32_t events_page = 100;

/// How far back a page looks that has just been opened; the next one if that is too much.
constexpr std::array<std::uint64_t, 4> look_back_ns{300'000'000'000, 30'000'000'000, 3'000'000'000,
                                                    300'000'000};

} // namespace

v1::ListEventsRequest recent_payments::question(std::uint64_t now_ns) const {
  v1::ListEventsRequest asked;
  asked.set_limit(events_page);
  asked.set_after(after_);
  if (after_.empty())
    asked.set_since_ns(now_ns - std::min(now_ns, look_back_ns[look_back_]));
  return asked;
}

bool recent_payments::take(const v1::ListEventsReply& found) {
  if (after_.empty() && found.has_more() && look_back_ + 1 < look_back_ns.size()) {
    ++look_back_;
    return false;
  }
  skipped_ = skipped_ || found.has_more();
  add(found);
  const std::string& next = found.has_more() ? found.newest() : found.next();
  if (!next.empty())
    after_ = next;
  return true;
}

void recent_payments::add(const v1::ListEventsReply& found) {
  const int first = std::max(0, found.data_size() - static_cast<int>(recent_max));
  for (int at = first; at < found.data_size(); ++at)
    rows_.push_front(payment_row(found.data(at)));
  rows_.resize(std::min(rows_.size(), recent_max));
}

std::string recent_payments::json() const {
  return rows_json({rows_.begin(), rows_.end()}, "skipped", skipped_);
}

v1::ListEventsRequest doubt_search::question(std::uint64_t oldest_ns) const {
  v1::ListEventsRequest asked;
  asked.set_limit(events_page);
  for (const char* type :
       {"payment.in_doubt", "payment.exception", "attempt.reversing", "attempt.exception"})
    asked.add_types(type);
  asked.set_after(after_);
  if (after_.empty())
    asked.set_since_ns(oldest_ns);
  return asked;
}

bool doubt_search::take(const v1::ListEventsReply& found) {
  for (const v1::Event& each : found.data()) {
    if (candidates_.size() < candidates_max)
      candidates_.insert(each.payment_id());
    else
      incomplete_ = incomplete_ || !candidates_.contains(each.payment_id());
  }
  if (!found.next().empty())
    after_ = found.next();
  return !found.has_more();
}

void doubt_search::see(const v1::Payment& payment) {
  if (is_in_doubt(payment)) {
    rows_[payment.id()] = {payment.created_at_ns(), doubt_row(payment)};
    return;
  }
  candidates_.erase(payment.id());
  rows_.erase(payment.id());
}

void doubt_search::clear() {
  *this = doubt_search{};
}

std::string doubt_search::json() const {
  std::vector<std::pair<std::uint64_t, std::string>> sorted;
  std::ranges::transform(rows_, std::back_inserter(sorted),
                         [](const auto& each) { return each.second; });
  std::ranges::sort(sorted);
  std::vector<std::string> rows;
  std::ranges::transform(sorted, std::back_inserter(rows),
                         [](const auto& each) { return each.second; });
  return rows_json(rows, "incomplete", incomplete_);
}

} // namespace ducat::api
