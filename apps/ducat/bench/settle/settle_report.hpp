/// What the bench of settlement prints: a line when something is done, or one document of JSON.
#pragma once

#include "bench/process_memory.hpp"
#include "bench/settle/payment_phases.hpp"
#include "bench/settle/settle_peer.hpp"
#include "bench/settle/settle_phases.hpp"
#include "bench/verdict.hpp"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <vector>

namespace ducat::bench {

struct settle_figures {
  settle_shape shape;
  std::uint64_t captures = 0; ///< Presented in the first window.
  double fill_s = 0;
  memory_figures before_fill{};
  memory_figures after_fill{};
  memory_figures before_settling{}; ///< Of the first window.
  memory_figures settling{};
  memory_figures at_end{};
  std::vector<settled_window> settled{}; ///< The first window first.
  std::vector<paid_batch> paid{};
  std::vector<phase_figures> payments{}; ///< The first: alone.
  proof_figures proof{};
  std::vector<settle_peer_result> peers{};
};

/// Expects that the first window is settled, and that `payments` has a phase while_settled.
std::vector<verdict> judge(const settle_figures& figures);

inline constexpr const char* paying_alone = "alone";
inline constexpr const char* while_settled = "while windows are settled";

nlohmann::ordered_json document_of(const settle_figures& figures);

// Each prints what has just been measured.
void print_shape(std::ostream& out, const settle_figures& figures);
void print_filled(std::ostream& out, const settle_figures& figures);
void print_settled(std::ostream& out, const settle_figures& figures);
void print_paid(std::ostream& out, const settle_figures& figures);
void print_rest(std::ostream& out, const settle_figures& figures);
void print_payments(std::ostream& out, const settle_figures& figures);
void print_proof(std::ostream& out, const settle_figures& figures);
void print_peer(std::ostream& out, const settle_figures& figures);

} // namespace ducat::bench
