#include "bench/settle/settle_node.hpp"

#include <ducat/durable.hpp>
#include <ducat/ledger/store_directory.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/settlement/bank_files.hpp>
#include <ducat/settlement/settlement_actor.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>

namespace ducat::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t workers = 4; ///< As a node has by default.
constexpr auto look_every = 100ms;   ///< Of settlement; a node has 500 ms by default.
constexpr std::size_t at_once = 1'000;

} // namespace

result<v1::SettlementAnswer> answer_in(const std::string& reply) {
  v1::Outcome outcome;
  if (!outcome.ParseFromString(reply))
    return fail(errc::corrupt, "the reply of the payment machine cannot be read");
  if (outcome.has_error())
    return fail(errc::invalid_argument,
                outcome.error().code() + " (" + outcome.error().param() + ")");
  return std::move(*outcome.mutable_settlement());
}

result<std::unique_ptr<settle_node>> settle_node::start(const std::filesystem::path& data) {
  result<std::shared_ptr<ledger::store_directory>> store;
  auto started = node::start(node_options{.id = "bench", .data = data}, [&](node& n) {
    store = ledger::store_directory::open(data / "state");
    if (!store)
      return;
    const handle ledger =
        n.replicate("ledger", payment::machines_in(*store, payment::machine::limits, nullptr),
                    {.retention = log_retention::all, .store = *store});
    std::vector<child_spec> children{
        {.id = "payments",
         .start = ducat::start(payment::payment_actor, ledger),
         .pool = pool_spec{.size = workers, .policy = route::least_requests}},
        {.id = "settlement",
         .start = settlement::settlement_actor(ledger, {.files = data / "files",
                                                        .formats = settlement::bank_files(),
                                                        .look_every = look_every})}};
    n.supervise({.strategy = one_for_one, .restarts_max = 50, .window = 10s}, std::move(children));
  });
  if (!store)
    return tl::unexpected(store.error());
  if (!started)
    return tl::unexpected(started.error());
  return std::unique_ptr<settle_node>{new settle_node{std::move(*started)}};
}

result<v1::SettlementAnswer> settle_node::commit(const v1::SettlementCommand& command) const {
  v1::Command all;
  *all.mutable_settlement() = command;
  result<v1::SettlementAnswer> out;
  caf::scoped_actor self{system()};
  self->request(ledger(), caf::infinite, ducat::commit{all.SerializeAsString()})
      .receive([&](const committed& done) { out = answer_in(done.reply); },
               [&](const caf::error& failure) { out = tl::unexpected(error_of(failure)); });
  return out;
}

result<void> settle_node::commit_all(const std::vector<v1::Command>& commands) const {
  result<void> out;
  caf::scoped_actor self{system()};
  for (std::size_t begin = 0; begin < commands.size() && out; begin += at_once) {
    const std::size_t end = std::min(begin + at_once, commands.size());
    std::vector<decltype(self->request(ledger(), caf::infinite, ducat::commit{}))> asked;
    for (std::size_t i = begin; i < end; ++i)
      asked.push_back(
          self->request(ledger(), caf::infinite, ducat::commit{commands[i].SerializeAsString()}));
    for (auto& each : asked)
      each.receive(
          [&](const committed& done) {
            if (const auto answer = answer_in(done.reply); !answer && out)
              out = tl::unexpected(answer.error());
          },
          [&](const caf::error& failure) { out = tl::unexpected(error_of(failure)); });
  }
  return out;
}

result<v1::SettlementAnswer> settle_node::ask(const v1::SettlementQuestion& question) const {
  v1::Question all;
  *all.mutable_settlement() = question;
  result<v1::SettlementAnswer> out;
  caf::scoped_actor self{system()};
  self->request(ledger(), caf::infinite, query{all.SerializeAsString()})
      .receive([&](const answer& found) { out = answer_in(found.text); },
               [&](const caf::error& failure) { out = tl::unexpected(error_of(failure)); });
  return out;
}

} // namespace ducat::bench
