/// How long clients of a cluster wait when the network between its hosts breaks, and how long a
/// wiped node takes to be back: `network_outages [ROUNDS [PAYMENTS [PART_OF_A_CASE'S_NAME]]]`. As
/// root.

#include "bench/latencies.hpp"
#include "check/checker.hpp"
#include "client/table.hpp"
#include "load/generate.hpp"
#include "load/import.hpp"
#include "network/faults.hpp"
#include "network/load.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <exception>
#include <functional>
#include <iostream>
#include <sstream>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr duration limit = 60s;
constexpr duration shortest_fault = 1s;

void pass(duration time) {
  ::poll(nullptr, 0, static_cast<int>(time / 1ms));
}

struct outage_case {
  std::string name;
  role whom;
  std::function<void(std::size_t host)> make;
  std::function<void(std::size_t host)> mend;
};

struct measured {
  ducat::bench::latencies broken; ///< The longest wait of a client from the blow on.
  ducat::bench::latencies mended; ///< The same, while it heals.
};

class outages {
public:
  explicit outages(std::size_t rounds)
      : rounds_{rounds},
        cluster_{network_, {.program = DUCAT_PROGRAM, .directory = directory_.path()}} {
    cluster_.start();
    cluster_.wait_until_whole();
    load_.emplace(directory_.path() / "record.jsonl", host_cluster::apis(cluster_.all()));
  }

  /// Runs the cases with `some` in their name.
  void run_faults(const std::string& some) {
    cli::table rows{{{"FAULT"},
                     {"ROUNDS", cli::align::right},
                     {"P50 MS", cli::align::right},
                     {"WORST MS", cli::align::right},
                     {"HEALING P50 MS", cli::align::right},
                     {"WORST MS", cli::align::right}}};
    const auto ms = [](const ducat::bench::latencies& of, double share) {
      return fmt::format("{:.0f}", of.percentile_us(share) / 1000);
    };
    for (const outage_case& each : cases()) {
      if (each.name.find(some) == std::string::npos)
        continue;
      measured found;
      for (std::size_t round = 0; round < rounds_; ++round)
        run_round(each, round, found);
      rows.add({each.name, std::to_string(rounds_), ms(found.broken, 0.5), ms(found.broken, 1),
                ms(found.mended, 0.5), ms(found.mended, 1)});
    }
    rows.print(std::cout);
  }

  void report_losses() {
    const std::string wrong = load_->finish();
    const auto found = cli::check_log(*cluster_.log_through(0), load_->record(), {});
    if (!found || !wrong.empty())
      throw std::runtime_error(wrong.empty() ? "the log cannot be checked" : wrong);
    std::cout << fmt::format("acknowledged: {}, lost: {}, made twice: {}\n", load_->acknowledged(),
                             found->found.count(cli::finding_kind::lost),
                             found->found.count(cli::finding_kind::doubled));
    if (!found->is_green())
      cli::print_table(std::cout, *found);
  }

  /// Fills the log, deletes a node and all it has, and times its way back.
  void wipe_a_node(std::uint64_t payments) {
    std::stringstream file;
    cli::generate({.payments = payments}, file);
    const auto done = cli::run_import({.endpoint = host_cluster::apis(cluster_.all())}, file, {});
    if (!done || done->finished() != done->acknowledged)
      throw std::runtime_error("the payments were not taken");
    const std::size_t host = (cluster_.wait_until_whole() + 1) % network_.size();
    cluster_.kill_node(host);
    std::filesystem::remove_all(cluster_.node_data(host));
    const auto begin = steady_clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(steady_clock::now() - begin).count();
    };
    cluster_.start_node(host);
    cluster_.wait_until_ready(host, 1);
    const double ready = seconds();
    cluster_.wait_until_whole();
    cluster_.hand_over_to(host);
    const auto state = cluster_.status(host);
    const double writes = seconds();
    const auto [bytes, hash] = size_of_log(host);
    std::cout << fmt::format("a wiped node: log of {} entries, {:.1f} MB; ready after {:.2f} s, "
                             "writes after {:.2f} s, {}\n",
                             state ? state->log_index() : 0, bytes / 1e6, ready, writes,
                             state && state->log_hash() == hash ? "same hash" : "OTHER HASH");
  }

private:
  std::vector<outage_case> cases() {
    const auto heal = [this](std::size_t host) { network_.heal(host); };
    std::vector<outage_case> all;
    for (const cut* each : {&deafened, &muted, &isolated, &node_isolated, &reset})
      for (const role whom : {role::writer, role::follower})
        all.push_back({fmt::format("{} {}", each->name, name_of(whom)), whom,
                       [this, each](std::size_t host) { each->make(network_, host); }, heal});
    for (const role whom : {role::writer, role::follower}) {
      all.push_back({fmt::format("Flapping {}", name_of(whom)), whom,
                     [this](std::size_t host) { flap(host); }, heal});
      all.push_back({fmt::format("Slow {}", name_of(whom)), whom,
                     [this](std::size_t host) { network_.slow(host, 2'000); },
                     [this](std::size_t host) { network_.quicken(host); }});
    }
    all.push_back({"NodeIsolated writer and a member killed", role::writer,
                   [this](std::size_t host) {
                     node_isolated.make(network_, host);
                     cluster_.kill_member((host + 1) % network_.size());
                   },
                   [this](std::size_t host) {
                     network_.heal(host);
                     cluster_.start_member((host + 1) % network_.size());
                   }});
    return all;
  }

  static const char* name_of(role whom) { return whom == role::writer ? "writer" : "follower"; }

  void flap(std::size_t host) {
    for (int i = 0; i < 6; ++i) {
      network_.isolate(host);
      pass(300ms);
      network_.heal(host);
      pass(300ms);
    }
  }

  void run_round(const outage_case& what, std::size_t round, measured& found) {
    const std::size_t writer = cluster_.wait_until_whole();
    const std::size_t host =
        what.whom == role::writer ? writer : (writer + 1 + round % 2) % network_.size();
    const auto& client = client_beside(host);
    expect(load_->wait_for(client, 5, limit));
    (void)load_->longest_wait(client);
    const auto begin = steady_clock::now();
    what.make(host);
    expect(load_->wait_for(client, 2, limit)); // One may have been under way.
    if (const auto gone = steady_clock::now() - begin; gone < shortest_fault)
      pass(shortest_fault - gone);
    found.broken.add(load_->longest_wait(client));
    what.mend(host);
    cluster_.wait_until_whole();
    expect(load_->wait_for(client, 5, limit));
    found.mended.add(load_->longest_wait(client));
    load_->end(client);
  }

  /// Returns the client of the nodes on the other hosts. Only one at a time pays.
  const load::client& client_beside(std::size_t host) {
    const auto& client = load_->add(fmt::format("client{}", ++clients_),
                                    host_cluster::apis(cluster_.all_but(host)), 2s);
    return client;
  }

  std::pair<double, std::string> size_of_log(std::size_t host) const {
    double bytes = 0;
    std::string hash;
    const auto log = cluster_.log_through(host);
    (void)log->read(1, [&](const entry& each) {
      bytes += static_cast<double>(each.payload.size());
      hash = to_hex(each.hash);
      return true;
    });
    return {bytes, hash};
  }

  static void expect(bool done) {
    if (!done)
      throw std::runtime_error("no payment was acknowledged");
  }

  std::size_t rounds_;
  std::size_t clients_ = 0;
  temporary_directory directory_;
  network network_{3};
  host_cluster cluster_;
  std::optional<load> load_;
};

int run(int argc, char** argv) {
  if (const auto why = why_no_network()) {
    std::cerr << *why << '\n';
    return 1;
  }
  try {
    outages all{argc > 1 ? std::stoul(argv[1]) : 5};
    all.run_faults(argc > 3 ? argv[3] : "");
    all.report_losses();
    all.wipe_a_node(argc > 2 ? std::stoull(argv[2]) : 20'000);
    return 0;
  } catch (const std::exception& why) {
    std::cerr << why.what() << '\n';
    return 1;
  }
}

} // namespace
} // namespace ducat::testing

int main(int argc, char** argv) {
  return ducat::testing::run(argc, argv);
}
