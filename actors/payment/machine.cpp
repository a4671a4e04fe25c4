#include "payment/audit_book.hpp"
#include "payment/change_book.hpp"
#include "payment/endpoint_book.hpp"
#include "settlement/book.hpp"
#include "settlement/exception_book.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/store_directory.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <utility>

namespace ducat::payment {

namespace {

template <class Message>
bool parse(std::string_view bytes, Message& into) {
  return into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

/// Returns `message` in the one order of the pairs of its maps: answers are compared as bytes, and
/// digests are made of them.
std::string canonical(const google::protobuf::MessageLite& message) {
  std::string bytes(message.ByteSizeLong(), '\0');
  google::protobuf::io::ArrayOutputStream stream{bytes.data(), static_cast<int>(bytes.size())};
  google::protobuf::io::CodedOutputStream out{&stream};
  out.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&out);
  out.Trim();
  DUCAT_CHECK(!out.HadError());
  return bytes;
}

std::string text_of(u128 value) {
  return ducat::to_string(value);
}

} // namespace

machine::machine()
    : endpoints_{std::make_unique<endpoint_book>()}, audit_{std::make_unique<audit_book>()},
      changes_{std::make_unique<change_book>()}, settlement_{std::make_unique<settlement::book>()},
      exceptions_{std::make_unique<settlement::exception_book>()} {}

machine::~machine() = default;

std::optional<std::string> machine::answer_without_commit(std::string_view command) const {
  v1::Command parsed;
  const decision decided =
      parse(command, parsed) ? check(parsed) : refuse(refusal::command_malformed);
  if (decided.what == decision::kind::commit)
    return std::nullopt;
  return canonical(answer(decided, parsed));
}

std::string machine::apply(const position& where, std::string_view command) {
  v1::Command parsed;
  DUCAT_CHECK(parse(command, parsed));
  DUCAT_CHECK(check(parsed).what == decision::kind::commit);
  const proposal proposed{where, parsed.by()};
  const std::string reply = canonical(waits_for_second(parsed) ? add_change(proposed, parsed)
                                                               : apply_by_kind(proposed, parsed));
  audit(proposed, parsed);
  DUCAT_CHECK(noted_.empty()); // Whatever was noted was told.
  return reply;
}

std::string machine::query(std::string_view question) const {
  v1::Question parsed;
  if (!parse(question, parsed))
    parsed.Clear(); // It has no kind then, and is refused as such.
  return canonical(ask(parsed));
}

digest machine::state_digest() const {
  digest running = book_.state_digest();
  const auto add = [&](std::string_view bytes) { running = sha256({bytes_of(running), bytes}); };
  for (const account_record& account : accounts_)
    add(canonical(view(account)) + text_of(account.index));
  for (const payment_record& payment : payments_) {
    add(canonical(view(payment, std::nullopt)) + payment.key);
    if (!payment.card.empty())
      add(payment.timeline + std::to_string(payment.deadline.nanoseconds));
    for (const attempt_record& attempt : payment.attempts)
      if (attempt.is_reversed_again)
        add(std::to_string(attempt.deadline.nanoseconds));
    if (payment.window != 0)
      add(std::to_string(payment.window) + '/' + std::to_string(payment.business_date) + '/' +
          std::to_string(payment.disputed) + '/' + std::to_string(payment.fee));
  }
  if (!link_grants_.empty())
    add(canonical(link_grants()));
  for (const auto& [name, totals] : terminals_)
    add(name + canonical(view(totals)));
  for (const auto& [of, account] : acquirers_)
    add(canonical(view_of_account(of)) + std::to_string(account.uncertain.count) + '/' +
        std::to_string(account.uncertain.amount));
  std::vector<std::string> keys;
  for (const auto& [key, record] : keys_)
    keys.push_back(key + canonical(outcome_of(record, key)) + to_hex(record.fingerprint));
  std::ranges::sort(keys);
  for (const std::string& key : keys)
    add(key);
  // Events follow from the log and are no state of their own; what was delivered is.
  if (audit_->size() != 0)
    add(canonical(audit_->head()));
  for (const v1::StoredChange& each : changes_->stored())
    add(canonical(each));
  for (const v1::StoredEndpoint& each : endpoints_->stored())
    add(canonical(each));
  for (const ledger::kept_row& each : settlement_->all_rows())
    add(each.key + each.value);
  for (const ledger::kept_row& each : exceptions_->all_rows())
    add(each.key + each.value);
  return running;
}

std::unique_ptr<ducat::machine> make_machine() {
  return std::make_unique<machine>();
}

machine_factory machines_with(std::shared_ptr<event_signal> signal) {
  return [signal = std::move(signal)] {
    auto made = std::make_unique<machine>();
    made->signal_events(signal);
    return made;
  };
}

machine_factory machines_in(std::shared_ptr<ledger::store_directory> directory,
                            ledger::keeping_limits keeping, std::shared_ptr<event_signal> signal) {
  return [directory = std::move(directory), keeping, signal = std::move(signal)] {
    auto made = std::make_unique<machine>(directory->begin_life(), keeping);
    made->signal_events(signal);
    return made;
  };
}

} // namespace ducat::payment
