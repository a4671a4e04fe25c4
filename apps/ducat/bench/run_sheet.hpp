/// What one run of a bench has measured, beside its peers.
#pragma once

#include "bench/peer.hpp"
#include "bench/report.hpp"
#include "bench/verdict.hpp"

#include <nlohmann/json.hpp>

#include <ostream>
#include <thread>
#include <vector>

namespace ducat::bench {

/// Tells it as it comes, in tables; or with `json` all of it at the end, in one document.
template <class Case>
class run_sheet {
public:
  run_sheet(bool json, std::ostream& out) : json_{json}, out_{out} {}

  void begin(void (*print_titles)(std::ostream&)) {
    if (!json_)
      print_titles(out_);
  }

  void add(const Case& measured) {
    cases_.push_back(measured);
    if (!json_)
      print(out_, measured);
  }

  void add(const peer_result& measured) {
    if (!json_ && peers_.empty()) {
      out_ << '\n' << measured.server << '\n';
      print_peer_titles(out_);
    }
    peers_.push_back(measured);
    if (!json_)
      print(out_, measured);
  }

  /// Says which goals were reached. The document begins with `about`.
  void end(nlohmann::ordered_json about) const {
    const auto verdicts = judge(cases_, peers_);
    if (json_) {
      about["cores"] = std::thread::hardware_concurrency();
      about["cases"] = list_of(cases_);
      about["peers"] = list_of(peers_);
      about["goals"] = list_of(verdicts);
      out_ << about.dump(2) << '\n';
      return;
    }
    out_ << '\n';
    for (const verdict& each : verdicts)
      print(out_, each);
  }

private:
  template <class T>
  static nlohmann::ordered_json list_of(const std::vector<T>& all) {
    auto list = nlohmann::ordered_json::array();
    for (const T& each : all)
      list.push_back(to_json(each));
    return list;
  }

  bool json_;
  std::ostream& out_;
  std::vector<Case> cases_;
  std::vector<peer_result> peers_;
};

} // namespace ducat::bench
