/// Files: what they hold is gathered page by page, then they are put in their place, then recorded.

#include "settlement/driver.hpp"
#include "settlement/fault_points.hpp"

#include <ducat/digest.hpp>
#include <ducat/planted.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>

namespace ducat::settlement {

namespace {

constexpr std::uint32_t rows_at_once = 1'000;

} // namespace

void driver::gather_rows(const gathering_ptr& of, const std::string& after) {
  v1::SettlementQuestion question;
  auto& asked = *question.mutable_merchant_windows();
  asked.set_currency(of->settled.settlement.currency());
  asked.set_window(of->window);
  asked.set_starting_after(after);
  asked.set_limit(rows_at_once);
  ask(std::move(question), [this, of](const v1::SettlementAnswer& told) {
    const auto& page = told.merchant_windows();
    of->settled.rows.insert(of->settled.rows.end(), page.data().begin(), page.data().end());
    if (page.has_more() && !page.data().empty())
      return gather_rows(of, page.data().rbegin()->merchant());
    if (of->window == of->settled.settlement.last_window())
      return write_files(of);
    ++of->window;
    gather_rows(of, "");
  });
}

void driver::gather_payouts(const gathering_ptr& of, const std::string& after) {
  v1::SettlementQuestion question;
  auto& asked = *question.mutable_payouts();
  asked.set_batch(of->batch.batch.id());
  asked.set_starting_after(after);
  asked.set_limit(rows_at_once);
  ask(std::move(question), [this, of](const v1::SettlementAnswer& told) {
    const auto& page = told.payouts();
    of->batch.payouts.insert(of->batch.payouts.end(), page.data().begin(), page.data().end());
    if (page.has_more() && !page.data().empty())
      return gather_payouts(of, page.data().rbegin()->id());
    gather_merchants(of);
  });
}

/// One after the other: a batch is made once.
void driver::gather_merchants(const gathering_ptr& of) {
  if (of->merchant == of->batch.payouts.size())
    return write_files(of);
  v1::SettlementQuestion question;
  question.mutable_merchants()->set_id(of->batch.payouts[of->merchant].merchant());
  ask(std::move(question), [this, of](const v1::SettlementAnswer& told) {
    for (const v1::Merchant& each : told.merchants().data())
      of->batch.merchants[each.terms().id()] = each;
    ++of->merchant;
    gather_merchants(of);
  });
}

result<void> driver::put(const made_file& file) const {
  before_file.hit();
  auto done = options_.put ? options_.put(file) : put_file(options_.files, file);
  if (done)
    after_file.hit();
  return done;
}

/// All are in their place before the first one is recorded; with the order, which is the last, a
/// batch has all of its files.
void driver::write_files(const gathering_ptr& of) {
  auto made = of->is_batch ? options_.formats.of_batch(of->batch)
                           : options_.formats.of_settlement(of->settled);
  if (!made)
    return put_off(of->id(), made.error().message);
  std::ranges::stable_partition(*made, [](const made_file& each) { return !each.submits; });
  for (made_file& each : *made) {
    if (planted::is_on(planted::bug::file_differs_when_made_again))
      each.text += std::to_string(self_->clock().now().time_since_epoch().count()) + '\n';
    if (planted::is_on(planted::bug::file_recorded_before_put))
      break;
    if (const auto done = put(each); !done)
      return put_off(of->id(), done.error().message);
  }
  record(of, std::make_shared<const std::vector<made_file>>(std::move(*made)), 0);
}

void driver::record(const gathering_ptr& of,
                    const std::shared_ptr<const std::vector<made_file>>& files, std::size_t at) {
  if (at == files->size())
    return next_currency();
  const made_file& file = (*files)[at];
  v1::SettlementCommand command;
  v1::RecordFile& made = *command.mutable_file();
  made.set_of(of->id());
  made.set_name(file.name);
  made.set_sha256(std::string{bytes_of(sha256({file.text}))});
  made.set_size(file.text.size());
  made.set_submits(file.submits);
  commit_step(command, [this, of, files, at](const v1::SettlementAnswer&) {
    if (planted::is_on(planted::bug::file_recorded_before_put))
      std::ignore = put((*files)[at]);
    record(of, files, at + 1);
  });
}

bool driver::are_files_recorded(const std::string& id, const recorded_files& recorded) const {
  if (options_.files.empty())
    return true;
  return id.starts_with("set_") && has_all(recorded, options_.formats.settlement_names(id));
}

bool driver::is_put_off(const std::string& id) const {
  const auto found = put_off_.find(id);
  return found != put_off_.end() && began_ < found->second;
}

/// Somebody must look. The pass goes on without it.
void driver::put_off(const std::string& id, const std::string& why) {
  spdlog::error("settlement_file_failed of={} problem={}", id, why);
  put_off_[id] = self_->clock().now() + options_.write_again_after;
  take_step();
}

} // namespace ducat::settlement
