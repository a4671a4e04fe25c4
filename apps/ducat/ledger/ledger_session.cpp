#include "ledger/ledger_session.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/ledger/machine.hpp>
#include <ducat/replica.hpp>

#include <optional>

namespace ducat::cli {

namespace {

log_time next_event(const ledger::book& book) {
  return {book.now().nanoseconds + 1};
}

ledger::reply decoded(std::string_view bytes) {
  return ledger::decode_reply(bytes).value();
}

class memory_session final : public ledger_session {
public:
  ledger::reply run(const ledger::command& what) override {
    const std::string command = encode(what);
    if (const auto known = machine_.answer_without_commit(command))
      return decoded(*known);
    return decoded(machine_.apply({++index_, next_event(machine_.book())}, command));
  }

  const ledger::book& book() const override { return machine_.book(); }

private:
  ledger::machine machine_;
  std::uint64_t index_ = 0;
};

class durable_session final : public ledger_session {
public:
  result<void> open(const std::filesystem::path& data) {
    auto log = open_embedded_log({.directory = data});
    if (!log)
      return tl::unexpected(log.error());
    auto store = ledger::open_segment_store(data / "ledger");
    if (!store)
      return tl::unexpected(store.error());
    auto opened = replica::open({.log = std::move(*log),
                                 .machine = [&] { return make_machine(std::move(*store)); },
                                 .now = [this] { return next_event(machine_->book()); }});
    if (!opened)
      return tl::unexpected(opened.error());
    replica_ = std::move(*opened);
    return {};
  }

  ledger::reply run(const ledger::command& what) override {
    const commit command{.command = encode(what)};
    const auto done = replica_->run(std::span(&command, 1));
    if (!done)
      throw session_failed{done.error()};
    return decoded(done->front().value().reply);
  }

  const ledger::book& book() const override { return machine_->book(); }

private:
  std::unique_ptr<ducat::machine> make_machine(std::shared_ptr<ledger::segment_store> store) {
    auto made = std::make_unique<ledger::machine>(std::move(store));
    machine_ = made.get();
    return made;
  }

  std::optional<replica> replica_;
  const ledger::machine* machine_ = nullptr; ///< The replica's.
};

} // namespace

result<std::unique_ptr<ledger_session>> in_memory_session() {
  return std::make_unique<memory_session>();
}

result<std::unique_ptr<ledger_session>> open_session(const std::filesystem::path& data) {
  auto session = std::make_unique<durable_session>();
  if (auto opened = session->open(data); !opened)
    return tl::unexpected(opened.error());
  return session;
}

} // namespace ducat::cli
