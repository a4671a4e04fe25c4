/// A second copy of the machine that keeps its state in files, gets the same log, and begins new
/// lives with what it has kept.
#pragma once

#include "settlement/counting_store.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/digest.hpp>
#include <ducat/ledger/store_directory.hpp>
#include <ducat/payment/machine.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace ducat::settlement::test {

class log_follower {
public:
  explicit log_follower(ledger::keeping_limits limits) : limits_{limits} {}

  /// Applies the entries that it lacks.
  void follow(const std::vector<std::string>& log) {
    if (machine_ == nullptr)
      begin_life();
    for (; applied_ < log.size(); ++applied_) {
      const std::uint64_t index = applied_ + 1;
      machine_->apply({index, {index * 1'000}}, log[applied_]);
      machine_->committed({index, sha256({std::to_string(index)})}, {});
    }
  }

  /// Returns how often this life has read rows of the store.
  std::uint64_t rows_read() const { return store_->reads(); }

  /// Waits until what was given to the store is durable, and lets go of it.
  void rest() {
    store_->wait_until_written();
    const std::uint64_t index = applied_;
    machine_->committed({index, sha256({std::to_string(index)})}, {});
  }

  /// Ends this life; what was not kept is forgotten.
  void crash() {
    machine_.reset();
    store_.reset();
    directory_.reset();
  }

  digest state_digest() const { return machine_->state_digest(); }

  std::string query(const std::string& question) const { return machine_->query(question); }

  std::uint64_t begun_with() const { return begun_with_; }

private:
  void begin_life() {
    directory_ = ledger::store_directory::open(place_.path() / "state").value();
    store_ = std::make_shared<counting_store>(directory_->begin_life());
    machine_ = std::make_unique<payment::machine>(store_, limits_);
    applied_ = begun_with_ = machine_->durable_to().index;
  }

  const ledger::keeping_limits limits_;
  testing::temporary_directory place_;
  std::shared_ptr<ledger::store_directory> directory_;
  std::shared_ptr<counting_store> store_;
  std::unique_ptr<payment::machine> machine_;
  std::uint64_t applied_ = 0;
  std::uint64_t begun_with_ = 0;
};

} // namespace ducat::settlement::test
