/// The document of the bench of settlement.

#include "bench/report.hpp"
#include "bench/settle/settle_report.hpp"

#include <nlohmann/json.hpp>

namespace ducat::bench {

namespace {

using nlohmann::ordered_json;

template <class T, class Convert>
ordered_json list(const std::vector<T>& all, Convert convert) {
  ordered_json out = ordered_json::array();
  for (const T& each : all)
    out.push_back(convert(each));
  return out;
}

ordered_json to_json(const memory_figures& memory) {
  return {{"resident_bytes", memory.resident}, {"peak_bytes", memory.peak}};
}

ordered_json to_json(const settled_window& each) {
  return {{"settlement", each.settlement.id()},
          {"captures", each.settlement.total().captures().count()},
          {"merchants", each.settlement.merchants()},
          {"steps", each.settlement.step()},
          {"settled_s", each.settled_s},
          {"filed_s", each.filed_s}};
}

ordered_json to_json(const paid_batch& each) {
  return {{"batch", each.batch.id()},          {"payouts", each.batch.payouts().count()},
          {"paid", each.batch.paid().count()}, {"files", each.batch.files_size()},
          {"submitted_s", each.submitted_s},   {"paid_s", each.paid_s}};
}

ordered_json to_json(const phase_figures& each, const phase_figures& alone) {
  return {{"during", each.during},
          {"payments", each.payments.count()},
          {"seconds", each.seconds},
          {"p50_us", each.payments.percentile_us(0.50)},
          {"p99_us", each.payments.percentile_us(0.99)},
          {"max_us", each.payments.percentile_us(1)},
          {"p99_of_alone", p99_ratio(each, alone)}};
}

ordered_json to_json(const proof_figures& proof) {
  return {{"members", proof.members},
          {"seconds", proof.seconds},
          {"pages", proof.pages.count()},
          {"page_p50_us", proof.pages.percentile_us(0.50)},
          {"page_p99_us", proof.pages.percentile_us(0.99)}};
}

ordered_json to_json(const settle_peer_result& each) {
  return {{"server", each.server},
          {"marks", each.marks},
          {"merchants_at_once", each.merchants_at_once},
          {"captures", each.captures},
          {"load_s", each.load_s},
          {"seconds", each.seconds}};
}

} // namespace

ordered_json document_of(const settle_figures& figures) {
  return {
      {"bench", "settle"},
      {"captures", figures.captures},
      {"merchants", figures.shape.merchants},
      {"payers", figures.shape.payers},
      {"seed", figures.shape.seed},
      {"fill_s", figures.fill_s},
      {"memory",
       {{"before_fill", to_json(figures.before_fill)},
        {"after_fill", to_json(figures.after_fill)},
        {"before_settling", to_json(figures.before_settling)},
        {"settling", to_json(figures.settling)},
        {"at_end", to_json(figures.at_end)}}},
      {"settled", list(figures.settled, [](const auto& each) { return to_json(each); })},
      {"paid", list(figures.paid, [](const auto& each) { return to_json(each); })},
      {"payments", list(figures.payments,
                        [&](const auto& each) { return to_json(each, figures.payments.front()); })},
      {"proof", to_json(figures.proof)},
      {"peers", list(figures.peers, [](const auto& each) { return to_json(each); })},
      {"goals", list(judge(figures), [](const auto& each) { return bench::to_json(each); })}};
}

} // namespace ducat::bench
