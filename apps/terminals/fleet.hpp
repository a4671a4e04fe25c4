/// Thousands of terminals on some connections, paying at a stated rate. Pure; for one thread.
#pragma once

#include "load/random.hpp"
#include "terminal.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ducat::terminals {

struct fleet_options {
  std::uint32_t terminals = 100;
  std::uint32_t first_terminal = 1; ///< The number of the first of them.
  std::uint32_t connections = 0;    ///< Shared by turns; 0: each terminal has its own.
  std::uint64_t payments = 1'000;
  std::uint64_t per_second = 100; ///< Over 0.
  std::uint64_t seed = 1;         ///< Of amounts and cards.
  std::int64_t amount_min = 100;
  std::int64_t amount_max = 20'000; ///< Small amounts are more frequent.
  terminal_options each{};          ///< But for the number.
};

/// Something to be sent over a connection.
struct outgoing {
  std::size_t connection;
  iso8583::message what;
};

struct fleet_stats {
  std::uint64_t sent = 0; ///< Payments, each once.
  std::uint64_t approved = 0;
  std::uint64_t declined = 0;
  std::uint64_t timed_out = 0;     ///< Got no good answer in time, so that they were reversed.
  std::uint64_t reversed = 0;      ///< Of those.
  std::uint64_t in_doubt = 0;      ///< Of those: sent, and not known.
  std::uint64_t repeats = 0;       ///< Reversals that were sent again.
  std::uint64_t late_answers = 0;  ///< Approvals that came after the reversal was sent.
  std::uint64_t stray_answers = 0; ///< For nothing that is open, such as the second of two.
};

class fleet {
public:
  explicit fleet(const fleet_options& options);

  std::size_t connections() const noexcept { return links_.size(); }

  /// A connection can be written to: it signs on.
  std::vector<outgoing> opened(std::size_t connection, moment now);

  /// Nothing can be sent over it. What was not answered is reversed when it is there again.
  void closed(std::size_t connection);

  std::vector<outgoing> take(std::size_t connection, const iso8583::message& answer, moment now);

  /// Does what is due: payments, once all connections have signed on; reversals; sign-ons again.
  std::vector<outgoing> advance(moment now);

  /// Returns the connections on which nothing was heard for too long while something was waited
  /// for: they are to be closed and opened again.
  std::vector<std::size_t> take_suspects() { return std::exchange(suspects_, {}); }

  /// When advance() is to be called at the latest; nothing if nothing is due.
  std::optional<time_point> next_wake() const;

  /// Whether all connections have signed on once.
  bool has_begun() const noexcept { return begins_.has_value(); }

  /// Whether all payments were sent; some may be open.
  bool has_sent_all() const noexcept { return stats_.sent == options_.payments; }

  /// Whether nothing is open after that.
  bool is_done() const noexcept { return has_sent_all() && open_ == 0; }

  /// Ends what is open as in doubt.
  void give_up(moment now);

  /// Returns what was finished since the last call.
  std::vector<finished_payment> take_finished() { return std::exchange(finished_, {}); }

  const fleet_stats& stats() const noexcept { return stats_; }

private:
  struct link {
    bool is_signed_on = false;
    bool was_signed_on = false;                ///< Once.
    time_point heard_at{};                     ///< Last answer, or when it was opened.
    std::optional<time_point> sign_on_again{}; ///< As in sign_ons_due_.
  };

  using deadlines = std::set<std::pair<time_point, std::size_t>>;

  std::size_t link_of(std::size_t terminal) const noexcept { return terminal % links_.size(); }

  outgoing sign_on(std::size_t connection, moment now);
  void schedule_sign_on(std::size_t connection, std::optional<time_point> at);
  std::vector<outgoing> take_sign_on(std::size_t connection, const iso8583::message& answer,
                                     moment now);
  time_point due_at(std::uint64_t payment) const;
  void suspect_if_silent(std::size_t connection, moment now);
  void start_payments(moment now, std::vector<outgoing>& out);
  void expire(std::size_t terminal, moment now, std::vector<outgoing>& out);
  void settle(std::size_t terminal);
  payment_values next_values();

  fleet_options options_;
  std::vector<terminal> terminals_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<link> links_;
  std::deque<std::size_t> idle_;                     ///< Those that could pay: idle, and signed on.
  std::size_t open_ = 0;                             ///< Terminals that are not idle.
  std::vector<std::optional<time_point>> deadlines_; ///< Of each terminal, as in due_.
  deadlines due_;                                    ///< Of terminals.
  deadlines sign_ons_due_;                           ///< Of connections.
  std::optional<time_point> begins_;                 ///< When the first payment is due.
  std::uint32_t sign_ons_ = 0;                       ///< Sent so far.
  std::size_t signed_on_once_ = 0;
  cli::random_numbers random_;
  std::vector<std::size_t> suspects_;
  std::vector<finished_payment> finished_;
  fleet_stats stats_;
};

} // namespace ducat::terminals
