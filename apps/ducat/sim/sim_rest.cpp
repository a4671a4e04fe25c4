#include "sim/sim_rest.hpp"

#include "sim/sim_questions.hpp"
#include "sim/sim_settlement.hpp"

#include <algorithm>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration rest_limit = 60s; ///< Of virtual time, after the last fault.
constexpr duration look_at_rest_every = 500ms;

using sentences = std::vector<std::string>;

void check_windows(const v1::ListWindowsReply& told, sentences& undone) {
  for (const v1::Window& each : told.data()) {
    const std::string name = "settlement left window " + std::to_string(each.number());
    if (each.state() != v1::Window::OPEN && each.state() != v1::Window::SETTLED)
      undone.push_back(name + " " + v1::Window::State_Name(each.state()));
    if (each.state() == v1::Window::OPEN &&
        each.total().captures().count() >= captures_of_simulated_window)
      undone.push_back(name + " open, with " + std::to_string(each.total().captures().count()) +
                       " captures");
  }
}

/// Whatever the formats of files are, they are the same for each.
template <class All>
void check_files(const All& told, sentences& undone) {
  int files = 1;
  for (const auto& each : told)
    files = std::max(files, each.files_size());
  for (const auto& each : told)
    if (each.files_size() < files)
      undone.push_back("settlement left " + each.id() + " with " +
                       std::to_string(each.files_size()) + " of " + std::to_string(files) +
                       " files");
}

void check_settlements(const v1::ListSettlementsReply& told, sentences& undone) {
  for (const v1::Settlement& each : told.data())
    if (each.state() != v1::Settlement::SETTLED)
      undone.push_back("settlement left " + each.id() + " " +
                       v1::Settlement::State_Name(each.state()));
  check_files(told.data(), undone);
}

void check_batches(const v1::ListPayoutBatchesReply& told, sentences& undone) {
  for (const v1::PayoutBatch& each : told.data())
    if (each.state() != v1::PayoutBatch::SUBMITTED && each.state() != v1::PayoutBatch::DONE)
      undone.push_back("settlement left " + each.id() + " " +
                       v1::PayoutBatch::State_Name(each.state()));
  auto with_payouts = told.data(); // One without has none.
  const auto empty = std::ranges::remove_if(
      with_payouts, [](const v1::PayoutBatch& each) { return each.payouts().count() == 0; });
  with_payouts.erase(empty.begin(), empty.end());
  check_files(with_payouts, undone);
}

sentences left_undone(sim_cluster& on) {
  v1::Question windows;
  windows.mutable_settlement()->mutable_windows()->set_limit(sim_page_limit);
  v1::Question settlements;
  settlements.mutable_settlement()->mutable_settlements()->set_limit(sim_page_limit);
  v1::Question batches;
  batches.mutable_settlement()->mutable_batches()->set_limit(sim_page_limit);
  const auto all_windows = outcome_of(on, on.writer(), windows);
  const auto all_settlements = outcome_of(on, on.writer(), settlements);
  const auto all_batches = outcome_of(on, on.writer(), batches);
  if (!all_windows || !all_settlements || !all_batches)
    return {"settlement left nobody who tells of it"};
  sentences undone;
  check_windows(all_windows->settlement().windows(), undone);
  check_settlements(all_settlements->settlement().settlements(), undone);
  check_batches(all_batches->settlement().batches(), undone);
  return undone;
}

} // namespace

std::vector<std::string> unsettled(sim_cluster& on) {
  sentences undone = left_undone(on);
  for (const time_point end = on.now() + rest_limit; !undone.empty() && on.now() < end;
       undone = left_undone(on))
    on.run_for(look_at_rest_every);
  return undone;
}

} // namespace ducat::cli
