#include "cluster/granted_worker.hpp"

#include <ducat/durable.hpp>
#include <ducat/dynamic_children.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <utility>

namespace ducat::cluster {

namespace {

std::string id_of(const handle& child) {
  return child.path().substr(child.path().rfind('/') + 1);
}

} // namespace

granted_worker::granted_worker(caf::event_based_actor* by, handle group, handle worker,
                               std::shared_ptr<child_slot> published, standby_policy standby,
                               std::shared_ptr<told_grant> told, std::uint64_t watch)
    : by_{by}, group_{std::move(group)}, worker_{std::move(worker)},
      published_{std::move(published)}, standby_{standby}, told_{std::move(told)} {
  slot_of(worker_)->watch(by_->address(), watch);
}

void granted_worker::on_life_began(const life_began& what) {
  incarnation_ = what.incarnation;
  life_ = what.life;
}

void granted_worker::on_life_over(const life_over& what) {
  if (incarnation_ != what.incarnation)
    return;
  if (const auto number = std::exchange(publication_, 0))
    published_->clear(number, what.why);
  incarnation_ = 0;
}

/// Returns the epoch that the life was told; 0: none yet, or none runs.
std::uint64_t granted_worker::served_under() const noexcept {
  return incarnation_ != 0 && told_->incarnation == incarnation_ ? told_->epoch : 0;
}

void granted_worker::arrange(std::uint64_t epoch) {
  if (publication_ != 0 && served_under() != epoch)
    withdraw("another grant is newer");
  const bool is_over = served_under() != 0 && served_under() != epoch;
  if (incarnation_ != 0 && epoch != 0 && !is_over)
    return serve(epoch);
  const bool is_to_run = !is_over && (epoch != 0 || standby_ == standby_policy::hot);
  if (is_to_run != (incarnation_ != 0))
    change(is_to_run);
}

void granted_worker::serve(std::uint64_t epoch) {
  if (publication_ != 0)
    return;
  const auto life = caf::actor_cast<caf::actor>(life_);
  if (!life)
    return; // It is over: that is told next.
  if (served_under() == 0)
    caf::anon_send(life, granted{.token = {.group = group_.path(), .epoch = epoch}});
  *told_ = {.incarnation = incarnation_, .epoch = epoch};
  publication_ = published_->next_incarnation();
  published_->publish(life_, publication_);
}

void granted_worker::withdraw(const std::string& why) {
  if (const auto number = std::exchange(publication_, 0))
    published_->clear(number, {exit_kind::shutdown, why});
}

/// A worker that its own supervisor is starting again answers so: it is tried later.
void granted_worker::change(bool runs) {
  const auto supervisor = group_.own();
  if (!supervisor || std::exchange(is_changing_, true))
    return;
  const auto done = [this](const auto&) { is_changing_ = false; };
  const std::string id = id_of(worker_);
  by_->request(supervisor, caf::infinite, runs ? restart_child(id) : terminate_child(id))
      .then([done](const change_reply& reply) { done(reply); },
            [done](const caf::error& why) { done(why); });
}

} // namespace ducat::cluster
