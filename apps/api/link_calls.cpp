#include "api/link_calls.hpp"

#include "api/left_until.hpp"

#include <ducat/acquiring/link_group_actor.hpp>
#include <ducat/device/link.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <utility>

namespace ducat::api {

namespace {

template <class Unit>
std::uint64_t count_of(duration value) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<Unit>(value).count()));
}

v1::Link view_of(const acquiring::link_figures_shown& link, const std::string& holder,
                 time_point now) {
  v1::Link view;
  view.set_name(link.seen.name);
  view.set_state(std::string{to_string(link.seen.state)});
  view.set_why(link.figures.why);
  view.set_since_ms(count_of<std::chrono::milliseconds>(now - link.seen.since));
  view.set_holder(link.seen.name == holder);
  view.set_in_flight(link.figures.in_flight);
  view.set_answered(link.figures.answered);
  view.set_unknown(link.figures.unknown);
  view.set_unmatched(link.figures.unmatched);
  if (link.figures.answer_p50)
    view.set_answer_p50_us(count_of<std::chrono::microseconds>(*link.figures.answer_p50));
  if (link.figures.answer_p99)
    view.set_answer_p99_us(count_of<std::chrono::microseconds>(*link.figures.answer_p99));
  return view;
}

/// One link alone carries payments without a grant.
v1::AcquirerLinks view_of(const acquiring::group_figures& group, time_point now) {
  v1::AcquirerLinks view;
  const std::string holder =
      group.links.size() == 1 ? group.links.front().seen.name : group.grant.link;
  view.set_name(group.acquirer);
  view.set_node(group.node);
  view.set_holder(holder);
  view.set_epoch(group.grant.epoch);
  std::ostringstream breaker;
  breaker << group.breaker;
  view.set_breaker(breaker.str());
  for (const acquiring::link_figures_shown& each : group.links)
    *view.add_links() = view_of(each, holder, now);
  return view;
}

/// What came of all groups, when the last one has answered.
struct gathered {
  v1::ListLinksReply reply;
  std::size_t missing;
};

template <class T>
auto failed(const answer_once<T>& answer) {
  return
      [answer](const caf::error& why) { answer(tl::unexpected(error_of(ducat::error_of(why)))); };
}

} // namespace

void list_links(caf::event_based_actor* self, const node& local,
                const std::vector<served_acquirer>& acquirers, time_point deadline,
                const answer_once<v1::ListLinksReply>& answer) {
  const auto all = std::make_shared<gathered>(gathered{.reply = {}, .missing = acquirers.size()});
  for (const served_acquirer& each : acquirers)
    all->reply.add_acquirers()->set_name(each.name);
  if (acquirers.empty())
    return answer(all->reply);
  for (int place = 0; place < all->reply.acquirers_size(); ++place)
    self->request(local.find(acquirers[static_cast<std::size_t>(place)].group).current(),
                  left_until(deadline), acquiring::query_group{})
        .then(
            [=](const acquiring::group_figures& told) {
              *all->reply.mutable_acquirers(place) = view_of(told, self->clock().now());
              if (--all->missing == 0)
                answer(all->reply);
            },
            failed(answer));
}

void change_link(caf::event_based_actor* self, const node& local,
                 const std::vector<served_acquirer>& acquirers,
                 const v1::ChangeLinkRequest& request, time_point deadline,
                 const answer_once<v1::ChangeLinkReply>& answer) {
  const auto owner = std::ranges::find_if(
      acquirers, [&](const served_acquirer& each) { return each.links.contains(request.name()); });
  if (owner == acquirers.end())
    return answer(tl::unexpected(
        error_of({errc::not_found, "there is no link of that name: " + request.name()})));
  const caf::actor link = local.find(owner->links.at(request.name())).current();
  const auto told = [answer](const device::link_figures& now) {
    v1::ChangeLinkReply reply;
    reply.set_state(std::string{to_string(now.state)});
    answer(reply);
  };
  const duration left = left_until(deadline);
  if (request.change() == v1::ChangeLinkRequest::DRAIN)
    self->request(link, left, device::drain_link{}).then(told, failed(answer));
  else if (request.change() == v1::ChangeLinkRequest::RESUME)
    self->request(link, left, device::resume_link{}).then(told, failed(answer));
  else
    answer(tl::unexpected(error_of({errc::invalid_argument, "no such change"})));
}

} // namespace ducat::api
