#include "etcd/feed.hpp"

#include "etcd/page.hpp"
#include "etcd/watch.hpp"
#include "log/chain.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <utility>

namespace ducat::etcd {

namespace {

class feed final : public log_feed {
public:
  feed(const client& through, const keys& names, receipt last, entry_callback deliver)
      : client_{through}, keys_{names}, deliver_{std::move(deliver)}, last_{last},
        watch_{through,
               {.begin = names.entry(0),
                .end = names.end_of_entries(),
                .look = [this] { return look(); },
                .take = [this](const auto& events) { return take(events); }}} {}

  ~feed() override { stopping_ = true; }

private:
  /// Delivers what is there, and returns the revision of the last look; 0 at the end of the feed.
  std::int64_t look() {
    while (!ended_ && !stopping_) {
      early_.clear(); // What was seen before may have been removed since.
      if (!begin_behind_anchor())
        continue;
      const auto page = client_.try_range(next_page());
      if (!page)
        continue; // Nobody answers: wait.
      page_size_.note(*page);
      if (take_page(*page) && !page->more())
        return page->header().revision();
    }
    return 0;
  }

  bool take_page(const pb::RangeResponse& page) {
    return std::ranges::all_of(page.kvs(), [this](const auto& each) { return take_put(each); });
  }

  /// Looks where the log begins. Returns whether that is known, and not behind the next entry.
  bool begin_behind_anchor() {
    pb::RangeRequest request;
    request.set_key(keys_.anchor());
    const auto found = client_.try_range(request);
    if (!found)
      return false;
    if (found->kvs_size() == 0)
      return true;
    const auto anchor = decode_link(found->kvs(0).value(), "the anchor of the trimmed log");
    if (!anchor)
      return end(anchor.error());
    if (!link_ && anchor->last == last_)
      link_ = *anchor;
    return next() > anchor->last.index || end(trimmed(*anchor).value());
  }

  /// From the last entry on, which shows that this is the log that it is of.
  pb::RangeRequest next_page() const {
    pb::RangeRequest request;
    request.set_key(keys_.entry(next()));
    request.set_range_end(keys_.end_of_entries());
    request.set_limit(page_size_.entries());
    return request;
  }

  bool take(const pb::WatchResponse& events) {
    for (const pb::Event& each : events.events()) {
      if (each.type() == pb::Event::PUT && !take_put(each.kv()))
        return false;
      if (each.type() == pb::Event::DELETE)
        if (const auto index = keys_.index_in(each.kv().key()))
          early_.erase(*index);
    }
    return true;
  }

  /// Takes an entry that is there now. One that comes before the one before it waits: it is part of
  /// the log only when that has come too.
  bool take_put(const pb::KeyValue& put) {
    const auto index = keys_.index_in(put.key());
    if (!index || *index < next())
      return true;
    early_[*index] = put.value();
    if (early_.size() > etcd_in_flight_max && early_.begin()->first != next())
      return begin_behind_anchor() && end(missing(next(), early_.begin()->first).value());
    while (!early_.empty() && early_.begin()->first == next()) {
      const std::string bytes = std::move(early_.begin()->second);
      early_.erase(early_.begin());
      if (!advance(bytes))
        return false;
    }
    return true;
  }

  std::uint64_t next() const { return link_ || last_.index == 0 ? last_.index + 1 : last_.index; }

  bool advance(const std::string& bytes) {
    auto e = stored_entry(next(), bytes);
    if (!e)
      return end(e.error());
    if (!link_ && last_.index != 0)
      return begin_at(*e);
    if (auto linked = check_link(link_.value_or(chain_link{}), *e); !linked)
      return end(linked.error());
    link_ = link_of(*e);
    last_ = link_->last;
    deliver_(std::move(*e));
    return true;
  }

  bool begin_at(const entry& e) {
    if (e.hash != last_.hash)
      return end(damaged(e.index, "is another one than was applied").value());
    link_ = link_of(e);
    return true;
  }

  /// Tells why it ends.
  bool end(error why) {
    deliver_(tl::unexpected(std::move(why)));
    ended_ = true;
    return false;
  }

  const client& client_;
  const keys& keys_;
  const entry_callback deliver_;
  receipt last_;                   ///< Of the newest entry that was delivered, or is not to be.
  std::optional<chain_link> link_; ///< Of `last_`, when it has been seen.
  std::map<std::uint64_t, std::string> early_; ///< Seen, but not yet the one before.
  page_size page_size_;
  bool ended_ = false;
  std::atomic<bool> stopping_{false};
  watch watch_; ///< Last: it uses the others.
};

} // namespace

std::unique_ptr<log_feed> make_feed(const client& through, const keys& names, receipt last,
                                    entry_callback deliver) {
  return std::make_unique<feed>(through, names, last, std::move(deliver));
}

} // namespace ducat::etcd
