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
  /// How many records go into a segment, at least.
  static constexpr std::size_t segment_size = 512 * 1024;

  /// A machine in memory.
  machine() = default;

  /// A machine whose past goes into `store`, from segments of `size` records and more, and which
  /// begins with what is there.
  explicit machine(std::shared_ptr<segment_store> store, std::size_t size = segment_size);

  std::optional<std::string> answer_without_commit(std::string_view command) const override;
  std::string apply(const position& where, std::string_view command) override;
  receipt durable_to() const override;
  void committed(const receipt& newest) override;
  std::string query(std::string_view question) const override;
  digest state_digest() const override;

  const ledger::book& book() const noexcept { return book_; }

private:
  ledger::book book_;
  std::shared_ptr<segment_store> store_; ///< May be none.
  std::size_t segment_size_ = segment_size;
  std::uint64_t let_go_ = 0; ///< How many segments that the store took only it has.
};

/// Returns a ledger machine in memory, in its initial state.
std::unique_ptr<ducat::machine> make_machine();

} // namespace ducat::ledger
