/// A store that counts how often its rows are read.
#pragma once

#include <ducat/ledger/history.hpp>

#include <memory>
#include <utility>

namespace ducat::settlement::test {

class counting_store final : public ledger::segment_store {
public:
  explicit counting_store(std::shared_ptr<ledger::segment_store> of) : of_{std::move(of)} {}

  /// Returns how often visit_rows() was called.
  std::uint64_t reads() const noexcept { return reads_; }

  std::optional<ledger::known_transfer> find(ledger::transfer_id id) const override {
    return of_->find(id);
  }

  bool visit_account(ledger::row account, log_time from, log_time to, bool newest_first,
                     const ledger::account_event_visitor& visit) const override {
    return of_->visit_account(account, from, to, newest_first, visit);
  }

  bool visit_transfers(const std::optional<ledger::user_data>& with, log_time from, log_time to,
                       bool newest_first, const ledger::transfer_visitor& visit) const override {
    return of_->visit_transfers(with, from, to, newest_first, visit);
  }

  ledger::metadata metadata_of(const ledger::subject& about) const override {
    return of_->metadata_of(about);
  }

  void visit_metadata(const std::function<void(const ledger::subject&, const ledger::metadata&)>&
                          visit) const override {
    of_->visit_metadata(visit);
  }

  void visit_burnt(const std::function<void(ledger::transfer_id)>& visit) const override {
    of_->visit_burnt(visit);
  }

  void restore(ledger::book& fresh) override { of_->restore(fresh); }

  receipt durable_to() const override { return of_->durable_to(); }

  void add(std::shared_ptr<const ledger::segment> sealed, const receipt& end,
           std::vector<ledger::kept_row> rows) override {
    of_->add(std::move(sealed), end, std::move(rows));
  }

  bool visit_rows(std::string_view from,
                  const std::function<bool(std::string_view key, std::string_view value)>& visit)
      const override {
    ++reads_;
    return of_->visit_rows(from, visit);
  }

  std::uint64_t show_written() override { return of_->show_written(); }

  void wait_until_written() override { of_->wait_until_written(); }

  result<void> verify() const override { return of_->verify(); }

private:
  std::shared_ptr<ledger::segment_store> of_;
  mutable std::uint64_t reads_ = 0;
};

} // namespace ducat::settlement::test
