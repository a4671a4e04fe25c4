#include "cli/checked_world.hpp"

#include <algorithm>
#include <stdexcept>

namespace ducat::testing {

namespace {

using cli::operation_kind;

cli::call_answer answer(std::uint64_t index, const std::string& payment_key,
                        const std::string& state, std::int64_t amount, std::int64_t captured,
                        std::int64_t refunded = 0) {
  return {.outcome = state == "DECLINED" ? cli::call_outcome::declined : cli::call_outcome::ok,
          .payment_id = cli::payment_id_of(payment_key),
          .state = state,
          .amount = amount,
          .captured = captured,
          .refunded = refunded,
          .index = index};
}

told account_told(const std::string& id, bool overdraft) {
  return {.id = {.kind = operation_kind::account, .key = id},
          .body = cli::body_hash(cli::account_body{.currency = "EUR", .overdraft = overdraft}),
          .answer = cli::call_answer{.outcome = cli::call_outcome::ok, .index = 1}};
}

told payment_told(const v1::Command& command, cli::call_answer answer) {
  const v1::CreatePayment& sent = command.create_payment();
  return {.id = {.kind = operation_kind::payment, .key = sent.idempotency_key()},
          .body = cli::body_hash(cli::payment_body{.from = sent.from(),
                                                   .to = sent.to(),
                                                   .amount = sent.amount(),
                                                   .currency = sent.currency(),
                                                   .manual_capture = sent.manual_capture(),
                                                   .description = sent.description()}),
          .answer = std::move(answer)};
}

told change_told(operation_kind kind, const std::string& key, std::int64_t amount,
                 cli::call_answer answer) {
  const cli::change_body body{.kind = kind, .payment_id = answer.payment_id, .amount = amount};
  return {.id = {.kind = kind, .key = key}, .body = cli::body_hash(body), .answer = answer};
}

} // namespace

v1::Command open_account(const std::string& id, bool overdraft, const std::string& currency) {
  v1::Command command;
  command.mutable_open_account()->set_id(id);
  command.mutable_open_account()->set_currency(currency);
  command.mutable_open_account()->set_overdraft(overdraft);
  return command;
}

v1::Command create(const std::string& key, const std::string& from, const std::string& to,
                   std::int64_t amount, bool manual) {
  v1::Command command;
  v1::CreatePayment& created = *command.mutable_create_payment();
  created.set_idempotency_key(key);
  created.set_from(from);
  created.set_to(to);
  created.set_amount(amount);
  created.set_currency("EUR");
  created.set_manual_capture(manual);
  return command;
}

v1::Command authorize(const std::string& key) {
  v1::Command command;
  command.mutable_authorize_payment()->set_payment_id(cli::payment_id_of(key));
  return command;
}

v1::Command capture_of_creation(const std::string& key) {
  v1::Command command;
  command.mutable_capture_payment()->set_payment_id(cli::payment_id_of(key));
  return command;
}

v1::Command capture(const std::string& payment_key, const std::string& key, std::int64_t amount) {
  v1::Command command = capture_of_creation(payment_key);
  command.mutable_capture_payment()->set_idempotency_key(key);
  command.mutable_capture_payment()->set_amount(amount);
  return command;
}

v1::Command void_of(const std::string& payment_key, const std::string& key) {
  v1::Command command;
  command.mutable_void_payment()->set_payment_id(cli::payment_id_of(payment_key));
  command.mutable_void_payment()->set_idempotency_key(key);
  return command;
}

v1::Command refund(const std::string& payment_key, const std::string& key, std::int64_t amount) {
  v1::Command command;
  command.mutable_refund_payment()->set_payment_id(cli::payment_id_of(payment_key));
  command.mutable_refund_payment()->set_idempotency_key(key);
  command.mutable_refund_payment()->set_amount(amount);
  return command;
}

std::string payload_of(const commands& batch) {
  std::string payload{'\1'};
  for (const v1::Command& command : batch) {
    const std::string bytes = command.SerializeAsString();
    for (unsigned shift = 0; shift < 32; shift += 8)
      payload += static_cast<char>(bytes.size() >> shift);
    payload += bytes;
  }
  return payload;
}

entry next_entry(const std::vector<entry>& chain, const commands& batch) {
  const std::uint64_t index = chain.size() + 1;
  entry next{.index = index, .writer = {1}, .at = {index}, .payload = payload_of(batch)};
  next.previous = chain.empty() ? digest{} : chain.back().hash;
  next.hash = hash_of(next);
  return next;
}

std::vector<entry> checked_world::entries() const {
  std::vector<entry> chain;
  for (const commands& batch : log)
    chain.push_back(next_entry(chain, batch));
  return chain;
}

cli::call_record checked_world::calls() const {
  cli::call_record calls;
  for (const told& one : record) {
    cli::add_invocation(calls, one.id, one.body);
    if (one.answer)
      cli::add_answer(calls, one.id, *one.answer);
  }
  return calls;
}

void checked_world::refresh_receipts() {
  const std::vector<entry> chain = entries();
  for (told& one : record)
    if (one.answer && one.answer->index >= 1 && one.answer->index <= chain.size())
      one.answer->hash = to_hex(chain[one.answer->index - 1].hash);
}

told& checked_world::call(const std::string& key) {
  const auto found =
      std::ranges::find_if(record, [&](const told& one) { return one.id.key == key; });
  if (found == record.end())
    throw std::runtime_error("no call with key " + key);
  return *found;
}

checked_world good_world() {
  const v1::Command fund = create("fund", "world", "alice", 10'000);
  const v1::Command k1 = create("k1", "alice", "shop", 2'500);
  const v1::Command k2 = create("k2", "alice", "shop", 3'000, true);
  const v1::Command k3 = create("k3", "alice", "shop", 1'000, true);
  const v1::Command k4 = create("k4", "alice", "shop", 1'000'000);
  checked_world world;
  world.log = {{open_account("world", true), open_account("alice"), open_account("shop")},
               {fund, authorize("fund"), capture_of_creation("fund")},
               {k1, authorize("k1"), capture_of_creation("k1"), k2},
               {authorize("k2")},
               {capture("k2", "c2", 2'000), k3, authorize("k3")},
               {void_of("k3", "v3")},
               {refund("k1", "r1", 500)},
               {k4, authorize("k4")}};
  world.record = {
      account_told("world", true),
      account_told("alice", false),
      account_told("shop", false),
      payment_told(fund, answer(2, "fund", "CAPTURED", 10'000, 10'000)),
      payment_told(k1, answer(3, "k1", "CAPTURED", 2'500, 2'500)),
      payment_told(k2, answer(4, "k2", "AUTHORIZED", 3'000, 0)),
      change_told(operation_kind::capture, "c2", 2'000, answer(5, "k2", "CAPTURED", 3'000, 2'000)),
      payment_told(k3, answer(5, "k3", "AUTHORIZED", 1'000, 0)),
      change_told(operation_kind::void_payment, "v3", 0, answer(6, "k3", "VOIDED", 1'000, 0)),
      change_told(operation_kind::refund, "r1", 500,
                  answer(7, "k1", "CAPTURED", 2'500, 2'500, 500)),
      payment_told(k4, answer(8, "k4", "DECLINED", 1'000'000, 0))};
  world.refresh_receipts();
  return world;
}

cli::verdict judge(const checked_world& world, const cli::check_options& options) {
  return judge(world.entries(), world, options);
}

cli::verdict judge(const std::vector<entry>& entries, const checked_world& world,
                   const cli::check_options& options) {
  const cli::entry_source source = [&](const std::function<void(const entry&)>& visit) {
    std::ranges::for_each(entries, visit);
    return result<void>{};
  };
  return cli::check(source, world.calls(), options).value();
}

} // namespace ducat::testing
