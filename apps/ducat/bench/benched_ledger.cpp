#include "bench/benched_ledger.hpp"

#include "bench/transfer_source.hpp"

#include <ducat/ledger/machine.hpp>
#include <ducat/ledger/store_directory.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <cstring>

namespace ducat::bench {

namespace {

template <class Answer, class Question>
result<Answer> ask(caf::actor_system& system, const caf::actor& whom, Question what) {
  result<Answer> outcome;
  caf::scoped_actor self{system};
  self->request(whom, caf::infinite, std::move(what))
      .receive([&](Answer& answer) { outcome = std::move(answer); },
               [&](const caf::error& failure) { outcome = tl::unexpected(error_of(failure)); });
  return outcome;
}

bool is_all_ok(const std::string& reply) {
  const auto decoded = ledger::decode_reply(reply);
  return decoded && decoded->status == ledger::reply_status::done &&
         std::ranges::count(decoded->outcomes, 0) == std::ssize(decoded->outcomes);
}

/// Asks for accounts `first` to `last`.
query accounts_from(std::uint64_t first, std::uint64_t last) {
  std::string question = "a";
  for (u128 id = first; id <= last; ++id)
    question.append(reinterpret_cast<const char*>(&id), sizeof(id));
  return {std::move(question)};
}

void add(book_totals& totals, std::string_view records) {
  for (; records.size() >= ledger::record_size; records.remove_prefix(ledger::record_size)) {
    ledger::account record;
    std::memcpy(&record, records.data(), sizeof(record));
    totals.debits += record.debits_posted;
    totals.credits += record.credits_posted;
  }
}

} // namespace

result<std::unique_ptr<benched_ledger>> benched_ledger::start(const std::filesystem::path& data,
                                                              std::uint64_t accounts) {
  return start(node_options{.id = "bench", .data = data}, accounts, log_retention::checkpoint);
}

result<std::unique_ptr<benched_ledger>>
benched_ledger::start(node_options options, std::uint64_t accounts, log_retention retention) {
  const std::filesystem::path data = options.data;
  result<std::shared_ptr<ledger::store_directory>> store;
  auto started = node::start(std::move(options), [&](node& n) {
    store = ledger::store_directory::open(data / "ledger");
    if (store)
      n.replicate("ledger", ledger::machines_in(*store), {.retention = retention, .store = *store});
  });
  if (!store)
    return tl::unexpected(store.error());
  if (!started)
    return tl::unexpected(started.error());
  std::unique_ptr<benched_ledger> made{new benched_ledger{std::move(*started), accounts}};
  const auto entries = made->log_entries();
  if (!entries)
    return tl::unexpected(entries.error());
  if (*entries > 0)
    return made;
  for (std::string& command : create_accounts(accounts)) {
    const auto answer = ask<committed>(made->system(), made->actor(), commit{std::move(command)});
    if (!answer)
      return tl::unexpected(answer.error());
    if (!is_all_ok(answer->reply))
      return fail(errc::invalid_argument, "the ledger refuses an account");
  }
  return made;
}

result<log_position> benched_ledger::newest() const {
  return ask<log_position>(system(), actor(), locate{});
}

result<std::uint64_t> benched_ledger::log_entries() const {
  return newest().map([](const log_position& at) { return at.receipt.index; });
}

result<void>
benched_ledger::read_accounts(const std::function<void(std::string_view)>& visit) const {
  constexpr std::uint64_t at_once = 8'000;
  for (std::uint64_t first = 1; first <= accounts_; first += at_once) {
    const auto found = ask<answer>(system(), actor(),
                                   accounts_from(first, std::min(first + at_once - 1, accounts_)));
    if (!found)
      return tl::unexpected(found.error());
    visit(found->text);
  }
  return {};
}

result<book_totals> benched_ledger::totals() const {
  book_totals totals;
  return read_accounts([&](std::string_view records) { add(totals, records); }).map([&] {
    return totals;
  });
}

result<book_copy> benched_ledger::book() const {
  book_copy copy;
  const auto done = read_accounts([&](std::string_view records) {
    add(copy.totals, records);
    copy.accounts = sha256({bytes_of(copy.accounts), records});
  });
  if (!done)
    return tl::unexpected(done.error());
  return newest().map([&](const log_position& at) {
    copy.newest = at.receipt;
    return copy;
  });
}

} // namespace ducat::bench
