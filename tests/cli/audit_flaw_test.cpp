/// Every way to spoil a copy of the audit, and which entry is named.
#include "audit/flaw.hpp"

#include <ducat/payment/audit_chain.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ducat::cli {
namespace {

using entries = std::vector<v1::AuditEntry>;

/// Returns the entries with their numbers and hashes, from the one at `from` on.
entries chained(entries all, std::size_t from = 0) {
  for (std::size_t i = from; i < all.size(); ++i) {
    all[i].set_number(i + 1);
    all[i].set_hash(payment::audit_hash(i == 0 ? "" : all[i - 1].hash(), all[i]));
  }
  return all;
}

entries good() {
  entries all;
  for (int i = 0; i < 9; ++i) {
    v1::AuditEntry& made = all.emplace_back();
    made.set_at_ns(1'000 + static_cast<std::uint64_t>(i));
    made.set_name("anna");
    made.set_action("crash");
    made.set_target("w" + std::to_string(i));
  }
  return chained(std::move(all));
}

audit_anchor anchor_of(const entries& all, std::size_t number) {
  return {.number = number, .hash = all[number - 1].hash()};
}

std::uint64_t flaw_in(const entries& all, std::vector<audit_anchor> anchors = {}) {
  const auto flaw = first_flaw(all, anchors);
  return flaw ? flaw->number : 0;
}

TEST(AuditFlaw, IsNoneOfWhatIsWhole) {
  const entries all = good();
  EXPECT_EQ(flaw_in(all), 0u);
  EXPECT_EQ(flaw_in(all, {anchor_of(all, 4), anchor_of(all, 9)}), 0u);
  EXPECT_EQ(flaw_in({}), 0u);
}

TEST(AuditFlaw, IsFoundWhereAnyFieldIsChanged) {
  const auto* const fields = v1::AuditEntry::descriptor();
  for (int i = 0; i < fields->field_count(); ++i)
    for (std::size_t at = 0; at < good().size(); ++at) {
      entries all = good();
      const auto* const field = fields->field(i);
      const auto* const change = all[at].GetReflection();
      if (field->type() == google::protobuf::FieldDescriptor::TYPE_STRING)
        change->SetString(&all[at], field, change->GetString(all[at], field) + "x");
      else
        change->SetUInt64(&all[at], field, change->GetUInt64(all[at], field) + 1);
      EXPECT_EQ(flaw_in(all), at + 1) << field->name();
    }
}

TEST(AuditFlaw, IsFoundWhereOneIsMissing) {
  for (std::size_t at = 0; at + 1 < good().size(); ++at) {
    entries all = good();
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
    EXPECT_EQ(flaw_in(all), at + 1);
  }
}

TEST(AuditFlaw, IsFoundWhereOneIsPutBetween) {
  for (std::size_t at = 0; at < good().size(); ++at) {
    entries all = good();
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), all[at]);
    EXPECT_EQ(flaw_in(all), at + 2) << "the first of the two is as it was";
  }
}

TEST(AuditFlaw, IsFoundWhereTwoAreExchanged) {
  for (std::size_t at = 0; at + 1 < good().size(); ++at) {
    entries all = good();
    std::swap(all[at], all[at + 1]);
    EXPECT_EQ(flaw_in(all), at + 1);
    all[at].set_number(at + 1);
    all[at + 1].set_number(at + 2);
    EXPECT_EQ(flaw_in(all), at + 1);
  }
}

TEST(AuditFlaw, OfATruncatedCopyShowsByAnAnchor) {
  const entries whole = good();
  entries all = whole;
  all.resize(6);
  EXPECT_EQ(flaw_in(all), 0u);
  EXPECT_EQ(flaw_in(all, {anchor_of(whole, 9)}), 7u);
  EXPECT_EQ(flaw_in(all, {anchor_of(whole, 6)}), 0u);
}

TEST(AuditFlaw, OfACopyThatIsWrittenAnewShowsByAnAnchorAndByAnotherCopy) {
  const entries whole = good();
  entries all = whole;
  all[3].set_name("berta");
  all = chained(std::move(all), 3);
  EXPECT_EQ(flaw_in(all), 0u);
  EXPECT_EQ(flaw_in(all, {anchor_of(whole, 3)}), 0u);
  EXPECT_EQ(flaw_in(all, {anchor_of(whole, 3), anchor_of(whole, 4), anchor_of(whole, 9)}), 4u);
  ASSERT_TRUE(first_difference(all, whole));
  EXPECT_EQ(first_difference(all, whole)->number, 4u);
  EXPECT_FALSE(first_difference(whole, whole));
}

TEST(AuditAnchor, IsANumberAndAHash) {
  const std::string hash(64, 'a');
  EXPECT_EQ(audit_anchor_in("7/" + hash)->number, 7u);
  EXPECT_EQ(audit_anchor_in("7/" + hash)->hash, hash);
  for (const std::string& other :
       {std::string{}, std::string{"7"}, "7/" + hash + "a", "7/" + hash.substr(1), "0/" + hash,
        "/" + hash, "-1/" + hash, "7/" + std::string(64, 'g'), "x7/" + hash,
        "99999999999999999999/" + hash})
    EXPECT_FALSE(audit_anchor_in(other)) << other;
}

} // namespace
} // namespace ducat::cli
