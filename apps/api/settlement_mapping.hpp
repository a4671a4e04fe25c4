/// What the machine answers to a command of settlement, as the API shows it: pure.
#pragma once

#include <ducat/log.hpp>
#include <ducat/v1/machine.pb.h>
#include <ducat/v1/settlement_api.pb.h>

namespace ducat::api {

/// Returns what was changed: of a list of one that one, but exceptions always as a list. `outcome`
/// holds no error.
v1::SettlementReply settlement_reply(v1::Outcome outcome, const receipt& where);

} // namespace ducat::api
