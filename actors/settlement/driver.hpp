/// The life of a settlement actor: one pass over the currencies at a time, one step of each.
#pragma once

#include <ducat/durable.hpp>
#include <ducat/grant.hpp>
#include <ducat/settlement/settlement_actor.hpp>
#include <ducat/v1/machine.pb.h>

#include <caf/event_based_actor.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::settlement {

/// Only the actor's thread uses it.
class driver : public std::enable_shared_from_this<driver> {
public:
  using next_look = std::function<void(duration pause)>;

  driver(caf::event_based_actor* self, handle ledger, actor_options options, next_look again)
      : self_{self}, ledger_{std::move(ledger)}, options_{std::move(options)},
        again_{std::move(again)}, rests_{options_.waits_for_grant} {}

  /// Begins a pass, at the end of which it looks again: at once if a step was done. While it rests
  /// it does nothing.
  void look_around();

  /// Commits carry the token from now on. Returns whether it rested: then it is to look around.
  bool hold(const fencing_token& token);

private:
  using answered = std::function<void(const v1::SettlementAnswer&)>;

  /// What a file needs, while it is gathered.
  struct gathering {
    settled_facts settled;
    batch_facts batch;
    std::uint64_t window = 0;
    std::size_t merchant = 0;
    bool is_batch = false;

    const std::string& id() const { return is_batch ? batch.batch.id() : settled.settlement.id(); }
  };

  using gathering_ptr = std::shared_ptr<gathering>;

  // driver.cpp
  void ask(v1::SettlementQuestion question, answered next);
  void commit_step(const v1::SettlementCommand& command, answered next);
  void commit_failed(const caf::error& why, const std::optional<fencing_token>& shown);
  void end_pass();
  void next_currency();
  void ask_windows();
  void ask_settlements();
  void pass_finished_settlements();
  void ask_batches();
  void pass_finished_batches();
  void take_step();

  // file_steps.cpp
  void gather_rows(const gathering_ptr& of, const std::string& after);
  void gather_payouts(const gathering_ptr& of, const std::string& after);
  void gather_merchants(const gathering_ptr& of);
  result<void> put(const made_file& file) const;
  void write_files(const gathering_ptr& of);
  void record(const gathering_ptr& of, const std::shared_ptr<const std::vector<made_file>>& files,
              std::size_t at);
  void put_off(const std::string& id, const std::string& why);
  bool are_files_recorded(const std::string& id, const recorded_files& recorded) const;
  bool is_put_off(const std::string& id) const;

  caf::event_based_actor* self_;
  handle ledger_;
  actor_options options_;
  next_look again_;
  std::optional<fencing_token> token_;
  bool rests_; ///< Nothing was granted to it, or somebody else was granted it since.
  v1::ListLedgersReply ledgers_;
  int at_ = 0; ///< The ledger that the pass is at.
  currency_view view_;
  bool did_something_ = false;
  time_point began_{}; ///< The pass.

  /// Of a currency: every settlement and batch with a smaller number is finished.
  struct progress {
    std::uint64_t settlement = 1;
    std::uint64_t batch = 1;
  };

  std::map<std::string, progress> finished_to_;
  const is_done files_recorded_ = [this](const std::string& id, const recorded_files& recorded) {
    return are_files_recorded(id, recorded);
  };
  const is_done files_wait_ = [this](const std::string& id, const recorded_files& recorded) {
    return are_files_recorded(id, recorded) || is_put_off(id);
  };
  /// Settlements and batches whose files could not be written, and until when that is left so.
  std::map<std::string, time_point> put_off_;
};

} // namespace ducat::settlement
