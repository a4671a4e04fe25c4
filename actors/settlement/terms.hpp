/// Terms as the log has them, and as they are computed with.
#pragma once

#include <ducat/ledger/types.hpp>
#include <ducat/settlement/fee.hpp>
#include <ducat/settlement/split.hpp>
#include <ducat/v1/settlement_journal.pb.h>

#include <string>
#include <string_view>
#include <vector>

namespace ducat::settlement {

struct account_table;

fee_rule fee_rule_of(const v1::FeeRule& message);
split_rule split_rule_of(const google::protobuf::RepeatedPtrField<v1::SplitShare>& message);

/// Returns whether it is a rule, or none.
bool is_fee_rule(const v1::FeeRule& message);
bool is_split_rule(const google::protobuf::RepeatedPtrField<v1::SplitShare>& message);

/// Returns the transfers, which are not marked with a window yet.
std::vector<ledger::transfer> transfers_of(const v1::PresentCaptures& command,
                                           const account_table& accounts);

/// Returns two lower-case hex digits a byte.
std::string hex_of(std::string_view bytes);

} // namespace ducat::settlement
