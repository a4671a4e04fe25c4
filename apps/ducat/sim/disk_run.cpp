#include "sim/disk_run.hpp"

#include "core/dice.hpp"
#include "sim/disk_world.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

namespace ducat::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t payments_max = 40; ///< Every step waits for the disk.

client_request pay(const std::string& key, std::int64_t amount, bool is_manual) {
  return payment_request(
      {.key = key, .from = "world", .to = "shop", .amount = amount, .is_manual = is_manual});
}

/// One run, step by step.
class disk_run {
public:
  disk_run(std::uint64_t seed, fs::path directory) : chance_{seed}, world_{std::move(directory)} {}

  void run(std::uint64_t payments) {
    if (!begin_life())
      return;
    make(account_request("world", true));
    make(account_request("shop", true));
    for (std::uint64_t number = 1; number <= payments && world_.wrong.empty(); ++number) {
      pay_one("k" + std::to_string(number));
      if (chance_.happens(150))
        restart();
      else if (chance_.happens(80))
        pay_by_card("card" + std::to_string(number));
      else if (chance_.happens(60))
        show_old_token("token" + std::to_string(number));
      else if (chance_.happens(60))
        write_with_old_epoch("epoch" + std::to_string(number));
    }
    if (world_.wrong.empty() && restart())
      end();
  }

  sim_result result_of(std::uint64_t seed) {
    sim_result made{.seed = seed, .violations = world_.wrong};
    const auto found = check(
        [&](const std::function<void(const entry&)>& take) -> ducat::result<void> {
          std::ranges::for_each(world_.acknowledged(), take);
          return {};
        },
        world_.record(), {.allow_others = true});
    for (const finding& each : found->found.kept())
      made.violations.push_back(std::string{to_string(each.kind)} + ": " + each.subject + ": " +
                                each.text);
    made.acknowledged = found->acknowledged;
    return made;
  }

private:
  bool begin_life() {
    const auto begun = world_.open();
    if (!begun)
      world_.wrong.push_back("it does not begin again: " + to_string(begun.error()));
    return begun.has_value();
  }

  bool restart() {
    world_.close();
    return begin_life();
  }

  void make(client_request what) {
    world_.request(what);
    made_.push_back(std::move(what));
  }

  void pay_one(const std::string& key) {
    const auto amount = static_cast<std::int64_t>(10 + chance_.below(90));
    const std::uint64_t kind = chance_.below(4);
    make(pay(key, amount, kind < 2));
    if (kind == 0)
      make(change_request(operation_kind::capture, key, amount / 2));
    else if (kind == 1)
      make(change_request(operation_kind::void_payment, key, 0));
    if (kind == 0 || kind == 2)
      make(change_request(operation_kind::refund, key, amount / 4));
    world_.request(made_[chance_.below(made_.size())]); // One of all, once more.
  }

  /// It stays in doubt: whatever comes, it must not be sent again.
  void pay_by_card(const std::string& key) {
    v1::Command made = pay(key, 70, true).command;
    made.mutable_create_payment()->set_card("411111******1111");
    v1::Command send;
    send.mutable_send_attempt()->set_payment_id(payment_id_of(key));
    send.mutable_send_attempt()->set_link("acme");
    send.mutable_send_attempt()->set_timeout_ms(30'000);
    v1::Command doubt;
    doubt.mutable_resolve_attempt()->set_payment_id(payment_id_of(key));
    doubt.mutable_resolve_attempt()->set_attempt(1);
    doubt.mutable_resolve_attempt()->set_event(v1::ResolveAttempt::IN_DOUBT);
    for (const v1::Command* each : {&made, &send, &doubt, &send})
      if (!world_.commit_one(*each))
        world_.wrong.push_back(key + " could not be committed");
  }

  void show_old_token(const std::string& key) {
    const fencing_token old = world_.grant("settling", "node1");
    world_.grant("settling", "node2");
    if (world_.commit_one(pay(key, 1, true).command, old))
      world_.wrong.push_back("a command was taken with the token of a grant that is over");
  }

  void write_with_old_epoch(const std::string& key) {
    if (!world_.is_refused_after_takeover(pay(key, 1, true).command))
      world_.wrong.push_back("an entry was taken from a writer whose epoch is over");
  }

  /// Everything is asked for once more; then the disk is damaged.
  void end() {
    for (const client_request& each : made_)
      world_.request(each);
    for (int last = 1; last <= 5; ++last) // Now they are only in the write-ahead log.
      pay_one("last" + std::to_string(last));
    world_.compare_log();
    world_.close();
    if (!damage())
      return;
    if (world_.open()) // It may be in a part that is not read: then what is read is right.
      world_.compare_log();
    world_.close();
  }

  /// Changes one byte of what the database has written last, or cuts off the end of it. Returns
  /// false if it has nothing.
  bool damage() {
    std::vector<fs::path> files;
    for (const auto& each : fs::recursive_directory_iterator{world_.log_directory()})
      if (each.is_regular_file() && each.path().extension() == ".log" && each.file_size() > 0)
        files.push_back(each.path());
    if (files.empty())
      return false;
    const fs::path& file = *std::ranges::max_element(files);
    const std::uint64_t size = fs::file_size(file);
    const std::uint64_t at = size / 2 + chance_.below(size - size / 2);
    if (chance_.happens(500)) {
      fs::resize_file(file, at);
      return true;
    }
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(bytes.get());
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(static_cast<char>(was ^ 0x10));
    return true;
  }

  dice chance_;
  disk_world world_;
  std::vector<client_request> made_; ///< All requests, in order.
};

} // namespace

result<sim_result> run_on_disk(const sim_run_options& options, const fs::path& within) {
  const fs::path directory = within / ("seed" + std::to_string(options.seed));
  std::error_code failed;
  fs::remove_all(directory, failed);
  if (!fs::create_directories(directory, failed))
    return fail(errc::io, "cannot make " + directory.string());
  sim_result made;
  {
    disk_run run{options.seed, directory};
    run.run(std::min(options.payments, payments_max));
    made = run.result_of(options.seed);
  }
  fs::remove_all(directory, failed);
  return made;
}

} // namespace ducat::cli
