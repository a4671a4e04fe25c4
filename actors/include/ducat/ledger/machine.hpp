/// The ledger machine: a book fed by the log.
#pragma once

#include <ducat/ledger/book.hpp>
#include <ducat/ledger/commands.hpp>
#include <ducat/machine.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace ducat::ledger {

/// Commands and replies are those of commands.hpp. A question is one byte and ids of 16 bytes:
/// 'a' asks for accounts, 't' for transfers; the answer is the records found, in order.
///
/// A batch of which every id was used before, or is burnt, is answered without a trace in the log.
class machine final : public ducat::machine {
public:
  std::optional<std::string> answer_without_commit(std::string_view command) const override;
  std::string apply(const position& where, std::string_view command) override;
  std::string query(std::string_view question) const override;
  digest state_digest() const override;

  const ledger::book& book() const noexcept { return book_; }

private:
  ledger::book book_;
};

/// Returns a ledger machine in its initial state.
std::unique_ptr<ducat::machine> make_machine();

} // namespace ducat::ledger
