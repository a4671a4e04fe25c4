#include "settlement/driver.hpp"

#include "settlement/fault_points.hpp"
#include "settlement/ids.hpp"

#include <ducat/wall_clock.hpp>

#include <spdlog/spdlog.h>

#include <utility>

namespace ducat::settlement {

namespace {

constexpr duration ledger_timeout = std::chrono::seconds{5};
constexpr std::uint32_t newest_looked_at = 20;

struct points {
  fault_point& before;
  fault_point& after;
};

points points_of(const v1::SettlementCommand& command) {
  if (command.has_cut())
    return {before_cut, after_cut};
  if (command.has_start())
    return {before_start, after_start};
  if (command.has_batch())
    return {before_batch, after_batch};
  if (command.has_file())
    return {before_record, after_record};
  return {before_advance, after_advance};
}

} // namespace

// With the machine
// ---------------------------------------------------------------------------------

/// A failure ends the pass: the next one asks again.
void driver::ask(v1::SettlementQuestion question, answered next) {
  v1::Question whole;
  *whole.mutable_settlement() = std::move(question);
  self_->request(ledger_.current(), ledger_timeout, query{whole.SerializeAsString()})
      .then(
          [me = shared_from_this(), next = std::move(next)](const answer& told) {
            v1::Outcome outcome;
            if (outcome.ParseFromString(told.text) && !outcome.has_error())
              return next(outcome.settlement());
            spdlog::warn("settlement_question_refused code={}", outcome.error().code());
            me->end_pass();
          },
          [me = shared_from_this()](const caf::error&) { me->end_pass(); });
}

/// `next` gets what the machine says; a refusal ends the pass, and so does what is not known.
void driver::commit_step(const v1::SettlementCommand& command, answered next) {
  v1::Command whole;
  *whole.mutable_settlement() = command;
  const points at = points_of(command);
  at.before.hit();
  self_
      ->request(ledger_.current(), ledger_timeout,
                commit{.command = whole.SerializeAsString(), .token = token_})
      .then(
          [me = shared_from_this(), next = std::move(next), after = &at.after,
           file = command.file().of()](const committed& done) {
            after->hit();
            v1::Outcome outcome;
            if (outcome.ParseFromString(done.reply) && !outcome.has_error()) {
              me->did_something_ = true;
              return next(outcome.settlement());
            }
            if (!file.empty())
              return me->put_off(file, outcome.error().code());
            spdlog::warn("settlement_step_refused code={}", outcome.error().code());
            me->end_pass();
          },
          [me = shared_from_this(), shown = token_](const caf::error& why) {
            me->commit_failed(why, shown);
          });
}

/// Whoever is granted the group now goes on.
void driver::commit_failed(const caf::error& why, const std::optional<fencing_token>& shown) {
  if (shown && shown == token_ && error_of(why).code == errc::epoch_lost) {
    spdlog::info("settlement_grant_over group={} epoch={}", shown->group, shown->epoch);
    rests_ = true;
    return;
  }
  end_pass();
}

bool driver::hold(const fencing_token& token) {
  token_ = token;
  return std::exchange(rests_, false);
}

// A pass
// -------------------------------------------------------------------------------------------

void driver::look_around() {
  if (rests_)
    return;
  did_something_ = false;
  began_ = self_->clock().now();
  if (options_.settles_here && !options_.settles_here())
    return end_pass();
  v1::SettlementQuestion question;
  question.mutable_ledgers();
  ask(std::move(question), [this](const v1::SettlementAnswer& told) {
    ledgers_ = told.ledgers();
    at_ = -1;
    next_currency();
  });
}

void driver::end_pass() {
  again_(did_something_ ? duration::zero() : options_.look_every);
}

void driver::next_currency() {
  if (++at_ >= ledgers_.data_size())
    return end_pass();
  view_ = {};
  view_.ledger = ledgers_.data(at_);
  view_.ledger.terms().automatic() ? ask_windows() : ask_settlements();
}

/// The open one and the newest ones. After a long time with nobody to settle those that come first
/// are asked for by their numbers.
void driver::ask_windows() {
  v1::SettlementQuestion question;
  auto& asked = *question.mutable_windows();
  asked.set_currency(view_.ledger.terms().currency());
  asked.set_limit(windows_looked_at);
  ask(std::move(question), [this](const v1::SettlementAnswer& newest) {
    view_.windows = newest.windows();
    const std::uint64_t first = view_.ledger.unsettled_from();
    if (first + windows_looked_at > view_.ledger.open_window())
      return ask_settlements();
    v1::SettlementQuestion oldest;
    oldest.mutable_windows()->set_currency(view_.ledger.terms().currency());
    oldest.mutable_windows()->set_limit(windows_looked_at);
    oldest.mutable_windows()->set_before(first + windows_looked_at);
    ask(std::move(oldest), [this](const v1::SettlementAnswer& told) {
      view_.windows.mutable_data()->MergeFrom(told.windows().data());
      ask_settlements();
    });
  });
}

void driver::ask_settlements() {
  v1::SettlementQuestion question;
  question.mutable_settlements()->set_currency(view_.ledger.terms().currency());
  question.mutable_settlements()->set_limit(newest_looked_at);
  ask(std::move(question), [this](const v1::SettlementAnswer& told) {
    view_.settlements = told.settlements();
    pass_finished_settlements();
  });
}

/// A file may be missing of an old one, too: whoever was to write it may have been away for long.
void driver::pass_finished_settlements() {
  const std::string& currency = view_.ledger.terms().currency();
  const std::uint64_t at = finished_to_[currency].settlement;
  if (at >= view_.ledger.next_settlement())
    return ask_batches();
  v1::SettlementQuestion question;
  question.mutable_settlements()->set_currency(currency);
  question.mutable_settlements()->set_id(settlement_id(currency, at));
  ask(std::move(question), [this, currency](const v1::SettlementAnswer& told) {
    for (const v1::Settlement& each : told.settlements().data()) {
      if (is_finished(each, files_recorded_)) {
        ++finished_to_[currency].settlement;
        return pass_finished_settlements();
      }
      *view_.settlements.add_data() = each;
    }
    ask_batches();
  });
}

void driver::ask_batches() {
  v1::SettlementQuestion question;
  question.mutable_batches()->set_currency(view_.ledger.terms().currency());
  question.mutable_batches()->set_limit(newest_looked_at);
  ask(std::move(question), [this](const v1::SettlementAnswer& told) {
    view_.batches = told.batches();
    pass_finished_batches();
  });
}

void driver::pass_finished_batches() {
  const std::string& currency = view_.ledger.terms().currency();
  const std::uint64_t at = finished_to_[currency].batch;
  if (at >= view_.ledger.next_batch())
    return take_step();
  v1::SettlementQuestion question;
  question.mutable_batches()->set_currency(currency);
  question.mutable_batches()->set_id(batch_id(currency, at));
  ask(std::move(question), [this, currency](const v1::SettlementAnswer& told) {
    for (const v1::PayoutBatch& each : told.batches().data()) {
      if (is_finished(each, files_recorded_)) {
        ++finished_to_[currency].batch;
        return pass_finished_batches();
      }
      *view_.batches.add_data() = each;
    }
    take_step();
  });
}

void driver::take_step() {
  const log_time now = options_.now ? options_.now() : wall_clock();
  const auto next = next_step(view_, now, options_.cut, files_wait_);
  if (!next)
    return next_currency();
  if (const auto* command = std::get_if<v1::SettlementCommand>(&*next))
    return commit_step(*command, [this](const v1::SettlementAnswer&) { next_currency(); });
  const auto of = std::make_shared<gathering>();
  if (const auto* settled = std::get_if<write_settlement>(&*next)) {
    of->settled.settlement = settled->of;
    of->window = settled->of.first_window();
    return gather_rows(of, "");
  }
  of->is_batch = true;
  of->batch.batch = std::get<write_batch>(*next).of;
  gather_payouts(of, "");
}

} // namespace ducat::settlement
