#include "api/dashboard_collector.hpp"

#include "api/dashboard_views.hpp"
#include "api/json.hpp"

#include <ducat/wall_clock.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>
#include <vector>

namespace ducat::api {

namespace {

using namespace std::chrono_literals;

constexpr auto answer_time_max = 2s;
constexpr int rest_share = 10; ///< A question rests for so many times what it took,
constexpr auto rest_max = 2s;  ///< but no longer.
constexpr std::uint32_t windows_max = 20;

std::string whole_json(const google::protobuf::Message& message) {
  return to_json(message).value_or("{}");
}

} // namespace

dashboard_collector::dashboard_collector(service& of)
    : of_{of},
      topics_{{
          {"tree", 200ms, &dashboard_collector::ask_tree},
          {"groups", 200ms,
           &dashboard_collector::ask_plainly<v1::ListGroupsRequest, v1::ListGroupsReply>},
          {"nodes", 400ms,
           &dashboard_collector::ask_plainly<v1::ListNodesRequest, v1::ListNodesReply>},
          {"availability", 1s,
           &dashboard_collector::ask_plainly<v1::AvailabilityRequest, v1::AvailabilityReply>},
          {"status", 500ms, &dashboard_collector::ask_status},
          {"links", 500ms,
           &dashboard_collector::ask_plainly<v1::ListLinksRequest, v1::ListLinksReply>},
          {"acquirers", 2s,
           &dashboard_collector::ask_plainly<v1::ListAcquirersRequest, v1::ListAcquirersReply>},
          {"payments", 300ms, &dashboard_collector::ask_payments},
          {"doubt", 1s, &dashboard_collector::ask_doubt},
          {"figures", 500ms, &dashboard_collector::ask_figures},
          {"alerts", 1s,
           &dashboard_collector::ask_plainly<v1::ListAlertsRequest, v1::ListAlertsReply>},
          {"windows", 3s, &dashboard_collector::ask_windows},
      }} {}

void dashboard_collector::tick(time_point now) {
  std::vector<std::size_t> due;
  {
    const std::lock_guard lock{guard_};
    for (std::size_t at = 0; at < topics_.size(); ++at) {
      topic& each = topics_[at];
      if (each.is_asked || now < each.due)
        continue;
      each.is_asked = true;
      each.asked_at = now;
      due.push_back(at);
    }
  }
  for (const std::size_t at : due)
    (this->*topics_[at].ask)(at, now + answer_time_max);
}

/// The view is made on whichever thread answers.
template <class Request, class Reply>
void dashboard_collector::ask(std::size_t at, time_point deadline, Request request,
                              std::function<std::string(const Reply&)> view) {
  of_.call(std::move(request), deadline,
           [self = shared_from_this(), at, view = std::move(view)](const reply<Reply>& found) {
             found ? self->settle(at, view(*found)) : self->fail(at, found.error());
           });
}

template <class Request, class Reply>
void dashboard_collector::ask_plainly(std::size_t at, time_point deadline) {
  ask<Request, Reply>(at, deadline, Request{}, whole_json);
}

void dashboard_collector::ask_tree(std::size_t at, time_point deadline) {
  ask<v1::TreeRequest, v1::TreeReply>(at, deadline, {}, tree_json);
}

void dashboard_collector::ask_figures(std::size_t at, time_point deadline) {
  ask<v1::FiguresRequest, v1::FiguresReply>(at, deadline, {}, figures_json);
}

void dashboard_collector::ask_status(std::size_t at, time_point deadline) {
  ask<v1::StatusRequest, v1::StatusReply>(at, deadline, {}, [this](const v1::StatusReply& now) {
    const std::lock_guard lock{guard_};
    doubt_ = now.time_in_doubt();
    return whole_json(now);
  });
}

void dashboard_collector::ask_payments(std::size_t at, time_point deadline) {
  const std::uint64_t newest = of_.newest_event();
  if (is_recent_known_ && newest == newest_event_)
    return settle(at, recent_.json());
  newest_event_ = newest;
  of_.call(recent_.question(wall_clock().nanoseconds), deadline,
           [self = shared_from_this(), at](const reply<v1::ListEventsReply>& found) {
             if (!found) {
               self->is_recent_known_ = false;
               self->recent_.restart();
               return self->fail(at, found.error());
             }
             self->is_recent_known_ = self->recent_.take(*found);
             self->settle(at, self->recent_.json());
           });
}

void dashboard_collector::ask_doubt(std::size_t at, time_point deadline) {
  v1::TimeInDoubt now;
  {
    const std::lock_guard lock{guard_};
    now = doubt_;
  }
  if (now.open() == 0) {
    in_doubt_.clear();
    return settle(at, in_doubt_.json());
  }
  of_.call(in_doubt_.question(now.oldest_at_ns()), deadline,
           [self = shared_from_this(), at, deadline](const reply<v1::ListEventsReply>& found) {
             if (!found) {
               self->in_doubt_.clear();
               return self->fail(at, found.error());
             }
             if (self->in_doubt_.take(*found))
               return self->ask_candidates(at, deadline);
             self->settle(at, self->in_doubt_.json());
           });
}

/// Asks what has become of each of them; the last answer settles it.
void dashboard_collector::ask_candidates(std::size_t at, time_point deadline) {
  const auto ids = in_doubt_.candidates();
  if (ids.empty())
    return settle(at, in_doubt_.json());
  const auto left = std::make_shared<std::atomic<std::size_t>>(ids.size());
  for (const std::string& id : ids) {
    v1::GetPaymentRequest asked;
    asked.set_id(id);
    of_.call(asked, deadline,
             [self = shared_from_this(), at, left](const reply<v1::Payment>& found) {
               if (found) {
                 const std::lock_guard lock{self->guard_};
                 self->in_doubt_.see(*found);
               }
               if (--*left == 0)
                 self->settle(at, self->in_doubt_.json());
             });
  }
}

void dashboard_collector::ask_windows(std::size_t at, time_point deadline) {
  v1::SettlementQuestion asked;
  asked.mutable_windows()->set_limit(windows_max);
  ask<v1::SettlementQuestion, v1::SettlementAnswer>(
      at, deadline, asked,
      [](const v1::SettlementAnswer& found) { return whole_json(found.windows()); });
}

void dashboard_collector::settle(std::size_t at, std::string json) {
  const std::lock_guard lock{guard_};
  finish(topics_[at]);
  board_.put(topics_[at].name, std::move(json));
  if (problems_.erase(topics_[at].name) != 0)
    put_problems();
}

void dashboard_collector::fail(std::size_t at, const v1::Error& why) {
  const std::lock_guard lock{guard_};
  finish(topics_[at]);
  problems_[topics_[at].name] = why.message();
  put_problems();
}

/// Its next time is that much later, the longer this one took.
void dashboard_collector::finish(topic& of) {
  const time_point now = std::chrono::steady_clock::now();
  of.is_asked = false;
  const auto rest = std::min<time_point::duration>(rest_share * (now - of.asked_at), rest_max);
  of.due = std::max(of.asked_at + of.every, now + rest);
}

void dashboard_collector::put_problems() {
  using nlohmann::json;
  board_.put("problems", json(problems_).dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace ducat::api
