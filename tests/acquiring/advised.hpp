/// What an acquirer was told afterwards, and what it should have been told.
#pragma once

#include "acquiring/paying_node.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace ducat::acquiring::test {

/// Reference, kind and amount of what an acquirer was advised of, and how often that had an effect.
using advised = std::map<std::tuple<std::string, std::string, std::int64_t>, int>;

inline advised told_to(const acquirer_process& host) {
  advised all;
  for (const auto& each : host.control({"journal"}))
    if (each.at("effect").get<std::string>() == "advice") {
      const bool is_refund = each.at("processing_code").get<std::string>().starts_with("20");
      ++all[{each.at("rrn").get<std::string>(), is_refund ? "refund" : "capture",
             each.at("amount").get<std::int64_t>()}];
    }
  return all;
}

inline advised owed_by(const std::vector<v1::Payment>& payments) {
  advised all;
  for (const v1::Payment& payment : payments)
    for (const v1::Advice& each : payment.advices()) {
      EXPECT_EQ(each.state(), v1::Advice::ACKNOWLEDGED) << payment.id();
      ++all[{payment.attempts(static_cast<int>(each.attempt()) - 1).rrn(),
             each.kind() == v1::Advice::REFUND ? "refund" : "capture", each.amount()}];
    }
  return all;
}

} // namespace ducat::acquiring::test
