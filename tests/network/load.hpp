/// Clients that pay without a pause while things break, and the evidence of what they were told.
#pragma once

#include "client/connection.hpp"
#include "client/failure.hpp"
#include "load/payments_file.hpp"
#include "record/record_writer.hpp"

#include <ducat/time.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ducat::testing {

/// Pays 1 EUR cent at a time from "world" to "shop", each payment under a key of its own, again and
/// again under the same key until it is acknowledged. All that is sent and answered is on record.
/// Members may be called from any thread.
class load {
public:
  /// Opens the accounts. Throws if the nodes at `endpoints` do not answer.
  load(const std::filesystem::path& record, const std::string& endpoints);
  ~load();

  load(const load&) = delete;
  load& operator=(const load&) = delete;

  /// One client, which never has more than one payment under way.
  struct client {
    client(std::string n, const std::string& endpoints, duration limit)
        : name{std::move(n)}, nodes{endpoints}, attempt{limit} {}

    std::string name;
    cli::connection nodes;
    duration attempt;
    std::atomic<std::uint64_t> acknowledged{0}; ///< Payments.
    std::atomic<std::uint64_t> failures{0};     ///< Attempts that were not answered well.
    std::string last_failure{};                 ///< What the last one was told: "unknown: ...".
    std::thread thread{};
    std::atomic<bool> is_over{false};
    time_point acknowledged_at{}; ///< The newest. Needs the guard of the load.
    mutable duration longest_wait{};
  };

  /// Starts a client that takes the nodes at `endpoints` in turn, each for `attempt` at most.
  /// `name` is its own. Lives as long as this.
  const client& add(const std::string& name, const std::string& endpoints,
                    duration attempt = std::chrono::seconds{1});

  /// Returns how many payments have been acknowledged to all of them.
  std::uint64_t acknowledged() const noexcept { return acknowledged_; }

  /// Waits until `of` has had `more` payments acknowledged from now on. Returns whether it has
  /// before `limit` has passed.
  bool wait_for(const client& of, std::uint64_t more, duration limit) const;

  /// Returns the longest time that `of` has waited from one acknowledgement to the next since this
  /// was asked last.
  duration longest_wait(const client& of) const;

  /// Waits until another `more` attempts of `of` have failed. Returns how the last one did, as in
  /// "nothing_done: etcd does not answer"; nothing if there were fewer before `limit` had passed.
  std::optional<std::string> wait_for_failures(const client& of, std::uint64_t more,
                                               duration limit) const;

  /// Lets a client finish the payment that it has begun.
  void end(const client& which);

  /// Lets each client finish the payment that it has begun. Returns what is wrong, for people:
  /// nothing if every one was acknowledged.
  std::string finish();

  const std::filesystem::path& record() const noexcept { return file_; }

private:
  void pay_until_over(client& who);

  /// Sends it until it is acknowledged. Returns false, with a complaint, if that is given up.
  bool send(client& who, const std::string& line);
  void note_failure(client& who, const cli::failure& failed);
  bool complain(const std::string& what);

  std::filesystem::path file_;
  mutable std::mutex guard_; ///< Of the record and what is below.
  mutable std::condition_variable changed_;
  cli::record_writer record_;
  std::string wrong_;
  std::atomic<std::uint64_t> acknowledged_{0};
  std::vector<std::unique_ptr<client>> clients_;
};

/// Reads the balance of "shop" at one node without a pause, and holds each answer against what had
/// been acknowledged before it was asked.
class reader {
public:
  reader(const std::string& endpoint, const load& against);
  ~reader();

  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  /// Returns how often it was answered.
  std::uint64_t answers() const noexcept { return answers_; }

  /// Waits for another answer to a question that is asked from now on. Returns whether it came.
  bool wait_for_answer(duration limit) const;

  /// Returns how often an answer was older than it may be.
  std::uint64_t stale() const noexcept { return stale_; }

private:
  void read_until_over();

  cli::connection node_;
  const load& load_;
  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  std::atomic<std::uint64_t> answers_{0};
  std::atomic<std::uint64_t> stale_{0};
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

} // namespace ducat::testing
