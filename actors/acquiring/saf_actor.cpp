#include "acquiring/ledger_timeout.hpp"
#include "acquiring/owed_items.hpp"

#include <ducat/acquiring/saf_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/durable.hpp>
#include <ducat/life.hpp>
#include <ducat/wall_clock.hpp>

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace ducat::acquiring {

namespace {

/// Sent by the actor to itself.
struct look {};

} // namespace
} // namespace ducat::acquiring

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::look)

namespace ducat::acquiring {
namespace {

using device::request_id;

/// What is looked at at once, of a link and of each kind. The oldest come first, so that nothing is
/// passed over for ever.
constexpr std::uint32_t items_max = 1'000;

/// What is owed over one link, as this life knows it.
struct line {
  saf_line to;
  device::saf_core core;
  std::map<request_id, owed_item> items{}; ///< Those of `core`.
  bool has_looked = false;
  bool is_cut_over = false; ///< The host has ended its day: totals are to be compared.
};

/// The state of one life.
class forwarder : public std::enable_shared_from_this<forwarder> {
public:
  forwarder(caf::event_based_actor* self, handle ledger, saf_actor_options options)
      : self_{self}, ledger_{std::move(ledger)}, options_{std::move(options)} {
    for (const saf_line& each : options_.lines)
      lines_.push_back({.to = each, .core = {options_.saf, options_.seed + lines_.size()}});
  }

  /// Asks what is owed, and comes back later in any case.
  void look_around() {
    self_->delayed_send(self_, options_.look_every, look{});
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      v1::Question question;
      question.mutable_owed()->set_link(lines_[i].to.link);
      question.mutable_owed()->set_limit(items_max);
      self_->request(ledger_.current(), ledger_timeout, query{question.SerializeAsString()})
          .then([me = shared_from_this(), i](const answer& told) { me->take_up(i, told); },
                [](const caf::error&) {});
    }
  }

  void hurry(const std::string& link) {
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (lines_[i].to.link == link) {
        lines_[i].core.hurry(self_->clock().now());
        send_due(i);
      }
  }

  void note_cut_over(const std::string& link) {
    for (line& each : lines_)
      each.is_cut_over = each.is_cut_over || each.to.link == link;
  }

private:
  log_time log_now() const { return options_.now ? options_.now() : wall_clock(); }

  void take_up(std::size_t i, const answer& told) {
    v1::Outcome outcome;
    if (!outcome.ParseFromString(told.text) || !outcome.has_owed())
      return;
    line& of = lines_[i];
    const log_time now = log_now();
    std::set<request_id> listed;
    for (owed_item& each : items_in(outcome.owed(), now, !of.has_looked)) {
      const request_id id = each.as_stored.id;
      listed.insert(id);
      if (of.core.add(each.as_stored, self_->clock().now()))
        of.items.emplace(id, std::move(each));
      else if (of.core.state_of(id) == device::saf_state::exhausted)
        make_exception(i, id, device::exhaustion::age); // The log does not know yet.
    }
    of.has_looked = true;
    forget_all_but(of, listed);
    bool is_quiet = true;
    for (const v1::Acquirer& each : outcome.owed().acquirers()) {
      if (is_due(each, {of.to.reconcile_at, options_.interrupted_again_after, of.is_cut_over}, now))
        begin_reconciliation(each);
      is_quiet = is_quiet && each.owed() == 0;
    }
    of.is_cut_over = of.is_cut_over && !is_quiet;
    send_due(i);
  }

  /// Others may have brought an item to its end, or somebody has decided about it.
  static void forget_all_but(line& of, const std::set<request_id>& listed) {
    std::erase_if(of.items, [&](const auto& each) {
      return !listed.contains(each.first) && of.core.withdraw(each.first);
    });
  }

  void begin_reconciliation(const v1::Acquirer& with) {
    v1::Command command;
    auto& begin = *command.mutable_reconcile_acquirer();
    begin.set_link(with.link());
    begin.set_currency(with.currency());
    begin.set_event(v1::ReconcileAcquirer::BEGUN);
    commit(std::move(command), [] {}, [] {});
  }

  void send_due(std::size_t i) {
    line& of = lines_[i];
    const time_point now = self_->clock().now();
    for (const auto& each : of.core.take_exhausted(now))
      make_exception(i, each.id, each.why);
    for (const auto& each : of.core.take_sendings(now))
      std::visit([&](auto ask) { send(i, each, std::move(ask)); }, of.items.at(each.id).ask);
  }

  void make_exception(std::size_t i, request_id id, device::exhaustion why) {
    line& of = lines_[i];
    if (auto command = exception_of(of.items.at(id), why))
      return commit(std::move(*command), [] {}, [] {}); // At the next look it is listed no more.
    of.core.retry(id, self_->clock().now());
  }

  void send(std::size_t i, const device::saf_core::sending& how, payment::reverse_attempt ask) {
    const std::uint64_t now = log_now().nanoseconds;
    ask.since_sent = std::chrono::nanoseconds{now - std::min(now, ask.attempt.sent_at.nanoseconds)};
    ask_acquirer<payment::acquirer_answer>(i, how, std::move(ask));
  }

  void send(std::size_t i, const device::saf_core::sending& how, payment::send_advice ask) {
    ask_acquirer<payment::advice_answer>(i, how, std::move(ask));
  }

  void send(std::size_t i, const device::saf_core::sending& how, payment::compare_totals ask) {
    ask_acquirer<payment::totals_answer>(i, how, std::move(ask));
  }

  template <class Answer, class Ask>
  void ask_acquirer(std::size_t i, const device::saf_core::sending& how, Ask ask) {
    ask.is_repeat = how.is_repeat;
    ask.deadline = self_->clock().now() + options_.answer_timeout;
    // A little longer than whoever is asked: it says by itself what it does not know.
    const duration patience = options_.answer_timeout + std::chrono::seconds{2};
    self_->request(lines_[i].to.acquirer.current(), patience, std::move(ask))
        .then(
            [me = shared_from_this(), i, id = how.id](const Answer& heard) {
              me->settle(i, id, fate_of(me->lines_[i].items.at(id), heard));
            },
            [me = shared_from_this(), i, id = how.id](const caf::error& why) {
              me->settle(i, id, {.was_sent = error_of(why).code != errc::unavailable});
            });
  }

  void settle(std::size_t i, request_id id, item_fate fate) {
    line& of = lines_[i];
    if (!fate.done) {
      fate.was_sent ? of.core.unanswered(id, self_->clock().now())
                    : of.core.not_sent(id, self_->clock().now());
      return send_due(i);
    }
    // Until that is in the log it is under way: if it cannot be committed it is told again.
    commit(
        std::move(*fate.done),
        [me = shared_from_this(), i, id] {
          me->lines_[i].core.answered(id);
          me->lines_[i].items.erase(id);
          me->send_due(i);
        },
        [me = shared_from_this(), i, id] {
          me->lines_[i].core.unanswered(id, me->self_->clock().now());
        });
  }

  void commit(v1::Command command, std::function<void()> done, std::function<void()> failed) {
    command.set_by(options_.by + '/' + life_of(self_));
    self_
        ->request(ledger_.current(), ledger_timeout,
                  ducat::commit{.command = command.SerializeAsString(), .token = {}})
        .then(
            [done = std::move(done), failed](const committed& told) {
              v1::Outcome outcome;
              const bool is_done = outcome.ParseFromString(told.reply) && !outcome.has_error();
              is_done ? done() : failed();
            },
            [failed](const caf::error&) { failed(); });
  }

  caf::event_based_actor* self_;
  handle ledger_;
  saf_actor_options options_;
  std::vector<line> lines_; ///< As options_.lines.
};

} // namespace

caf::behavior saf_actor(caf::event_based_actor* self, const handle& ledger,
                        const saf_actor_options& options) {
  auto state = std::make_shared<forwarder>(self, ledger, options);
  self->attach_functor([state]() mutable { state.reset(); });
  state->look_around();
  return {
      [state = std::weak_ptr{state}](look) {
        if (const auto alive = state.lock())
          alive->look_around();
      },
      [state = std::weak_ptr{state}](const device::link_changed& news) {
        if (const auto alive = state.lock(); alive && news.to == device::link_state::signed_on)
          alive->hurry(news.link);
      },
      [state = std::weak_ptr{state}](const device::link_unmatched& news) {
        if (const auto alive = state.lock(); alive && is_cut_over(news.message))
          alive->note_cut_over(news.link);
      },
  };
}

} // namespace ducat::acquiring
