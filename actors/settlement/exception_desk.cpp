/// The desk: has a child for each open exception, and none for those that are disposed of.

#include "settlement/exception_actor.hpp"

#include <ducat/durable.hpp>
#include <ducat/dynamic_children.hpp>
#include <ducat/v1/machine.pb.h>

#include <caf/event_based_actor.hpp>

#include <memory>
#include <set>
#include <utility>

namespace ducat::settlement {

namespace {

/// Sent by the desk to itself.
struct look_for_exceptions {};

} // namespace
} // namespace ducat::settlement

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::settlement::look_for_exceptions)

namespace ducat::settlement {
namespace {

constexpr duration exception_start_timeout = std::chrono::seconds{5};

/// Whatever fails here waits longer and longer, and uses up nobody's restarts: payments go on
/// without it.
constexpr backoff_spec exception_backoff{.initial = std::chrono::milliseconds{100},
                                         .max = std::chrono::seconds{10}};

struct exception_desk_places {
  handle ledger;
  exception_watch_options options;
  std::string open; ///< The path of the children's supervisor.
  std::function<handle(const std::string&)> find;
};

class exception_desk : public std::enable_shared_from_this<exception_desk> {
public:
  exception_desk(caf::event_based_actor* self, exception_desk_places places)
      : self_{self}, places_{std::move(places)} {}

  /// Its children outlive a desk, and may end without it: each look begins with which there are.
  void next() {
    self_->request(places_.find(places_.open).own(), exception_start_timeout, which_children{})
        .then(
            [weak = weak_from_this()](const child_list& there) {
              if (const auto alive = weak.lock())
                alive->look(there);
            },
            [weak = weak_from_this()](const caf::error&) {
              if (const auto alive = weak.lock())
                alive->look_later();
            });
  }

private:
  /// Asks for the open exceptions, page by page; another node watches them if this one does not.
  void look(const child_list& there) {
    known_.clear();
    seen_.clear();
    for (const child_status& each : there.children)
      known_.insert(each.path.substr(each.path.rfind('/') + 1));
    if (const auto& here = places_.options.watches_here; here && !here())
      return finish();
    ask_after("");
  }

  void ask_after(const std::string& id) {
    v1::Question question;
    question.mutable_settlement_exceptions()->set_only_open(true);
    question.mutable_settlement_exceptions()->set_starting_after(id);
    question.mutable_settlement_exceptions()->set_limit(1'000);
    self_
        ->request(places_.ledger.current(), exception_ledger_timeout,
                  query{question.SerializeAsString()})
        .then(
            [weak = weak_from_this()](const answer& told) {
              v1::Outcome outcome;
              const auto alive = weak.lock();
              if (alive && outcome.ParseFromString(told.text))
                alive->take(outcome.settlement_exceptions());
              else if (alive)
                alive->look_later();
            },
            [weak = weak_from_this()](const caf::error&) {
              if (const auto alive = weak.lock())
                alive->look_later();
            });
  }

  void take(const v1::ListSettlementExceptionsReply& page) {
    for (const v1::SettlementException& each : page.data()) {
      if (seen_.size() == places_.options.actors_max)
        break;
      seen_.insert(each.id());
      if (!known_.contains(each.id()))
        start_actor(each);
    }
    if (page.has_more() && seen_.size() < places_.options.actors_max)
      return ask_after(page.data(page.data_size() - 1).id());
    finish();
  }

  void finish() {
    for (const std::string& id : known_)
      if (!seen_.contains(id))
        end_actor(id);
    look_later();
  }

  void look_later() {
    self_->delayed_send(self_, places_.options.look_every, look_for_exceptions{});
  }

  void start_actor(const v1::SettlementException& of) {
    child_spec spec{.id = of.id(),
                    .start = exception_actor(places_.ledger, of, places_.options),
                    .restart = transient,
                    .backoff = exception_backoff};
    change(start_child(std::move(spec)));
  }

  void end_actor(const std::string& id) {
    change(terminate_child(id));
    change(delete_child(id));
  }

  /// Asks the supervisor for a change. Whatever comes of it, the next look sees.
  void change(change_request what) {
    self_->request(places_.find(places_.open).own(), exception_start_timeout, std::move(what))
        .then([](const change_reply&) {}, [](const caf::error&) {});
  }

  caf::event_based_actor* self_;
  exception_desk_places places_;
  std::set<std::string> known_; ///< They have a child, as the look that is under way began.
  std::set<std::string> seen_;  ///< Open, of the same look.
};

caf::behavior exception_desk_actor(caf::event_based_actor* self,
                                   const exception_desk_places& places) {
  auto state = std::make_shared<exception_desk>(self, places);
  self->attach_functor([state]() mutable { state.reset(); });
  state->next();
  return {[weak = std::weak_ptr{state}](look_for_exceptions) {
    if (const auto alive = weak.lock())
      alive->next();
  }};
}

} // namespace

child_spec exceptions_child(const std::string& id, const handle& ledger,
                            const exception_watch_options& options,
                            const std::function<handle(const std::string& path)>& find) {
  const supervisor_spec open{
      .flags = {.strategy = one_for_one, .restarts_max = 100, .window = std::chrono::seconds{10}},
      .children = {}};
  const exception_desk_places places{
      .ledger = ledger, .options = options, .open = id + "/open", .find = find};
  supervisor_spec spec{
      .flags = {.strategy = one_for_one, .restarts_max = 10, .window = std::chrono::seconds{10}},
      .children = {{.id = "open", .supervisor = std::make_shared<const supervisor_spec>(open)},
                   {.id = "desk",
                    .start = start(exception_desk_actor, places),
                    .backoff = exception_backoff}}};
  return {.id = id,
          .supervisor = std::make_shared<const supervisor_spec>(std::move(spec)),
          .backoff = exception_backoff};
}

} // namespace ducat::settlement
