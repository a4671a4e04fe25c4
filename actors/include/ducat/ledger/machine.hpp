/// The ledger machine: a book fed by the log.
#pragma once

#include <ducat/ledger/book.hpp>
#include <ducat/ledger/book_keeper.hpp>
#include <ducat/ledger/commands.hpp>
#include <ducat/machine.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace ducat::ledger {

class store_directory;

/// Commands and replies are those of commands.hpp. A question is one byte and ids of 16 bytes:
/// 'a' asks for accounts, 't' for transfers; the answer is the records found, in order.
///
/// A batch of which every id was used before, or is burnt, is answered without a trace in the log.
class machine final : public ducat::machine {
public:
  /// A machine in memory.
  machine() = default;

  /// A machine whose past goes into `store`, and which begins with what is there.
  explicit machine(std::shared_ptr<segment_store> store, keeping_limits limits = {});

  std::optional<std::string> answer_without_commit(std::string_view command) const override;
  std::string apply(const position& where, std::string_view command) override;

  receipt durable_to() const override { return keeper_.durable_to(); }

  grant_map kept_grants() const override { return keeper_.grants(); }

  void committed(const receipt& newest, const grant_map& grants) override;
  std::string query(std::string_view question) const override;
  digest state_digest() const override;

  const ledger::book& book() const noexcept { return book_; }

private:
  ledger::book book_;
  book_keeper keeper_;
};

/// Returns a ledger machine in memory, in its initial state.
std::unique_ptr<ducat::machine> make_machine();

/// Returns what makes ledger machines that keep their state in the directory.
machine_factory machines_in(std::shared_ptr<store_directory> directory);

} // namespace ducat::ledger
