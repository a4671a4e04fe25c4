#include "api/node_service.hpp"

#include "api/admission.hpp"
#include "api/alert_calls.hpp"
#include "api/attribution.hpp"
#include "api/audit_mapping.hpp"
#include "api/availability_calls.hpp"
#include "api/call_trace.hpp"
#include "api/commit_watch.hpp"
#include "api/dead_letter_calls.hpp"
#include "api/fault_calls.hpp"
#include "api/figures_view.hpp"
#include "api/gateway.hpp"
#include "api/left_until.hpp"
#include "api/link_calls.hpp"
#include "api/member_calls.hpp"
#include "api/request_mapping.hpp"
#include "api/settlement_mapping.hpp"
#include "api/status_view.hpp"
#include "api/webhook_mapping.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/errors.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>
#include <ducat/wall_clock.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ducat::api {

namespace {

constexpr std::size_t decided_by_length_max = 64;
constexpr std::size_t card_payments_max = 5'000;

template <class T>
using then = std::function<void(caf::event_based_actor*, T)>;

/// What every call needs: the ways to the actors.
class actors {
public:
  actors(node& n, const node_service_options& options)
      : node_{n}, ledger_{n.find(options.ledger)}, payments_{n.find(options.payments)},
        gateway_{n.find(options.gateway)} {}

  const handle& ledger() const { return ledger_; }

  const handle& payments() const { return payments_; }

  const handle& gateway() const { return gateway_; }

  ducat::node& local_node() const { return node_; }

  /// Runs `run` on the gateway. If it is not running, answers that nothing was done.
  template <class T>
  void post(const answer_once<T>& answer, std::function<void(caf::event_based_actor*)> run) const {
    const caf::actor to = gateway_.current();
    if (to == nullptr)
      return answer(tl::unexpected(error_of({errc::unavailable, "the gateway is restarting"})));
    caf::anon_send(to, task{std::move(run)});
  }

private:
  ducat::node& node_;
  handle ledger_;
  handle payments_;
  handle gateway_;
};

/// Asks `to` and goes on with its Reply; a failure is the answer. Runs on the gateway.
template <class Reply, class T, class Request>
void ask(caf::event_based_actor* self, const handle& to, time_point deadline, Request request,
         const answer_once<T>& answer, then<const Reply&> next) {
  self->request(to.current(), left_until(deadline), std::move(request))
      .then([self, next = std::move(next)](const Reply& reply) { next(self, reply); },
            [answer](const caf::error& failure) {
              answer(tl::unexpected(error_of(ducat::error_of(failure))));
            });
}

/// Parses a machine's reply; an error in it is the answer.
template <class T>
std::optional<v1::Outcome> outcome_of(const std::string& bytes, const answer_once<T>& answer) {
  v1::Outcome outcome;
  if (!outcome.ParseFromString(bytes)) {
    answer(tl::unexpected(error_of({errc::corrupt, "the ledger's reply cannot be read"})));
    return std::nullopt;
  }
  if (outcome.has_error()) {
    answer(tl::unexpected(std::move(*outcome.mutable_error())));
    return std::nullopt;
  }
  return outcome;
}

/// Goes on with the receipt of the effect that `outcome` tells of. If this request did not write
/// it, it has to be looked up. Of an entry that was trimmed away the index is known, and no hash.
/// The effect is there: if it cannot be asked for its receipt, the outcome is unknown, whatever the
/// reason.
template <class T>
void with_receipt(caf::event_based_actor* self, const actors& a, time_point deadline,
                  const receipt& fresh, const v1::Outcome& outcome, const answer_once<T>& answer,
                  const std::function<void(const receipt&)>& next) {
  if (fresh.index != 0 || outcome.index() == 0)
    return next(fresh);
  self->request(a.ledger().current(), left_until(deadline), locate{outcome.index()})
      .then([next](const log_position& found) { next(found.receipt); },
            [answer, next, index = outcome.index()](const caf::error& failure) {
              if (ducat::error_of(failure).code == errc::not_found)
                return next(receipt{.index = index, .hash = {}});
              answer(tl::unexpected(
                  error_of({errc::outcome_unknown, "it was done, its receipt cannot be had now"})));
            });
}

v1::Error no_room() {
  return error_of({errc::overloaded, "as many payments are made as this node can make"});
}

v1::Error refused(payment::refusal why, std::string_view param) {
  return payment::error_of(why, param);
}

class node_service final : public service {
public:
  node_service(node& n, node_service_options options)
      : actors_{n, options}, options_{std::move(options)},
        commits_{[a = actors_](time_point d, respond<log_position> to) {
          ask_way_of_commits(a, d, answer_once{std::move(to)});
        }} {
    if (options_.keeper != nullptr)
      options_.keeper->report_to([a = actors_](const access::noticed& what) {
        write_down(a, record_of(what, a.local_node().id()));
      });
  }

  void call(v1::CreatePaymentRequest r, const call_context& c,
            respond<v1::PaymentReply> to) override {
    const auto place = enter(r.has_card() ? *card_payments_ : payments_, c);
    if (!place)
      return to(tl::unexpected(no_room()));
    v1::Command command = command_of(r);
    attribute(command, c.by, actors_.local_node().id()); // Its key makes the payment's id.
    const auto trace = trace_call(options_.traces, command, c.from, to);
    const answer_once<v1::PaymentReply> answer{
        [to = std::move(to), inside = place](reply<v1::PaymentReply> done) mutable {
          inside.reset();
          to(std::move(done));
        }};
    if (r.capture_method() != v1::AUTOMATIC && r.capture_method() != v1::MANUAL)
      return answer(
          tl::unexpected(refused(payment::refusal::capture_method_unknown, "capture_method")));
    payment::pay what{.first = {}, .deadline = c.deadline, .trace = trace};
    if (r.has_card()) {
      const auto card = payment::pan::parse(r.card().number());
      if (!card)
        return answer(tl::unexpected(refused(payment::refusal::card_invalid, "card.number")));
      command.mutable_create_payment()->set_card(card->masked());
      what.card = *card;
      what.security_code = payment::sensitive{r.card().security_code()};
    }
    what.first = std::move(command);
    pay_with(std::move(what), answer);
  }

  void call(v1::CapturePaymentRequest r, const call_context& c,
            respond<v1::PaymentReply> to) override {
    pay_with_key(r, c, std::move(to));
  }

  void call(v1::VoidPaymentRequest r, const call_context& c,
            respond<v1::PaymentReply> to) override {
    pay_with_key(r, c, std::move(to));
  }

  void call(v1::RefundPaymentRequest r, const call_context& c,
            respond<v1::PaymentReply> to) override {
    pay_with_key(r, c, std::move(to));
  }

  void call(v1::DecidePaymentRequest r, const call_context& c,
            respond<v1::PaymentReply> to) override {
    if (r.decided_by().size() > decided_by_length_max)
      return to(tl::unexpected(refused(payment::refusal::command_malformed, "decided_by")));
    pay_with_key(r, c, std::move(to));
  }

  void call(v1::ResolveAdviceRequest r, const call_context& c,
            respond<v1::PaymentReply> to) override {
    const answer_once answer{std::move(to)};
    if (r.decided_by().size() > decided_by_length_max)
      return answer(tl::unexpected(refused(payment::refusal::command_malformed, "decided_by")));
    commit_to_machine(command_of(r), c, answer, [](const v1::Outcome& outcome, const receipt& at) {
      return payment_reply(outcome, at);
    });
  }

  void call(v1::ReconcileRequest r, const call_context& c, respond<v1::Acquirer> to) override {
    commit_to_machine(command_of(r), c, answer_once{std::move(to)},
                      [](const v1::Outcome& outcome, const receipt&) {
                        return v1::Acquirer{outcome.acquirers().data(0)};
                      });
  }

  void call(v1::ListAcquirersRequest r, const call_context& c,
            respond<v1::ListAcquirersReply> to) override {
    query_machine<v1::ListAcquirersReply>(question_of(std::move(r)), c, std::move(to),
                                          &v1::Outcome::mutable_acquirers);
  }

  void call(v1::ListExceptionsRequest r, const call_context& c,
            respond<v1::ListExceptionsReply> to) override {
    query_machine<v1::ListExceptionsReply>(question_of(std::move(r)), c, std::move(to),
                                           &v1::Outcome::mutable_exceptions);
  }

  void call(v1::GetPaymentRequest r, const call_context& c, respond<v1::Payment> to) override {
    query_machine<v1::Payment>(question_of(std::move(r)), c, std::move(to),
                               &v1::Outcome::mutable_payment);
  }

  void call(v1::ListPaymentsRequest r, const call_context& c,
            respond<v1::ListPaymentsReply> to) override {
    query_machine<v1::ListPaymentsReply>(question_of(std::move(r)), c, std::move(to),
                                         &v1::Outcome::mutable_payments);
  }

  void call(v1::GetTimelineRequest r, const call_context& c,
            respond<v1::TimelineReply> to) override {
    v1::GetPaymentRequest asked;
    asked.set_id(r.id());
    call(std::move(asked), c, [to = std::move(to)](reply<v1::Payment> found) {
      to(std::move(found).map([](v1::Payment payment) {
        v1::TimelineReply timeline;
        *timeline.mutable_data() = std::move(*payment.mutable_timeline());
        return timeline;
      }));
    });
  }

  void call(v1::ListEventsRequest r, const call_context& c,
            respond<v1::ListEventsReply> to) override {
    query_machine<v1::ListEventsReply>(question_of(std::move(r)), c, std::move(to),
                                       &v1::Outcome::mutable_events);
  }

  void call(v1::GetEventRequest r, const call_context& c, respond<v1::Event> to) override {
    query_machine<v1::Event>(question_of(std::move(r)), c, std::move(to),
                             &v1::Outcome::mutable_event);
  }

  void call(v1::CreateWebhookRequest r, const call_context& c, respond<v1::Webhook> to) override {
    if (r.id().empty())
      r.set_id(fresh_webhook_id());
    const std::string secret = fresh_secret();
    commit_webhook<v1::Webhook>(
        command_of(r, secret), c, answer_once{std::move(to)},
        [secret](v1::Outcome done) { return with_secret(std::move(done), secret); });
  }

  void call(v1::ListWebhooksRequest, const call_context& c,
            respond<v1::ListWebhooksReply> to) override {
    query_machine<v1::ListWebhooksReply>(question_of_webhooks(), c, std::move(to),
                                         &v1::Outcome::mutable_webhooks);
  }

  void call(v1::GetWebhookRequest r, const call_context& c, respond<v1::Webhook> to) override {
    find_webhook<v1::Webhook>(r.id(), c, answer_once{std::move(to)},
                              [](const v1::Webhook& found, const auto& answer) { answer(found); });
  }

  void call(v1::ChangeWebhookRequest r, const call_context& c, respond<v1::Webhook> to) override {
    find_webhook<v1::Webhook>(
        r.id(), c, answer_once{std::move(to)},
        [this, r, c](const v1::Webhook& found, const answer_once<v1::Webhook>& answer) {
          const bool rotates = r.change() == v1::ChangeWebhookRequest::ROTATE;
          const std::string secret = rotates ? fresh_secret() : "";
          const auto command = command_of(r, found, secret);
          if (!command)
            return answer(tl::unexpected(command.error()));
          commit_webhook<v1::Webhook>(*command, c, answer, [secret, found](v1::Outcome done) {
            const bool is_there = done.webhooks().data_size() != 0;
            return is_there ? with_secret(std::move(done), secret) : found;
          });
        });
  }

  void call(v1::ListDeliveriesRequest r, const call_context& c,
            respond<v1::ListDeliveriesReply> to) override {
    v1::Question question;
    *question.mutable_deliveries() = std::move(r);
    query_machine<v1::ListDeliveriesReply>(std::move(question), c, std::move(to),
                                           &v1::Outcome::mutable_deliveries);
  }

  void call(v1::ReplayWebhookRequest r, const call_context& c,
            respond<v1::ReplayWebhookReply> to) override {
    const answer_once answer{std::move(to)};
    const auto command = command_of(r);
    if (!command)
      return answer(tl::unexpected(command.error()));
    const auto replay = [this, r, c, answer, command = *command](const v1::Webhook& found) {
      v1::ReplayWebhookReply done;
      done.set_events(r.dead() ? found.dead() : r.event_id().empty() ? 0 : 1);
      commit_webhook<v1::ReplayWebhookReply>(command, c, answer,
                                             [done](const v1::Outcome&) { return done; });
    };
    find_webhook<v1::ReplayWebhookReply>(
        r.id(), c, answer, [this, r, c, answer, replay](const v1::Webhook& found, const auto&) {
          if (r.event_id().empty())
            return replay(found);
          v1::GetEventRequest event;
          event.set_id(r.event_id());
          call(event, c, [answer, replay, found](const reply<v1::Event>& there) {
            there ? replay(found) : answer(tl::unexpected(there.error()));
          });
        });
  }

  void call(v1::SettlementCommand r, const call_context& c,
            respond<v1::SettlementReply> to) override {
    v1::Command command;
    *command.mutable_settlement() = std::move(r);
    commit_to_machine(std::move(command), c, answer_once{std::move(to)}, settlement_reply);
  }

  void call(v1::SettlementQuestion r, const call_context& c,
            respond<v1::SettlementAnswer> to) override {
    v1::Question question;
    *question.mutable_settlement() = std::move(r);
    query_machine<v1::SettlementAnswer>(std::move(question), c, std::move(to),
                                        &v1::Outcome::mutable_settlement);
  }

  void call(v1::SettlementExceptionCommand r, const call_context& c,
            respond<v1::SettlementReply> to) override {
    v1::Command command;
    *command.mutable_settlement_exception() = std::move(r);
    commit_to_machine(std::move(command), c, answer_once{std::move(to)}, settlement_reply);
  }

  void call(v1::ListSettlementExceptionsRequest r, const call_context& c,
            respond<v1::ListSettlementExceptionsReply> to) override {
    v1::Question question;
    *question.mutable_settlement_exceptions() = std::move(r);
    query_machine<v1::ListSettlementExceptionsReply>(std::move(question), c, std::move(to),
                                                     &v1::Outcome::mutable_settlement_exceptions);
  }

  void call(v1::CreateAccountRequest r, const call_context& c,
            respond<v1::AccountReply> to) override {
    commit_to_machine(command_of(r), c, answer_once{std::move(to)}, account_reply);
  }

  void call(v1::GetAccountRequest r, const call_context& c, respond<v1::Account> to) override {
    query_machine<v1::Account>(question_of(std::move(r)), c, std::move(to),
                               &v1::Outcome::mutable_account);
  }

  void call(v1::ListAccountsRequest r, const call_context& c,
            respond<v1::ListAccountsReply> to) override {
    query_machine<v1::ListAccountsReply>(question_of(std::move(r)), c, std::move(to),
                                         &v1::Outcome::mutable_accounts);
  }

  void call(v1::StatusRequest r, const call_context& c, respond<v1::StatusReply> to) override {
    const answer_once answer{std::move(to)};
    const bool faults = options_.faults_allowed;
    actors_.post(answer, [a = actors_, r, c, answer, faults](auto* self) {
      ask_machine(self, a, question_of(r), c.deadline, answer, [=](auto* s, v1::Outcome outcome) {
        ask<log_position>(s, a.ledger(), c.deadline, locate{}, answer,
                          [=](auto*, const log_position& newest) {
                            answer(status_of(a.local_node(), outcome.summary(), newest, faults));
                          });
      });
    });
  }

  void call(v1::TreeRequest, const call_context&, respond<v1::TreeReply> to) override {
    to(tree_of(actors_.local_node()));
  }

  void call(v1::FiguresRequest, const call_context&, respond<v1::FiguresReply> to) override {
    v1::FiguresReply figures = figures_of(actors_.local_node(), options_.traces.get());
    add_places("at_a_time", payments_.figures(), figures);
    add_places("cards_at_a_time", card_payments_->figures(), figures);
    to(std::move(figures));
  }

  void call(v1::CrashRequest r, const call_context& c, respond<v1::CrashReply> to) override {
    audited<v1::CrashReply>(r, c, std::move(to), [this, r, c](const auto& answer) {
      if (!r.link().empty())
        return answer(cut_link(r, options_.member, options_.faults_allowed).map_error(error_of));
      auto order = crash_order_of(r, actors_.local_node(), options_.faults_allowed);
      if (!order)
        return answer(tl::unexpected(error_of(order.error())));
      crash(actors_.local_node().system(), *order, c.deadline, answer);
    });
  }

  void call(v1::ListFaultsRequest, const call_context&, respond<v1::ListFaultsReply> to) override {
    to(list_faults());
  }

  void call(v1::ArmFaultRequest r, const call_context& c, respond<v1::ArmFaultReply> to) override {
    audited<v1::ArmFaultReply>(r, c, std::move(to), [this, r](const auto& answer) {
      answer(arm(r, options_.faults_allowed).map_error([](const error& e) { return error_of(e); }));
    });
  }

  void call(v1::DisarmFaultRequest r, const call_context& c,
            respond<v1::DisarmFaultReply> to) override {
    audited<v1::DisarmFaultReply>(r, c, std::move(to), [this, r](const auto& answer) {
      answer(
          disarm(r, options_.faults_allowed).map_error([](const error& e) { return error_of(e); }));
    });
  }

  void call(v1::ListDeadLettersRequest, const call_context&,
            respond<v1::ListDeadLettersReply> to) override {
    to(list_dead_letters(actors_.local_node()));
  }

  void call(v1::GetDeadLetterRequest r, const call_context&, respond<v1::DeadLetter> to) override {
    to(find_dead_letter(actors_.local_node(), r.id()).map_error([](const error& e) {
      return error_of(e);
    }));
  }

  void call(v1::RetryDeadLetterRequest r, const call_context& c,
            respond<v1::RetryDeadLetterReply> to) override {
    audited<v1::RetryDeadLetterReply>(r, c, std::move(to), [this, r, c](const auto& answer) {
      retry_dead_letter(actors_.local_node(), r.id(), c.deadline, answer);
    });
  }

  void call(v1::DiscardDeadLetterRequest r, const call_context& c,
            respond<v1::DiscardDeadLetterReply> to) override {
    audited<v1::DiscardDeadLetterReply>(r, c, std::move(to), [this, r](const auto& answer) {
      answer(discard_dead_letter(actors_.local_node(), r.id()).map_error([](const error& e) {
        return error_of(e);
      }));
    });
  }

  void call(v1::ListNodesRequest, const call_context&, respond<v1::ListNodesReply> to) override {
    to(list_nodes(actors_.local_node(), options_.member));
  }

  void call(v1::ListGroupsRequest, const call_context&, respond<v1::ListGroupsReply> to) override {
    to(list_groups(options_.member));
  }

  void call(v1::ListLinksRequest, const call_context& c, respond<v1::ListLinksReply> to) override {
    const answer_once answer{std::move(to)};
    actors_.post(answer, [a = actors_, all = options_.acquirers, c, answer](auto* self) {
      list_links(self, a.local_node(), all, c.deadline, answer);
    });
  }

  void call(v1::ChangeLinkRequest r, const call_context& c,
            respond<v1::ChangeLinkReply> to) override {
    audited<v1::ChangeLinkReply>(r, c, std::move(to), [this, r, c](const auto& answer) {
      actors_.post(answer, [a = actors_, all = options_.acquirers, r, c, answer](auto* self) {
        change_link(self, a.local_node(), all, r, c.deadline, answer);
      });
    });
  }

  void call(v1::ChangeNodeRequest r, const call_context& c,
            respond<v1::ChangeNodeReply> to) override {
    audited<v1::ChangeNodeReply>(r, c, std::move(to), [this, r, c](const auto& answer) {
      change_node(options_.member, r, c.deadline, answer);
    });
  }

  void call(v1::AvailabilityRequest r, const call_context&,
            respond<v1::AvailabilityReply> to) override {
    to(availability_of(actors_.local_node().id(), options_, r).map_error([](const error& e) {
      return error_of(e);
    }));
  }

  void call(v1::ListAlertsRequest, const call_context&, respond<v1::ListAlertsReply> to) override {
    to(list_alerts(options_.alerts, wall_clock()));
  }

  void call(v1::AcknowledgeAlertRequest r, const call_context& c, respond<v1::Alert> to) override {
    if (c.by)
      r.set_by(c.by->name);
    audited<v1::Alert>(r, c, std::move(to), [this, r](const auto& answer) {
      answer(acknowledge_alert(options_.alerts, r));
    });
  }

  void call(v1::SilenceAlertsRequest r, const call_context& c, respond<v1::Silence> to) override {
    if (c.by)
      r.set_by(c.by->name);
    audited<v1::Silence>(r, c, std::move(to), [this, r](const auto& answer) {
      answer(silence_alerts(options_.alerts, r, wall_clock()));
    });
  }

  void call(v1::LiftSilenceRequest r, const call_context& c,
            respond<v1::LiftSilenceReply> to) override {
    audited<v1::LiftSilenceReply>(r, c, std::move(to), [this, r](const auto& answer) {
      answer(lift_silence(options_.alerts, r));
    });
  }

  void call(v1::ListAuditRequest r, const call_context& c,
            respond<v1::ListAuditReply> to) override {
    v1::Question question;
    *question.mutable_audit() = std::move(r);
    query_machine<v1::ListAuditReply>(std::move(question), c, std::move(to),
                                      &v1::Outcome::mutable_audit);
  }

  void call(v1::ListChangesRequest r, const call_context& c,
            respond<v1::ListChangesReply> to) override {
    v1::Question question;
    *question.mutable_changes() = std::move(r);
    query_machine<v1::ListChangesReply>(std::move(question), c, std::move(to),
                                        &v1::Outcome::mutable_changes);
  }

  void call(v1::DecideChangeRequest r, const call_context& c, respond<v1::Change> to) override {
    const answer_once answer{std::move(to)};
    const auto command = command_of(r);
    if (!command)
      return answer(tl::unexpected(refused(payment::refusal::change_not_found, "id")));
    commit_to_machine(*command, c, answer, [](const v1::Outcome& outcome, const receipt&) {
      return v1::Change{outcome.changes().data(0)};
    });
  }

  reply<void> has_room(const call_context& c) override {
    if (payments_.has_room_for(who_in(c), std::chrono::steady_clock::now()))
      return {};
    return tl::unexpected(no_room());
  }

  std::uint64_t newest_event() const override {
    return options_.events == nullptr ? 0 : options_.events->newest();
  }

  bool is_ready() const override {
    return actors_.ledger().incarnation() != 0 && actors_.payments().incarnation() != 0 &&
           actors_.gateway().incarnation() != 0 && commits_.is_open();
  }

private:
  /// Where the newest entry is, the ledger tells in its turn, behind the commits before; one of
  /// several nodes asks the one that writes the log, which has etcd confirm that it still does.
  static void ask_way_of_commits(const actors& a, time_point d,
                                 const answer_once<log_position>& answer) {
    a.post(answer, [a, d, answer](auto* self) {
      ask<log_position>(self, a.ledger(), d, locate{}, answer,
                        [answer](auto*, const log_position& newest) { answer(newest); });
    });
  }

  /// To whoever asks for a place, places are workers that may be asked.
  static void add_places(const char* name, const admission_figures& of, v1::FiguresReply& to) {
    v1::PoolFigures& shown = *to.add_pools();
    shown.set_pool(name);
    shown.set_in_flight(of.taken);
    shown.set_workers_able(static_cast<std::uint32_t>(of.places - of.taken));
    shown.set_overloaded(of.refused);
  }

  /// Returns the place of a payment; null if there is none for whoever asks for it.
  static std::shared_ptr<void> enter(admission& door, const call_context& c) {
    return door.enter(who_in(c), std::chrono::steady_clock::now());
  }

  static access::principal who_in(const call_context& c) {
    return c.by.value_or(access::principal{});
  }

  template <class T>
  using carried_out = std::function<void(const answer_once<T>&)>;

  /// Carries out what somebody asks for once the log says that they have, and writes down what came
  /// of it. What cannot be written down is not done. Of whom nobody knows nothing is written.
  template <class T, class Request>
  void audited(const Request& request, const call_context& c, respond<T> to,
               carried_out<T> carry_out) {
    const answer_once answer{std::move(to)};
    if (!c.by)
      return carry_out(answer);
    const v1::Command intent = intent_of(*c.by, actors_.local_node().id(), action_of(request));
    const answer_once<v1::Outcome> written{[a = actors_, intent, answer,
                                            carry_out](reply<v1::Outcome> done) {
      if (!done)
        return answer(tl::unexpected(make_error(v1::Error::UNAVAILABLE, "audit_not_written",
                                                "nothing was done: it cannot be written down "
                                                "now that it was asked for")));
      carry_out(
          answer_once<T>{[a, intent, answer, number = done->audit().newest()](reply<T> outcome) {
            write_down(a, ended(intent, number, outcome ? "done" : outcome.error().code()));
            answer(std::move(outcome));
          }});
    }};
    actors_.post(written, [a = actors_, text = intent.SerializeAsString(), d = c.deadline,
                           written](auto* self) {
      ask<committed>(self, a.ledger(), d, commit{text, {}}, written,
                     [written](auto*, const committed& done) {
                       if (auto outcome = outcome_of(done.reply, written))
                         written(std::move(*outcome));
                     });
    });
  }

  /// Without waiting for it: what was asked for is written down already.
  static void write_down(const actors& a, const v1::Command& what) {
    const answer_once<v1::Outcome> nobody{[](const reply<v1::Outcome>&) {}};
    a.post(nobody, [a, text = what.SerializeAsString(), nobody](auto* self) {
      constexpr std::chrono::seconds patience{10};
      ask<committed>(self, a.ledger(), std::chrono::steady_clock::now() + patience,
                     commit{text, {}}, nobody, [](auto*, const committed&) {});
    });
  }

  /// Runs on the gateway.
  template <class T>
  static void ask_machine(caf::event_based_actor* self, const actors& a, const v1::Question& q,
                          time_point d, const answer_once<T>& answer, then<v1::Outcome> next) {
    ask<ducat::answer>(self, a.ledger(), d, query{q.SerializeAsString()}, answer,
                       [=, next = std::move(next)](auto* s, const ducat::answer& found) {
                         if (auto outcome = outcome_of(found.text, answer))
                           next(s, std::move(*outcome));
                       });
  }

  /// Commits it, and answers with what `reply_of` makes of the outcome and its receipt.
  template <class T, class ReplyOf>
  void commit_to_machine(v1::Command command, const call_context& c, const answer_once<T>& answer,
                         ReplyOf reply_of) {
    attribute(command, c.by, actors_.local_node().id());
    actors_.post(answer, [a = actors_, command = std::move(command), d = c.deadline, answer,
                          reply_of](auto* self) {
      ask<committed>(self, a.ledger(), d, commit{command.SerializeAsString()}, answer,
                     [=](auto* s, const committed& done) {
                       if (const auto outcome = outcome_of(done.reply, answer))
                         with_receipt(s, a, d, done.receipt, *outcome, answer,
                                      [=](const auto& at) { answer(reply_of(*outcome, at)); });
                     });
    });
  }

  template <class T>
  void query_machine(v1::Question question, const call_context& c, respond<T> to,
                     T* (v1::Outcome::*part)()) {
    const answer_once answer{std::move(to)};
    attribute(question, c.by);
    actors_.post(
        answer, [a = actors_, q = std::move(question), d = c.deadline, answer, part](auto* self) {
          ask_machine(self, a, q, d, answer,
                      [=](auto*, v1::Outcome outcome) { answer(std::move(*(outcome.*part)())); });
        });
  }

  static v1::Question question_of_webhooks() {
    v1::Question question;
    question.mutable_webhooks();
    return question;
  }

  static v1::Webhook with_secret(v1::Outcome done, const std::string& secret) {
    v1::Webhook webhook = std::move(*done.mutable_webhooks()->mutable_data(0));
    webhook.set_secret(secret);
    return webhook;
  }

  /// Goes on with the webhook; that there is none is the answer.
  template <class T>
  void find_webhook(const std::string& id, const call_context& c, const answer_once<T>& answer,
                    std::function<void(const v1::Webhook&, const answer_once<T>&)> next) {
    call(v1::ListWebhooksRequest{}, c,
         [id, answer, next = std::move(next)](const reply<v1::ListWebhooksReply>& all) {
           if (!all)
             return answer(tl::unexpected(all.error()));
           const auto found = std::ranges::find(all->data(), id, &v1::Webhook::id);
           if (found == all->data().end())
             return answer(tl::unexpected(refused(payment::refusal::webhook_not_found, "id")));
           next(*found, answer);
         });
  }

  /// Commits and answers with what `make` makes of the outcome.
  template <class T>
  void commit_webhook(v1::Command command, const call_context& c, const answer_once<T>& answer,
                      std::function<T(v1::Outcome)> make) {
    attribute(command, c.by, actors_.local_node().id());
    actors_.post(answer, [a = actors_, text = command.SerializeAsString(), d = c.deadline, answer,
                          make = std::move(make)](auto* self) {
      ask<committed>(self, a.ledger(), d, commit{text, {}}, answer,
                     [=](auto*, const committed& done) {
                       if (auto outcome = outcome_of(done.reply, answer))
                         answer(make(std::move(*outcome)));
                     });
    });
  }

  /// In the journal a capture without a key belongs to the creation: a caller needs one.
  template <class Request>
  void pay_with_key(const Request& request, const call_context& c, respond<v1::PaymentReply> to) {
    v1::Command command = command_of(request);
    attribute(command, c.by, actors_.local_node().id());
    const auto trace = trace_call(options_.traces, command, c.from, to);
    const answer_once answer{std::move(to)};
    if (request.idempotency_key().empty())
      return answer(
          tl::unexpected(refused(payment::refusal::idempotency_key_missing, "idempotency_key")));
    pay_with({.first = std::move(command), .deadline = c.deadline, .trace = trace}, answer);
  }

  void pay_with(payment::pay what, const answer_once<v1::PaymentReply>& answer) {
    actors_.post(answer, [a = actors_, what = std::move(what), answer](auto* self) {
      const time_point d = what.deadline;
      ask<payment::paid>(
          self, a.payments(), d, make_routed(d, what), answer,
          [=](auto* s, const payment::paid& done) { finish_payment(s, a, d, done, answer); });
    });
  }

  static void finish_payment(caf::event_based_actor* self, const actors& a, time_point d,
                             const payment::paid& done,
                             const answer_once<v1::PaymentReply>& answer) {
    if (done.outcome.has_error())
      return answer(tl::unexpected(done.outcome.error()));
    with_receipt(self, a, d, done.receipt, done.outcome, answer,
                 [answer, outcome = done.outcome](const receipt& at) {
                   answer(payment_reply(outcome, at));
                 });
  }

  actors actors_;
  node_service_options options_;
  admission payments_{options_.payments_max};
  std::shared_ptr<admission> card_payments_ = options_.card_payments
                                                  ? options_.card_payments
                                                  : std::make_shared<admission>(card_payments_max);
  commit_watch commits_;
};

} // namespace

std::unique_ptr<service> make_node_service(node& node, const node_service_options& options) {
  return std::make_unique<node_service>(node, options);
}

} // namespace ducat::api
